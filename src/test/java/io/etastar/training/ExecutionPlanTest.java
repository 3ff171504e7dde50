package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionPlanTest {
    private static final ClusterShape LOCAL = new ClusterShape(4, 1 << 30);
    private static final ClusterShape CLUSTER = new ClusterShape(8, 0);

    private static CostModel costs(String layers) {
        Model model = new ModelDescription("{\"model\": \"perceptron\", \"layers\": " + layers
                        + ", \"activation\": \"tanh\", \"loss\": \"nll\"}")
                .build();
        Partition partition = Partitions.parse("wb", model.layout());
        return CostModel.of(model, partition, Curvature.HESSIAN, 30);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 10", "16, 16", "150, 16", "640, 20", "1500, 46", "3199, 99", "3200, 100", "30000, 100"})
    void smallTablesGetThirtyTwoStepsOfAtLeastSixteenRows(int rows, int batch) {
        assertEquals(batch, Plans.automaticBatch(rows));
    }

    @Test
    void theBatchOfLargeTablesGrowsMoreSlowlyThanTheirRows() {
        assertEquals(283, Plans.automaticBatch(120_000));
        assertEquals(3162, Plans.automaticBatch(3_000_000));
        int last = 0;
        for (int rows = 1; rows < 2_000_000; rows = rows + 1 + rows / 50) {
            assertTrue(Plans.automaticBatch(rows) >= last, "never smaller for more rows: " + rows);
            last = Plans.automaticBatch(rows);
        }
    }

    @Test
    void smallStepsAreOneShardAndLargeOnesAreShared() {
        CostModel small = costs("[20, 64, 32, 2]");
        assertEquals(1, small.shards(100, LOCAL));
        assertEquals(1, small.shards(100, CLUSTER));
        CostModel large = costs("[784, 1024, 1024, 10]");
        assertEquals(4, large.shards(2000, LOCAL));
        assertEquals(1, large.shards(2000, new ClusterShape(1, 1 << 30)));
    }

    @Test
    void onAClusterAJobAStepMustBeWorthIts() {
        CostModel costs = costs("[784, 200, 100, 10]");
        assertTrue(costs.shards(500, LOCAL) > 1);
        assertEquals(1, costs.shards(500, CLUSTER), "a job costs more than such a step computes");
        assertEquals(8, new CostModel(1e9, 100, 1_000_000).shards(500, CLUSTER));
    }

    @Test
    void morePassesCostMore() {
        Model model = new ModelDescription(
                        "{\"model\": \"perceptron\", \"layers\": [20, 64, 2], \"activation\": \"tanh\", \"loss\": \"nll\"}")
                .build();
        Partition partition = Partitions.parse("wb", model.layout());
        double bare = CostModel.of(model, null, Curvature.HESSIAN, 1).nearStep(100, 1);
        double rare = CostModel.of(model, partition, Curvature.HESSIAN, 30).nearStep(100, 1);
        double each = CostModel.of(model, partition, Curvature.HESSIAN, 1).nearStep(100, 1);
        assertTrue(bare < rare && rare < each, bare + " " + rare + " " + each);
        double ggn = CostModel.of(model, partition, Curvature.GGN, 1).nearStep(100, 1);
        assertTrue(bare < ggn && ggn < each, bare + " " + ggn + " " + each);
    }

    @ParameterizedTest
    @CsvSource({
        "local, true, 1",
        "local[3], true, 3",
        "'local[4,2]', true, 4",
        "spark://h:7077, false, 6",
        "yarn, false, 6"
    })
    void theShapeIsWhatSettingsSay(String master, boolean oneJvm, int slots) {
        SparkConf conf = new SparkConf(false)
                .setMaster(master)
                .set("spark.executor.instances", "3")
                .set("spark.executor.cores", "2");
        long heap = oneJvm ? Runtime.getRuntime().maxMemory() : 0;
        assertEquals(new ClusterShape(slots, heap), ClusterShape.of(conf, () -> null));
        conf.set("spark.task.cpus", "2");
        assertEquals(new ClusterShape(Math.max(1, slots / 2), heap), ClusterShape.of(conf, () -> null));
    }

    @Test
    void coresOfAStandaloneApplication() {
        SparkConf conf = new SparkConf(false).setMaster("spark://h:7077").set("spark.cores.max", "12");
        assertEquals(new ClusterShape(12, 0), ClusterShape.of(conf, () -> null));
    }

    /** However many there are when the run is planned. */
    @Test
    void ofExecutorsThatComeAndGoTheMostCount() {
        SparkConf conf = new SparkConf(false)
                .setMaster("yarn")
                .set("spark.dynamicAllocation.enabled", "true")
                .set("spark.dynamicAllocation.maxExecutors", "5")
                .set("spark.executor.instances", "1")
                .set("spark.executor.cores", "2");
        assertEquals(new ClusterShape(10, 0), ClusterShape.of(conf, () -> null));
    }

    /** An executor alone is one JVM, if settings say that no other can come. */
    @ParameterizedTest
    @CsvSource({
        "yarn, 1, 4, 0, false, 4, 2048",
        "k8s://h, 1, 4, 0, false, 4, 2048",
        "yarn, 1, 4, 0, true, 4, 0",
        "yarn, 2, 4, 0, false, 8, 0",
        "spark://h:7077, 0, 4, 4, false, 4, 2048",
        "spark://h:7077, 0, 4, 7, false, 4, 2048",
        "spark://h:7077, 0, 4, 8, false, 8, 0",
        "spark://h:7077, 1, 4, 0, false, 4, 0",
        "spark://h:7077, 0, 0, 4, false, 4, 0",
        "'local-cluster[1,3,1024]', 0, 0, 0, false, 3, 2048",
        "'local-cluster[1, 4, 1024]', 0, 2, 9, false, 9, 0",
        "'local-cluster[2,3,1024]', 0, 0, 6, false, 6, 0"
    })
    void anOnlyExecutorIsOneJvm(
            String master, int instances, int cores, int most, boolean dynamic, int slots, long heapMib) {
        SparkConf conf = new SparkConf(false)
                .setMaster(master)
                .set("spark.executor.memory", "2g")
                .set("spark.dynamicAllocation.enabled", String.valueOf(dynamic));
        if (instances > 0) {
            conf.set("spark.executor.instances", String.valueOf(instances));
        }
        if (cores > 0) {
            conf.set("spark.executor.cores", String.valueOf(cores));
        }
        if (most > 0) {
            conf.set("spark.cores.max", String.valueOf(most));
        }
        assertEquals(new ClusterShape(slots, heapMib << 20), ClusterShape.of(conf, () -> null));
    }

    @Test
    void jobsEndWithEpochsIfSomethingIsDoneThen() {
        ExecutionPlan plan = ExecutionPlan.of(1, 1, 0, 100, 280, 28, false, 0, new CostModel(1e4, 20, 5000));
        assertEquals("plan: 1 shard, 28 steps a job, batch 100: 0.009 s an epoch expected when warm", plan.toString());
        assertFalse(plan.spansEpochs());
    }

    @Test
    void jobsAreLongerIfStatesAreLarger() {
        List<CostModel> growing = List.of(
                new CostModel(1e6, 20, 1000), new CostModel(1e6, 20, 1_000_000), new CostModel(1e6, 20, 50_000_000));
        double last = 0;
        for (CostModel costs : growing) {
            double seconds =
                    ExecutionPlan.of(1, 1, 0, 100, 1000, 100, true, 0, costs).seconds();
            assertTrue(seconds >= last);
            last = seconds;
        }
        assertTrue(last > 100, "a state of 1.6 GB travels for more than a second");
    }

    @Test
    void jobsAreLongerIfAParameterHasManyNumbersOfState() {
        CostModel costs = new CostModel(1e6, 20, 100_000);
        double adam =
                ExecutionPlan.of(1, 1, 0, 100, 1000, 100, true, 200_000, costs).seconds();
        double lodo = ExecutionPlan.of(1, 1, 0, 100, 1000, 100, true, 38_000_000, costs)
                .seconds();
        assertTrue(lodo > 10 * adam, "a state of 300 MB travels for more than a tenth of a second");
    }

    /** LODO's state is some 400 numbers for each parameter. */
    @Test
    void whatThereIsNoRoomForOnTheWayStaysOnTheDriver() {
        long heap = Math.min(1L << 30, Runtime.getRuntime().maxMemory());
        ClusterShape local = new ClusterShape(1, heap);
        assertTrue(ExecutionPlan.travels(4_000_000, local));
        assertFalse(ExecutionPlan.travels(70_000_000, local));
        assertFalse(ExecutionPlan.travels(Runtime.getRuntime().maxMemory() / Double.BYTES, new ClusterShape(4, 0)));
    }

    @Test
    void theLineSaysWhatIsExpected() {
        CostModel costs = new CostModel(1e4, 20, 5000);
        assertEquals(
                "plan: 1 shard, 280 steps a job, batch 100: 0.004 s an epoch expected when warm",
                ExecutionPlan.of(1, 1, 0, 100, 280, 28, true, 0, costs).toString());
        assertEquals(
                "plan: 4 shards, a step a job, batch 100: 0.18 s an epoch expected when warm",
                ExecutionPlan.of(4, 0, 0, 100, 280, 28, true, 0, costs).toString());
        assertEquals(
                "plan: 4 shards, 10 steps a job, batch 100: 0.020 s an epoch expected when warm",
                ExecutionPlan.of(4, 0, 10, 100, 280, 28, true, 0, costs).toString());
    }
}

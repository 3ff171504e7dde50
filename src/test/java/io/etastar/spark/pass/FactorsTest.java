package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.StratifiedSampler;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.engine.EnginePool;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.taylor.FactorProgram;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kronecker factors over shards against one program over all rows; runs of K-FAC over shards. */
class FactorsTest {
    private static final int ROWS = 23;
    private static final ModelDescription RECIPE = new ModelDescription("{\"model\": \"lenet\","
            + " \"layers\": [1, 2, 3, 6, 5, 4], \"image_size\": 14, \"kernel\": 3, \"activation\": \"tanh\","
            + " \"loss\": \"nll\"}");
    private static final Model MODEL = RECIPE.build(DType.DOUBLE);
    private static final double[] THETA = RECIPE.initialParameters(5);
    private static final int PIXELS = 14 * 14;
    private static final double[] X =
            new Random(3).doubles(PIXELS * ROWS, -1, 1).toArray();
    private static final double[] Y =
            new Random(4).ints(ROWS, 0, 4).asDoubleStream().toArray();

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static ShardedData data(int partitions) {
        ArrayDataSource source =
                new ArrayDataSource("rows", RawArray.of(X), new int[] {PIXELS}, RawArray.of(Y), new int[] {1}, 4);
        return new ShardedData(session.context(), Rows.of(source), null, partitions);
    }

    private static SparkObjective objective(ShardedData data, int batch, long seed) {
        ProgramFactory engines = new ProgramFactory(RECIPE, DType.DOUBLE, 0, ROWS, ROWS);
        DistributedPass passes = new DistributedPass(session.context(), engines, DType.DOUBLE, Aggregation.DEFAULT);
        StratifiedSampler rows = new StratifiedSampler(data.rowsPerPartition(), batch, 7, 0);
        return new SparkObjective(
                passes, data, MODEL.layout(), new BatchRows(data.rowsPerPartition(), rows, rows, null, seed));
    }

    private static void close(double[] expected, double... found) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, found, 1e-11 * largest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40})
    void shardsGiveWhatOneProgramGives(int partitions) {
        Shard all = new Shard(ROWS, RawArray.of(X), RawArray.of(Y));
        try (ShardedData data = data(partitions);
                FactorProgram one = FactorProgram.compile(MODEL, DType.DOUBLE, 5, 0, false)) {
            one.setParameters(RawArray.of(THETA));
            KroneckerFactors expected =
                    one.factors(all, IntStream.range(0, ROWS).toArray());
            DistributedPass passes = new DistributedPass(
                    session.context(),
                    new ProgramFactory(RECIPE, DType.DOUBLE, 0, ROWS, ROWS),
                    DType.DOUBLE,
                    Aggregation.DEFAULT);
            KroneckerFactors found = passes.evaluate(new Quantity.Factors(false), data, Point.at(THETA));
            assertEquals(ROWS, found.samples());
            assertEquals(expected.layers(), found.layers());
            for (int i = 0; i < 5; i++) {
                close(expected.meanA(i), found.meanA(i));
                close(expected.meanS(i), found.meanS(i));
            }
        }
    }

    /** Of all rows, whatever the step. */
    private static double[] sampled(long seed, long step) {
        EnginePool.clear();
        try (ShardedData data = data(2);
                SparkObjective objective = objective(data, ROWS, seed)) {
            return objective
                    .evaluate(new Quantity.Factors(true), new Batch.Step(step), Point.at(THETA))
                    .s(2)
                    .toDoubles();
        }
    }

    private static void assertFar(double[] first, double... other) {
        double farthest = 0;
        for (int k = 0; k < first.length; k++) {
            farthest = Math.max(farthest, Math.abs(first[k] - other[k]));
        }
        assertTrue(farthest > 1e-3 * Arrays.stream(first).max().orElseThrow());
    }

    @Test
    void drawnLabelsAreAFunctionOfSeedAndStep() {
        double[] first = sampled(11, 1);
        assertArrayEquals(first, sampled(11, 1), 0);
        assertFar(first, sampled(12, 1));
        assertFar(first, sampled(11, 3));
    }

    private static double[] trained(int steps) {
        EnginePool.clear();
        OptimizerSpec settings = TestSettings.fixed("k-fac", TestSettings.sgd(0.9, 0, 0), 0.1);
        try (ShardedData data = data(2);
                SparkObjective objective = objective(data, 12, 1)) {
            Optimizer optimizer = Optimizers.create(settings, Partitions.parse("canonical", MODEL.layout()));
            double[] theta = THETA.clone();
            for (int step = 0; step < steps; step++) {
                optimizer.step(objective, theta, step);
            }
            return theta;
        }
    }

    @Test
    void aRunIsTheSameBitForBitOnRepeats() {
        double[] first = trained(12);
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(first, trained(12), 0);
        }
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs whose shards make steps of their own, and runs whose gradient and summary are one job. */
class PeriodTrainTest {
    @TempDir
    Path directory;

    private String[] arguments(String output, String settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                JobRun.digits(directory), "--output", directory.resolve(output).toString()));
        for (String setting : settings.split(" ")) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return arguments.toArray(new String[0]);
    }

    private byte[] model(String output) throws IOException {
        return Files.readAllBytes(directory.resolve(output + "/model/parameters.bin"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizer.name=sgd optimizer.lr=0.1 optimizer.base.momentum=0.9",
                "optimizer.name=adam optimizer.lr=0.003 optimizer.decay=linear",
                "optimizer.name=lars optimizer.lr=0.1 optimizer.base.trust=0.1",
            })
    void oneShardMakesTheStepsOfSyncStep(String optimizer) throws IOException {
        String one = optimizer + " data.partitions=1";
        JobRun.good(Train::run, arguments("step", one));
        JobRun.good(Train::run, arguments("period", one + " training.sync=period training.sync_period=7"));
        assertArrayEquals(model("step"), model("period"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "optimizer.name=newton-summary",
                "optimizer.name=newton-summary summary.rows=batch training.batch=50",
                "optimizer.preset=published training.sync_period=3 optimizer.average.kind=uniform"
                        + " optimizer.average.warmup=1",
                "optimizer.preset=published optimizer.base.name=sgd optimizer.normalise=true",
                "optimizer.preset=published optimizer.curvature=ggn",
                "optimizer.preset=solved optimizer.curvature=ggn",
                "optimizer.name=adam optimizer.lr=0.003 data.partitions=5",
                "optimizer.name=newton-summary training.final_aggregation=executor data.partitions=5",
                "optimizer.preset=solved partition=canonical",
                "optimizer.confirm=false",
                "optimizer.name=adam optimizer.lr=0.003 optimizer.model_average.kind=moving",
            })
    void learns(String settings) throws IOException {
        JobRun run = JobRun.good(Train::run, arguments("run", settings + " training.sync=period"));
        assertTrue(run.figure("train_loss") < 2.1, settings + ": " + run.out());
        long steps = Files.readAllLines(directory.resolve("run/metrics.jsonl")).stream()
                .filter(line -> line.contains("\"kind\":\"step\""))
                .count();
        assertEquals(run.figure("steps"), steps);
    }

    /** The mean loss of the averaged parameters of three seeds: that of one, on 297 rows, varies by a factor of four. */
    @Test
    void solvedLengthsReachAboutTheLossOfStepsOfAllShards() throws IOException {
        double all = 0;
        double alone = 0;
        for (int seed = 1; seed <= 3; seed++) {
            String settings = "optimizer.preset=solved partition=canonical data.partitions=3 seed=" + seed
                    + " training.epochs=3 training.sync=";
            all += testLoss("step" + seed, settings + "step");
            alone += testLoss("period" + seed, settings + "period");
            testLoss("again" + seed, settings + "period");
            assertArrayEquals(model("period" + seed), model("again" + seed));
        }
        assertTrue(alone < 1.3 * all, alone / 3 + " alone, " + all / 3 + " together");
    }

    private double testLoss(String output, String settings) throws IOException {
        return JobRun.good(Train::run, arguments(output, settings)).figure("test_loss");
    }

    @ParameterizedTest
    @ValueSource(strings = {"published", "solved"})
    void goesOnWhereItStopped(String preset) throws IOException {
        String settings = "optimizer.preset=" + preset + " training.sync=period training.checkpoint_steps=4";
        JobRun.good(Train::run, arguments("whole", settings));
        JobRun.good(Train::run, arguments("cut", settings));
        for (String lost : new String[] {"step-00000045.ckpt", "model/parameters.bin"}) {
            Path checkpoint = directory.resolve("cut/checkpoints/" + lost);
            Files.deleteIfExists(lost.startsWith("model") ? directory.resolve("cut/" + lost) : checkpoint);
        }
        List<String> again = new ArrayList<>(List.of(arguments("cut", settings)));
        again.add("--resume");
        JobRun.good(Train::run, again.toArray(new String[0]));
        assertArrayEquals(model("whole"), model("cut"));
    }

    @Test
    void gradientAndSummaryAreOneJobWithThePreviousDirection() throws IOException {
        JobRun run = JobRun.good(
                Train::run,
                arguments(
                        "previous",
                        "optimizer.preset=published optimizer.summary_direction=previous summary.rows=batch optimizer.mom_lrs=0"
                                + " training.sync=step"));
        assertTrue(run.figure("train_loss") < 2.1, run.out());
        List<String> steps = Files.readAllLines(directory.resolve("previous/metrics.jsonl")).stream()
                .filter(line -> line.contains("\"kind\":\"step\""))
                .toList();
        // A pass of its own at the first step, which has no step before it; then with the gradient.
        assertTrue(!steps.get(0).contains("\"summary_bytes\":0"), steps.get(0));
        assertTrue(steps.get(5).contains("\"summary_bytes\":0"), steps.get(5));
        assertEquals(
                9,
                Files.readAllLines(directory.resolve("previous/summaries.jsonl"))
                        .size());
    }

    @Test
    void bytesOfASummaryDoNotGrowWithTheNumberOfParameters() throws IOException {
        List<Long> bytes = new ArrayList<>();
        for (int width : new int[] {8, 64}) {
            JobRun.good(
                    Train::run,
                    arguments(
                            "width-" + width,
                            "training.sync=step training.epochs=1 model.layers=[64," + width + ",10]"));
            String step = Files.readAllLines(directory.resolve("width-" + width + "/metrics.jsonl"))
                    .get(0);
            bytes.add(Long.parseLong(step.replaceFirst(".*\"summary_bytes\":(\\d+).*", "$1")));
        }
        assertTrue(bytes.get(0) > 0);
        assertEquals(bytes.get(0), bytes.get(1));
    }

    @Test
    void optimizersWhoseStepsNeedAllShardsAreRefused() throws IOException {
        assertEquals(
                "training.sync: found period, expected step with optimizer.name = lodo, whose steps need all shards",
                JobRun.error(Train::run, arguments("lodo", "training.sync=period optimizer.name=lodo")));
        assertEquals(
                "training.sync: found period, expected step with optimizer.name = newton-summary over base.name ="
                        + " k-fac, whose steps need all shards",
                JobRun.error(Train::run, arguments("k-fac", "training.sync=period optimizer.base.name=k-fac")));
    }
}

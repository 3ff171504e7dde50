package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.settings.Configuration;
import io.etastar.source.JobData;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.rows.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many steps in one Spark job against one job a step, with every optimizer: the same bytes. */
class NearDataTest {
    private static final List<String> OPTIMIZERS = List.of(
            "name = newton-summary, period = 3",
            "name = newton-summary, period = 2, base.name = k-fac",
            "name = newton-summary, preset = published, period = 2, summary_direction = previous",
            "name = newton-summary, preset = solved, period = 5",
            "name = newton-stochastic-hv, lr = 0.1",
            "name = gen, gen.kind = exact",
            "name = gen, lr = 0.01, gen.kind = approximate",
            "name = adam, lr = 0.001",
            "name = nadamw, lr = 0.001",
            "name = schedule-free-adamw",
            "name = prodigy",
            "name = d-adapted-adam",
            "name = adam, lr = 0.001, model_average.kind = moving",
            "name = muon",
            "name = lars, lr = 0.1",
            "name = k-fac, lr = 0.01",
            "name = lodo",
            "name = o-lbfgs, lr = 0.1",
            "name = l-bfgs");

    private static SparkTestSession session;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static TrainingPlan plan(String optimizer, int shards, String sync) throws IOException {
        boolean whole = optimizer.contains("= l-bfgs");
        String job = """
            model { model = perceptron, layers = [64, 12, 10], activation = tanh, loss = nll, dropout = %s }
            data { source = digits, partitions = %d }
            training { epochs = 2, batch = %s, sync = %s, checkpoint_steps = 7, max_steps = 22 }
            optimizer { %s }
            """;
        String text =
                String.format(Locale.ROOT, job, whole ? "0" : "0.1", shards, whole ? "all" : "100", sync, optimizer);
        Path file = Files.writeString(directory.resolve("job.conf"), text);
        return plan(Configuration.load(file.toString(), List.of()));
    }

    private static TrainingPlan plan(Configuration job) {
        JobData.Sets rows = new JobData(() -> null).of(job);
        return Plans.of(job, rows.train(), rows.test(), rows::measure);
    }

    private static TrainingResult run(TrainingPlan plan, RunStore store, RunListener listener) {
        return new TrainingRun(session.context(), plan, store, listener).run();
    }

    private static Map<String, double[]> state(KeptRun run) {
        return new TreeMap<>(run.last().optimizerState());
    }

    @ParameterizedTest
    @CsvSource({"1", "3"})
    void allOptimizersHaveTheBytesOfOneJobAStep(int shards) throws IOException {
        for (String optimizer : OPTIMIZERS) {
            KeptRun steps = new KeptRun();
            Recorder one = new Recorder(0);
            TrainingResult expected = run(plan(optimizer, shards, "step"), steps, one);
            KeptRun near = new KeptRun();
            Recorder many = new Recorder(0);
            TrainingResult found = run(plan(optimizer, shards, "auto"), near, many);
            String which = optimizer + " on " + shards + " shards";
            assertArrayEquals(
                    expected.kept().model().theta().toDoubles(),
                    found.kept().model().theta().toDoubles(),
                    which);
            assertEquals(expected.testLoss(), found.testLoss(), which);
            assertEquals(one.checkpoints, many.checkpoints, which);
            assertEquals(one.summaries, many.summaries, which);
            for (int i = 0; i < one.steps.size(); i++) {
                assertEquals(one.steps.get(i).loss(), many.steps.get(i).loss(), which);
            }
            assertEquals(state(steps).keySet(), state(near).keySet(), which);
            state(steps)
                    .forEach((name, values) ->
                            assertArrayEquals(values, state(near).get(name), which + ", " + name));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "2, 11"})
    void killedAmongTheStepsOfAJobItGoesOnToTheSameBytes(int shards, int killedAt) throws IOException {
        for (String optimizer : OPTIMIZERS) {
            KeptRun whole = new KeptRun();
            run(plan(optimizer, shards, "auto"), whole, new Recorder(0));
            KeptRun killed = new KeptRun();
            if (whole.last().step() < killedAt) {
                continue;
            }
            TrainingPlan plan = plan(optimizer, shards, "auto");
            assertThrows(Recorder.Killed.class, () -> run(plan, killed, new Recorder(killedAt)));
            run(plan(optimizer, shards, shards == 2 ? "step" : "auto"), killed, new Recorder(0));
            assertArrayEquals(whole.last().theta(), killed.last().theta(), optimizer);
        }
    }

    @Test
    void aJobHasManySteps() throws Exception {
        int[] jobs = new int[1];
        SparkListener counting = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                if (String.valueOf(job.properties().get("spark.job.description"))
                        .startsWith("steps ")) {
                    jobs[0]++;
                }
            }
        };
        session.context().sc().addSparkListener(counting);
        try {
            run(plan(OPTIMIZERS.get(0), 2, "auto"), new KeptRun(), new Recorder(0));
            session.context().sc().listenerBus().waitUntilEmpty();
        } finally {
            session.context().sc().removeSparkListener(counting);
        }
        // Checkpoints after 7, 14, 15 (an epoch), 21 and 22 steps.
        assertEquals(5, jobs[0]);
    }

    @Test
    void aJobHasManyEpochsIfNothingIsDoneBetweenThem() throws IOException {
        for (String optimizer : List.of("preset = published, plateau.of = damping", "name = adam, lr = 0.001")) {
            TrainingPlan plan = plan(optimizer, 2, "auto");
            TrainingPlan.Data data = plan.data();
            TrainingPlan untested = new TrainingPlan(
                    plan.model(),
                    new TrainingPlan.Data(data.train(), null, data.standardisation(), 2),
                    plan.method(),
                    plan.batches(),
                    Stopping.after(5, 40),
                    new TrainingPlan.Checkpoints(0, 0, 1),
                    plan.numerics());
            KeptRun kept = new KeptRun();
            Recorder between = new Recorder(0);
            run(untested, kept, between);
            Recorder together = new Recorder(0);
            TrainingResult result = run(untested, RunStore.memory(), together);
            assertArrayEquals(
                    kept.model.theta().toDoubles(),
                    result.kept().model().theta().toDoubles());
            assertEquals(between.epochs.size(), together.epochs.size());
            for (int i = 0; i < between.epochs.size(); i++) {
                assertEquals(
                        between.epochs.get(i).trainLoss(),
                        together.epochs.get(i).trainLoss());
            }
            assertEquals(4, between.checkpoints.size(), "the start, two epochs and the end");
            assertEquals(2, together.checkpoints.size(), "the start and the end");
        }
    }

    /** As by the link in the Spark UI, which interrupts no thread. */
    @ParameterizedTest
    @CsvSource({"1", "2"})
    void aCancelledJobEndsTheRun(int shards) throws Exception {
        TrainingPlan plan = plan("name = adam, lr = 0.001", shards, "auto").with(Stopping.after(100000, 0));
        KeptRun run = new KeptRun();
        AtomicBoolean over = new AtomicBoolean();
        // Again and again: a cancellation that comes between two jobs cancels nothing.
        Thread cancelling = new Thread(() -> {
            while (!over.get()) {
                session.context().cancelAllJobs();
                LockSupport.parkNanos(1_000_000);
            }
        });
        RunListener cancels = new Recorder(0) {
            @Override
            public void step(StepMetrics metrics) {
                if (metrics.step() == 30) {
                    cancelling.start();
                }
            }
        };
        Throwable ended = assertThrows(SparkException.class, () -> run(plan, run, cancels));
        over.set(true);
        cancelling.join();
        assertTrue(ended.getMessage().contains("cancel"), ended.getMessage());
        assertFalse(run.checkpoints.isEmpty());
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (session.context().sc().statusTracker().getExecutorInfos()[0].numRunningTasks() > 0) {
            assertTrue(System.nanoTime() < deadline, "tasks of a cancelled job go on");
            Thread.sleep(20);
        }
        assertEquals(
                22,
                run(plan("name = adam, lr = 0.001", shards, "auto"), new KeptRun(), new Recorder(0))
                        .steps());
    }

    /** Few rows, some of them kept for summaries: the automatic batches fit into what is left. */
    @ParameterizedTest
    @CsvSource({"apart, 20", "apart, 60", "drawn, 5", "batch, 1"})
    void automaticBatchesFitIntoFewRows(String summaryRows, int count) throws IOException {
        Path file = Files.writeString(
                directory.resolve("few.conf"),
                "model.layers = [64, 10]\nsummary.rows = " + summaryRows + "\ntraining.epochs = 1\n");
        Configuration job = Configuration.load(file.toString(), List.of());
        Rows rows = new JobData(() -> null).of(job).train().first(count);
        Configuration decided = Plans.decided(job, rows, () -> new ClusterShape(2, 1 << 30));
        TrainingPlan plan = Plans.of(decided, rows, null, rows::measure);
        assertEquals(summaryRows, decided.summary().rows());
        assertTrue(run(plan, RunStore.memory(), new Recorder(0)).steps() > 0);
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.ClusterEvents;
import io.etastar.spark.EngineFault;
import io.etastar.spark.EngineFault.Kind;
import io.etastar.spark.ForwardingEngine;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.StandaloneCluster;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.tensor.RawArray;
import io.etastar.testing.Faults;
import io.etastar.training.FaultyTraining;
import io.etastar.training.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a cluster has one executor, its tasks make many steps together, with the bytes of one job a step on local[2]. */
@Tag("cluster")
class OneExecutorTest {
    private static final int SHARDS = 2;
    private static final String ALONE = "2";

    @TempDir
    static Path directory;

    private static Path undisturbed;
    private static StandaloneCluster cluster;
    private static Path appJar;

    @BeforeAll
    static void start() throws IOException {
        undisturbed = directory.resolve("undisturbed");
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            TrainingPlan plan = FaultRuns.plan(directory, "step", SHARDS);
            FaultRuns.train(session, plan, undisturbed, EngineFault.none(), step -> {});
        }
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        appJar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        cluster = StandaloneCluster.start(1, 2, "2400m", jar -> true, Map.of());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Two cores, in executors of so many. */
    private static SparkTestSession open(String coresOfExecutor) {
        return SparkTestSession.open(
                cluster.master(),
                FaultRuns.cluster(appJar, Map.of("spark.executor.cores", coresOfExecutor, "spark.cores.max", "2")));
    }

    private static TrainingPlan plan() throws IOException {
        return FaultRuns.plan(directory, FaultRuns.NEAR_DATA, SHARDS);
    }

    @Test
    void twoTasksShareTheSumsOfEachStep() throws IOException {
        Path output = directory.resolve("shared");
        Path met = directory.resolve("met");
        try (SparkTestSession session = open(ALONE)) {
            ClusterEvents events = new ClusterEvents();
            session.context().sc().addSparkListener(events);
            FaultyTraining.run(
                    session.context(),
                    plan(),
                    (FaultRuns.AfterStep) step -> {},
                    output.toString(),
                    engines -> new Meeting(engines, met.toString()));
            ClusterEvents.await("jobs of several steps", () -> events.jobsOfSteps() > 0);
            assertTrue(events.jobsOfSteps() < FaultRuns.STEPS, "a job a step");
        }
        FaultRuns.assertSameBytes(undisturbed, output);
        assertTrue(Files.exists(met), "no two tasks of one JVM computed at a time");
    }

    @Test
    void aStoppedRunGoesOn() throws IOException {
        Path output = directory.resolve("stopped");
        try (SparkTestSession session = open(ALONE)) {
            TrainingPlan plan = plan();
            assertThrows(
                    IllegalStateException.class,
                    () -> FaultRuns.train(session, plan, output, EngineFault.none(), step -> {
                        if (step == 11) {
                            throw new IllegalStateException("stopped");
                        }
                    }));
            FaultRuns.train(session, plan, output, EngineFault.none(), step -> {});
        }
        FaultRuns.assertSameBytes(undisturbed, output);
    }

    @Test
    void theExecutorMayBeKilledAndTasksMayThrow() throws IOException {
        try (SparkTestSession session = open(ALONE)) {
            ClusterEvents events = new ClusterEvents();
            session.context().sc().addSparkListener(events);
            for (EngineFault fault : List.of(
                    new EngineFault(Kind.KILL, "gradient", 19, 1, markers("kill")),
                    new EngineFault(Kind.THROW, "summary", 2, 1, markers("throw")))) {
                int failed = events.failedTasks();
                Path output = directory.resolve("struck-" + fault.kind());
                FaultRuns.train(session, plan(), output, fault, step -> {});
                FaultRuns.struck(Path.of(fault.markers()), 1);
                ClusterEvents.await("failed tasks", () -> events.failedTasks() > failed);
                FaultRuns.assertSameBytes(undisturbed, output);
                Faults.injectedAndSurvived("one executor, " + fault.kind() + " in a " + fault.call() + " call");
            }
        }
    }

    private static String markers(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name)).toString();
    }

    /** Two executors of one core, though the settings say that there is one of two. */
    @Test
    void aTaskInAnotherExecutorHasNothingToHelpWith() throws IOException {
        Path output = directory.resolve("apart");
        Path met = directory.resolve("met-apart");
        try (SparkTestSession session = open("1")) {
            FaultRuns.awaitExecutors(session, 2);
            ClusterEvents events = new ClusterEvents();
            session.context().sc().addSparkListener(events);
            JavaSparkContext wrong = new JavaSparkContext(session.context().sc()) {
                @Override
                public SparkConf getConf() {
                    return super.getConf().set("spark.executor.cores", ALONE);
                }
            };
            FaultyTraining.run(
                    wrong,
                    plan(),
                    (FaultRuns.AfterStep) step -> {},
                    output.toString(),
                    engines -> new Meeting(engines, met.toString()));
            ClusterEvents.await("jobs of several steps", () -> events.jobsOfSteps() > 0);
        }
        FaultRuns.assertSameBytes(undisturbed, output);
        assertFalse(Files.exists(met), "tasks met in one JVM");
    }

    /**
     * Engines whose first gradient in a JVM waits, for some seconds at most, for one on another thread.
     *
     * @param inner what they hand their calls to
     * @param met file that is made when two gradients were computed at a time
     */
    private record Meeting(EngineFactory inner, String met) implements EngineFactory {
        private static final long serialVersionUID = 1L;
        private static final AtomicInteger BUSY = new AtomicInteger();
        private static final AtomicBoolean WAITED = new AtomicBoolean();
        private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(4);

        @Override
        public Engine create(Partition partition) {
            return new ForwardingEngine(inner.create(partition)) {
                @Override
                public <T extends Sum<T>> T evaluate(
                        Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
                    boolean gradient = quantity instanceof Quantity.Gradient;
                    try {
                        if (gradient) {
                            meet(BUSY.incrementAndGet());
                        }
                        return super.evaluate(quantity, shard, rows, point);
                    } finally {
                        if (gradient) {
                            BUSY.decrementAndGet();
                        }
                    }
                }
            };
        }

        private void meet(int busy) {
            if (busy > 1) {
                try {
                    Files.writeString(Path.of(met), "");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            } else if (!WAITED.getAndSet(true)) {
                long start = System.nanoTime();
                while (Files.notExists(Path.of(met)) && System.nanoTime() - start < WAIT_NANOS) {
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public String key(Partition partition) {
            return inner.key(partition) + " " + met;
        }

        @Override
        public void prepareThread(int cores) {
            inner.prepareThread(cores);
        }
    }
}

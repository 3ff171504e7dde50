package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.partition.Partition;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.ClusterEvents;
import io.etastar.spark.EngineFault;
import io.etastar.spark.ForwardingEngine;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.StandaloneCluster;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.tensor.RawArray;
import io.etastar.testing.Faults;
import io.etastar.training.FaultyTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Executors come and go as Spark's dynamic allocation and the machines have it: the bytes of the undisturbed run on local[2]. */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DynamicAllocationTest {
    /** Values of training.sync: rows in several tasks and in one. */
    static final Object MODES = List.of("step", FaultRuns.NEAR_DATA);

    /** Those whose rows are in several tasks. */
    static final Object SPREAD = List.of("step", "period");

    private static final String MEMORY = "1200m";
    private static final int MOST = 3;
    private static final Map<String, String> DECOMMISSION = Map.of(
            "spark.decommission.enabled", "true",
            "spark.storage.decommission.enabled", "true",
            "spark.storage.decommission.rddBlocks.enabled", "true",
            "spark.storage.decommission.shuffleBlocks.enabled", "true");
    private static final Map<String, String> DYNAMIC = Map.of(
            "spark.dynamicAllocation.enabled", "true",
            "spark.dynamicAllocation.shuffleTracking.enabled", "true",
            "spark.dynamicAllocation.shuffleTracking.timeout", "1s",
            "spark.dynamicAllocation.minExecutors", "1",
            "spark.dynamicAllocation.maxExecutors", String.valueOf(MOST),
            "spark.dynamicAllocation.schedulerBacklogTimeout", "1s",
            "spark.dynamicAllocation.executorIdleTimeout", "1s",
            "spark.dynamicAllocation.cachedExecutorIdleTimeout", "1s");

    @TempDir
    static Path directory;

    private static final Map<String, Path> UNDISTURBED = new HashMap<>();
    private static StandaloneCluster cluster;
    private static Path appJar;

    @BeforeAll
    static void start() throws IOException {
        for (String mode : FaultRuns.MODES) {
            UNDISTURBED.put(mode, FaultRuns.undisturbed(directory, mode));
        }
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        appJar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        cluster = StandaloneCluster.start(MOST, 1, MEMORY, jar -> true, DECOMMISSION);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static SparkTestSession open(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(DECOMMISSION);
        settings.putAll(more);
        return SparkTestSession.open(cluster.master(), FaultRuns.cluster(appJar, settings));
    }

    private static ClusterEvents events(SparkTestSession session) {
        ClusterEvents events = new ClusterEvents();
        session.context().sc().addSparkListener(events);
        return events;
    }

    /** From one executor to three where tasks wait, back to one where nothing is to be done, and to three again. */
    @ParameterizedTest
    @FieldSource("SPREAD")
    @Order(1)
    void executorsComeAndGo(String mode) throws IOException {
        Path output = directory.resolve("dynamic-" + mode);
        Path busy = directory.resolve("busy-" + mode);
        try (SparkTestSession session = open(DYNAMIC)) {
            ClusterEvents events = events(session);
            FaultRuns.awaitExecutors(session, 1);
            Load load = new Load(session, busy);
            FaultyTraining.run(
                    session.context(),
                    FaultRuns.plan(directory, mode),
                    load,
                    output.toString(),
                    engines -> new Busy(engines, busy.toString()));
            load.end();
            ClusterEvents.await("executors decommissioned", () -> events.decommissioned() >= MOST - 1);
        }
        FaultRuns.assertSameBytes(UNDISTURBED.get(mode), output);
        Faults.injectedAndSurvived("executors decommissioned for want of work, sync = " + mode);
        Faults.injectedAndSurvived("executors joining for a backlog, sync = " + mode);
    }

    /** A spot machine that is taken away says so before. */
    @ParameterizedTest
    @FieldSource("MODES")
    @Order(2)
    void aWorkerMayBeDecommissioned(String mode) throws IOException {
        Path output = directory.resolve("decommissioned-" + mode);
        try (SparkTestSession session = open(Map.of())) {
            ClusterEvents events = events(session);
            FaultRuns.awaitExecutors(session, MOST);
            int before = events.added();
            FaultRuns.AfterStep after = step -> {
                if (step == 8) {
                    decommission(events);
                } else if (step == 16) {
                    addWorker();
                    ClusterEvents.await("an executor of the new worker", () -> events.added() > before);
                }
            };
            FaultRuns.train(session, FaultRuns.plan(directory, mode), output, EngineFault.none(), after);
        }
        FaultRuns.assertSameBytes(UNDISTURBED.get(mode), output);
        Faults.injectedAndSurvived("a worker decommissioned, sync = " + mode);
    }

    private static void decommission(ClusterEvents events) {
        int before = events.decommissioned();
        try {
            cluster.decommissionWorker();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ClusterEvents.await("the worker's executor decommissioned", () -> events.decommissioned() > before);
    }

    private static void addWorker() {
        try {
            cluster.addWorker(1, MEMORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has tasks wait until all executors are there, then waits until all but one have gone, and once more. */
    private static final class Load implements FaultRuns.AfterStep {
        private static final int FIRST_STEP = 3;

        private final SparkTestSession session;
        private final Path busy;
        private final List<CompletableFuture<Void>> watchers = new ArrayList<>();
        private int grown;

        Load(SparkTestSession session, Path busy) {
            this.session = session;
            this.busy = busy;
        }

        private boolean hasExecutors(int count) {
            // The driver counts among them.
            return session.context().sc().getExecutorMemoryStatus().size() == count + 1;
        }

        @Override
        public void after(long step) {
            if (step < FIRST_STEP || grown == 2 || Files.exists(busy)) {
                return;
            }
            ClusterEvents.await("idle executors gone", () -> hasExecutors(1));
            mark();
            grown++;
            watchers.add(CompletableFuture.runAsync(() -> {
                try {
                    ClusterEvents.await("executors for waiting tasks", () -> hasExecutors(MOST));
                } finally {
                    busy.toFile().delete();
                }
            }));
        }

        private void mark() {
            try {
                Files.createFile(busy);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Fails where it did not come to what was waited for. */
        void end() {
            assertEquals(2, watchers.size());
            watchers.forEach(CompletableFuture::join);
        }
    }

    /**
     * Engines that wait while a file is there.
     *
     * @param inner what they hand their calls to
     * @param busy the file
     */
    private record Busy(EngineFactory inner, String busy) implements EngineFactory {
        private static final long serialVersionUID = 1L;
        private static final long MILLISECONDS = 50;

        @Override
        public Engine create(Partition partition) {
            return new ForwardingEngine(inner.create(partition)) {
                @Override
                public <T extends Sum<T>> T evaluate(
                        Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
                    while (Files.exists(Path.of(busy))) {
                        pause();
                    }
                    return super.evaluate(quantity, shard, rows, point);
                }
            };
        }

        private static void pause() {
            try {
                Thread.sleep(MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String key(Partition partition) {
            return inner.key(partition) + " " + busy;
        }

        @Override
        public void prepareThread(int cores) {
            inner.prepareThread(cores);
        }
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.ClusterEvents;
import io.etastar.spark.EngineFault;
import io.etastar.spark.EngineFault.Kind;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.StandaloneCluster;
import io.etastar.testing.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Whatever happens on a standalone cluster, a run ends with the bytes of the undisturbed one on local[2]. */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultTest {
    static final Object MODES = FaultRuns.MODES;

    /** Those whose rows are in several tasks. */
    static final Object SPREAD = List.of("step", "period");

    private static final String MEMORY = "1200m";
    private static final int DRIVER_KILLS = 2;
    private static final int MOMENT_MILLISECONDS = 100;

    @TempDir
    static Path directory;

    private static final Map<String, Path> UNDISTURBED = new HashMap<>();
    private static StandaloneCluster cluster;
    private static Path appJar;
    private static int runs;
    private static boolean twoCores;

    @BeforeAll
    static void start() throws IOException {
        for (String mode : FaultRuns.MODES) {
            UNDISTURBED.put(mode, FaultRuns.undisturbed(directory, mode));
        }
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        appJar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        cluster = StandaloneCluster.start(2, MEMORY, jar -> true);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static SparkTestSession open(Map<String, String> settings) {
        return SparkTestSession.open(cluster.master(), FaultRuns.cluster(appJar, settings));
    }

    private static ClusterEvents events(SparkTestSession session) {
        ClusterEvents events = new ClusterEvents();
        session.context().sc().addSparkListener(events);
        return events;
    }

    private static Path markers() throws IOException {
        return Files.createDirectory(directory.resolve("markers-" + ++runs));
    }

    private static void trainAndCompare(
            SparkTestSession session, String mode, EngineFault fault, FaultRuns.AfterStep after) throws IOException {
        Path output = directory.resolve("run-" + ++runs);
        FaultRuns.train(session, FaultRuns.plan(directory, mode), output, fault, after);
        FaultRuns.assertSameBytes(UNDISTURBED.get(mode), output);
    }

    @ParameterizedTest
    @FieldSource("MODES")
    @Order(1)
    void executorsMayBeKilledAndTasksMayThrow(String mode) throws IOException {
        try (SparkTestSession session = open(Map.of())) {
            ClusterEvents events = events(session);
            killExecutor(session, events, mode, "gradient", 5);
            killExecutor(session, events, mode, "summary", 3);
            throwInTask(session, events, mode, "gradient", 1);
            throwInTask(session, events, mode, "summary", 1);
            // The same task, up to the last of its four attempts.
            throwInTask(session, events, mode, "gradient", 3);
        }
    }

    private static void killExecutor(
            SparkTestSession session, ClusterEvents events, String mode, String call, int number) throws IOException {
        FaultRuns.awaitExecutors(session, 2);
        int removed = events.removed();
        int jobs = events.jobsOfSteps();
        Path markers = markers();
        EngineFault fault = new EngineFault(Kind.KILL, call, number, 1, markers.toString());
        trainAndCompare(session, mode, fault, step -> {});
        long pid = FaultRuns.struck(markers, 1).get(0);
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "the executor lives");
        ClusterEvents.await("an executor lost", () -> events.removed() > removed);
        assertEquals(mode.equals(FaultRuns.NEAR_DATA), events.jobsOfSteps() > jobs, "steps next to the data");
        Faults.injectedAndSurvived("SIGKILL of an executor in a " + call + " call, sync = " + mode);
    }

    private static void throwInTask(SparkTestSession session, ClusterEvents events, String mode, String call, int times)
            throws IOException {
        FaultRuns.awaitExecutors(session, 2);
        int failed = events.failedTasks();
        Path markers = markers();
        EngineFault fault = new EngineFault(Kind.THROW, call, 1, times, markers.toString());
        trainAndCompare(session, mode, fault, step -> {});
        FaultRuns.struck(markers, times);
        ClusterEvents.await("failed tasks", () -> events.failedTasks() >= failed + times);
        for (int i = 0; i < times; i++) {
            Faults.injectedAndSurvived("a " + call + " call that throws, sync = " + mode);
        }
    }

    @ParameterizedTest
    @FieldSource("MODES")
    @Order(2)
    void aSlowTaskMayHaveASpeculativeCopy(String mode) throws IOException {
        // The threshold is for jobs of one task, which has no others to be compared with.
        Map<String, String> speculation = Map.of(
                "spark.speculation", "true",
                "spark.speculation.task.duration.threshold", "2s",
                "spark.speculation.interval", "50ms",
                "spark.speculation.quantile", "0.5",
                "spark.speculation.multiplier", "1.5",
                "spark.speculation.minTaskRuntime", "200ms");
        try (SparkTestSession session = open(speculation)) {
            ClusterEvents events = events(session);
            FaultRuns.awaitExecutors(session, 2);
            for (String call : new String[] {"gradient", "summary"}) {
                int won = events.speculativeWins();
                Path markers = markers();
                EngineFault fault = new EngineFault(Kind.SLOW, call, 2, 1, markers.toString());
                trainAndCompare(session, mode, fault, step -> {});
                FaultRuns.struck(markers, 1);
                ClusterEvents.await("a speculative copy that won", () -> events.speculativeWins() > won);
                Faults.injectedAndSurvived("a task overtaken by its copy in a " + call + " call, sync = " + mode);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SPREAD")
    @Order(3)
    void oneExecutorOfOneCoreGivesTheSameBytes(String mode) throws IOException {
        try (SparkTestSession session = open(Map.of("spark.cores.max", "1"))) {
            FaultRuns.awaitExecutors(session, 1);
            trainAndCompare(session, mode, EngineFault.none(), step -> {});
            assertEquals(1, session.context().sc().getExecutorMemoryStatus().size() - 1);
        }
    }

    @ParameterizedTest
    @FieldSource("MODES")
    @Order(4)
    void aWorkerMayStopAndAnotherJoin(String mode) throws IOException {
        try (SparkTestSession session = open(Map.of())) {
            ClusterEvents events = events(session);
            FaultRuns.awaitExecutors(session, 2);
            int before = events.added();
            trainAndCompare(session, mode, EngineFault.none(), step -> {
                if (step == 8) {
                    stopWorker(events);
                } else if (step == 16) {
                    addWorker(1);
                    ClusterEvents.await("an executor of the new worker", () -> events.added() > before);
                }
            });
            assertTrue(events.removed() >= 1, "no executor was lost");
        }
        Faults.injectedAndSurvived("a worker stopped, sync = " + mode);
        Faults.injectedAndSurvived("a worker joining, sync = " + mode);
    }

    private static void stopWorker(ClusterEvents events) {
        int removed = events.removed();
        try {
            cluster.stopWorker();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ClusterEvents.await("the worker's executor lost", () -> events.removed() > removed);
    }

    private static void addWorker(int cores) {
        try {
            cluster.addWorker(cores, MEMORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @FieldSource("SPREAD")
    @Order(5)
    void moreExecutorsAndCoresGiveTheSameBytes(String mode) throws IOException {
        if (!twoCores) {
            addWorker(2);
            twoCores = true;
        }
        try (SparkTestSession session = open(Map.of())) {
            FaultRuns.awaitExecutors(session, 3);
            trainAndCompare(session, mode, EngineFault.none(), step -> {});
        }
        try (SparkTestSession session = open(Map.of("spark.executor.cores", "2"))) {
            FaultRuns.awaitExecutors(session, 1);
            trainAndCompare(session, mode, EngineFault.none(), step -> {});
        }
    }

    /** A job makes the steps of an epoch, and is killed soon after the checkpoint of the epoch before. */
    @Test
    @Order(6)
    void aDriverMayBeKilledAmongTheStepsOfAJob() throws IOException, InterruptedException {
        Path place = Files.createDirectory(directory.resolve("drivers"));
        String conf = JobRun.digits(place, "training.epochs = 12", "training.batch = 5", "data.partitions = 1");
        Path undisturbed = place.resolve("undisturbed");
        JobRun.good(Train::run, conf, "--output", undisturbed.toString());
        TrainProcess training = new TrainProcess(
                place,
                conf,
                "spark.master=" + cluster.master(),
                "spark.jars=" + appJar,
                "spark.cores.max=1",
                "spark.executorEnv.OMP_NUM_THREADS=1");
        Path run = place.resolve("run");
        Path log = place.resolve("log");
        for (int kill = 0; kill < DRIVER_KILLS; kill++) {
            assertTrue(killAfterCheckpoint(training.start(run, null, log), run), () -> read(log));
            Faults.injected("SIGKILL of a driver on a cluster, sync = auto");
        }
        assertEquals(0, training.start(run, null, log).waitFor(), () -> read(log));
        assertTrue(read(log).contains("plan: 1 shard, 300 steps a job"), () -> read(log));
        assertEquals(JobRun.files(undisturbed.resolve("model")), JobRun.files(run.resolve("model")));
        Faults.survived("SIGKILL of a driver on a cluster, sync = auto", DRIVER_KILLS);
    }

    /** Kills the process a moment after the next checkpoint behind steps; whether it lived until then. */
    private static boolean killAfterCheckpoint(Process process, Path run) throws IOException, InterruptedException {
        try {
            long newest = Math.max(0, DriverKills.newest(run));
            while (DriverKills.newest(run) <= newest) {
                if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return !process.waitFor(MOMENT_MILLISECONDS, TimeUnit.MILLISECONDS);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

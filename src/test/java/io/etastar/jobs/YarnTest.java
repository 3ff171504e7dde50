package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.StandaloneCluster;
import io.etastar.spark.Submitted;
import io.etastar.spark.YarnCluster;
import io.etastar.tensor.cuda.Emulator;
import io.etastar.testing.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spark-submit to YARN: whatever the deploy mode, a run has the bytes of the undisturbed one on local[2]. */
@Tag("cluster")
class YarnTest {
    private static final List<String> README = List.of("--set", "training.epochs=2", "--set", "data.partitions=3");
    private static final Map<String, String> TWO_EXECUTORS =
            Map.of("spark.executor.instances", "2", "spark.executor.cores", "1");

    @TempDir
    static Path directory;

    private static YarnCluster cluster;
    private static Path appJar;
    private static JobRun local;

    @BeforeAll
    static void start() throws IOException {
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        cluster = YarnCluster.start(2);
        appJar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        local = JobRun.good(
                Train::run, job("conf/digits.conf", directory.resolve("local").toString()));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** The README's job. */
    private static String[] job(String conf, String output) {
        List<String> args = new ArrayList<>(List.of(conf, "--output", output));
        args.addAll(README);
        return args.toArray(String[]::new);
    }

    private static Submitted submit(String deployMode, List<String> options, Class<?> main, String... args)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("--class", main.getName()));
        all.addAll(options);
        Submitted submitted = cluster.submit(deployMode, TWO_EXECUTORS, all, appJar, List.of(args));
        if (submitted.exitCode() != 0) {
            throw new AssertionError("exit code " + submitted.exitCode() + ": " + cluster.allLogs());
        }
        return submitted;
    }

    private static void assertSameModel(Path found) throws IOException {
        assertEquals(JobRun.files(directory.resolve("local/model")), JobRun.files(found));
    }

    @Test
    void theDriverMayBeAtTheClient() throws IOException {
        Path run = directory.resolve("client");
        String conf = Path.of("conf/digits.conf").toAbsolutePath().toString();
        Submitted submitted =
                submit("client", List.of(), Train.class, job(conf, run.toUri().toString()));
        assertSameModel(run.resolve("model"));
        assertEquals(withoutSeconds(local.out()), withoutSeconds(submitted.out()));
    }

    private static String withoutSeconds(String result) {
        assertTrue(result.startsWith("result test_accuracy="), result);
        return result.replaceFirst("(?s) seconds=.*", "");
    }

    /** The job file travels, the run is on HDFS. */
    @Test
    void theDriverMayBeInTheCluster() throws IOException {
        String run = cluster.hdfs() + "/runs/cluster";
        Path conf = Path.of("conf/digits.conf").toAbsolutePath();
        submit("cluster", List.of("--files", conf.toString()), Train.class, job("digits.conf", run));
        cluster.download(run, directory.resolve("hdfs"));
        assertSameModel(directory.resolve("hdfs/model"));
        assertTrue(cluster.allLogs().contains(withoutSeconds(local.out())), "no result line in the driver's log");
    }

    /** Those that YARN has: one on each node, so that two executors are on two nodes. The device itself is emulated. */
    @Test
    void executorsHaveTheGpusThatYarnGives() throws IOException {
        Path script = directory.resolve("discovery.sh");
        Files.writeString(script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'\n");
        assertTrue(script.toFile().setExecutable(true));
        Path conf = Files.writeString(
                directory.resolve("gpus.conf"),
                Files.readString(Path.of("conf/digits.conf")) + "\nengine.backend = cuda\nengine.cuda_libraries = \""
                        + Emulator.libraries() + "\"\nspark.conf {\n"
                        + "  spark.executor.resource.gpu.amount = 1\n"
                        + "  spark.task.resource.gpu.amount = 1\n"
                        + "  spark.executor.resource.gpu.discoveryScript = " + script + "\n}\n");
        Submitted submitted = submit(
                "client",
                List.of(),
                Train.class,
                job(conf.toString(), directory.resolve("gpus").toUri().toString()));
        double accuracy = Double.parseDouble(submitted.out().replaceAll("(?s).*test_accuracy=([0-9.]+).*", "$1"));
        assertTrue(accuracy >= 0.95, submitted.out());
        assertTrue(cluster.allLogs().contains("yarn.io/gpu: 1"), "no container with a GPU in the logs");
    }

    /** Those of two cores; all else has executors of one. */
    @Test
    void trainingMayHaveExecutorsOfItsOwn() throws IOException {
        Path run = directory.resolve("own");
        Path conf = Files.writeString(
                directory.resolve("own.conf"),
                Files.readString(Path.of("conf/digits.conf")) + "\nspark.conf {\n"
                        + "  spark.dynamicAllocation.enabled = true\n"
                        + "  spark.dynamicAllocation.shuffleTracking.enabled = true\n"
                        + "  spark.dynamicAllocation.maxExecutors = 2\n"
                        + "  spark.etastar.training.executor.memory = 700m\n"
                        + "  spark.etastar.training.executor.cores = 2\n}\n");
        Submitted submitted = submit(
                "client",
                List.of(),
                Train.class,
                job(conf.toString(), run.toUri().toString()));
        assertSameModel(run.resolve("model"));
        assertEquals(withoutSeconds(local.out()), withoutSeconds(submitted.out()));
        String log = submitted.err();
        assertTrue(log.contains("Limiting resource is cpus at 2 tasks per executor"), log);
        assertTrue(
                Pattern.compile("Registered executor .* ResourceProfileId 1\\b")
                        .matcher(log)
                        .find(),
                log);
        assertTrue(
                Pattern.compile("Adding task set .* tasks resource profile 1\\b")
                        .matcher(log)
                        .find(),
                log);
    }

    @Test
    void executorsMayBeKilled() throws IOException {
        Path undisturbed = FaultRuns.undisturbed(directory, "step");
        Path markers = Files.createDirectory(directory.resolve("markers"));
        for (String call : List.of("gradient", "summary")) {
            Files.createDirectory(markers.resolve(call));
        }
        String runs = cluster.hdfs() + "/runs/killed";
        Path conf = directory.resolve("digits.conf");
        submit(
                "cluster",
                List.of("--files", conf.toString()),
                YarnFaultMain.class,
                "digits.conf",
                runs,
                markers.toString());
        cluster.download(runs, directory.resolve("killed"));
        for (String call : List.of("gradient", "summary")) {
            long pid = FaultRuns.struck(markers.resolve(call), 1).get(0);
            assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "the executor lives");
            FaultRuns.assertSameBytes(undisturbed, directory.resolve("killed").resolve(call));
            Faults.injectedAndSurvived("SIGKILL of an executor on YARN in a " + call + " call");
        }
    }
}

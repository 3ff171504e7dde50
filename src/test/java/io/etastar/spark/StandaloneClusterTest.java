package io.etastar.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.pass.OrderedSumMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spark-submit to a real standalone cluster. */
@Tag("cluster")
class StandaloneClusterTest {
    private static final Pattern OWN = Pattern.compile("/(org/nd4j|org/bytedeco|com/github/scopt|com/typesafe/config"
            + "|me/tongfei|org/jline|com/jakewharton|com/github/oshi|net/java/dev/jna|org/threeten|net/ericaro"
            + "|commons-net)/");

    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;
    private static Path appJar;

    @BeforeAll
    static void start() throws IOException {
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        appJar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        cluster = StandaloneCluster.start(2, "1200m", jar -> !isOwn(jar));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anOrderedSumHasTheSameBitsAsInLocalMode() throws IOException {
        Path file = directory.resolve("bits.txt");
        Submitted submitted =
                cluster.submit(OrderedSumMain.class.getName(), List.of(), appJar, List.of("3", file.toString()));
        assertEquals(0, submitted.exitCode(), submitted.err());
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            String expected = cluster.master() + " " + OrderedSumMain.bits(session.context());
            assertEquals(List.of(expected, expected, expected), Files.readAllLines(file));
        }
    }

    /** Whether a jar is no part of Spark: it reaches executors with the application, as jobs/*.sh do it. */
    private static boolean isOwn(Path jar) {
        return OWN.matcher(jar.toString()).find();
    }

    private static Submitted train(String output, String... more) throws IOException {
        List<String> jars = StandaloneCluster.classPath()
                .filter(StandaloneClusterTest::isOwn)
                .map(Path::toString)
                .toList();
        List<String> args = new ArrayList<>(
                List.of(Path.of("conf/digits.conf").toAbsolutePath().toString()));
        args.addAll(List.of("--set", "training.epochs=2", "--set", "data.partitions=3", "--output", output));
        args.addAll(List.of(more));
        Submitted submitted = cluster.submit("io.etastar.jobs.Train", jars, appJar, args);
        assertEquals(0, submitted.exitCode(), submitted.err());
        return submitted;
    }

    @Test
    void trainingWritesTheSameModelAsInLocalMode() throws IOException {
        String remote = train(directory.resolve("remote").toString()).out();
        String local = train(directory.resolve("local").toString(), "--master", "local[2]")
                .out();
        for (String file : List.of("model/model.json", "model/parameters.bin")) {
            assertArrayEquals(
                    Files.readAllBytes(directory.resolve("local").resolve(file)),
                    Files.readAllBytes(directory.resolve("remote").resolve(file)),
                    file);
        }
        assertEquals(local.replaceFirst(" seconds=.*", ""), remote.replaceFirst(" seconds=.*", ""));
        assertTrue(remote.startsWith("result test_accuracy="), remote);
    }

    @Test
    void aFailedApplicationHasAnExitCode() throws IOException {
        Submitted submitted = cluster.submit(OrderedSumMain.class.getName(), List.of(), appJar, List.of("three"));
        assertNotEquals(0, submitted.exitCode());
        assertTrue(submitted.err().contains("NumberFormatException"), submitted.err());
    }
}

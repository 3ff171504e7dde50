package io.etastar.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spark-submit to a real standalone cluster. */
class StandaloneClusterTest {
    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;
    private static Path appJar;

    @BeforeAll
    static void start() throws IOException {
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        appJar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        cluster = StandaloneCluster.start(2, "1200m", jar -> true);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anOrderedSumHasTheSameBitsAsInLocalMode() throws IOException {
        StandaloneCluster.Submitted submitted =
                cluster.submit(OrderedSumMain.class.getName(), List.of(), appJar, List.of("3"));
        assertEquals(0, submitted.exitCode(), submitted.err());
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            String expected = "bits " + OrderedSumMain.bits(session.context());
            assertEquals(
                    List.of(expected, expected, expected),
                    submitted.out().lines().toList());
        }
    }

    @Test
    void aFailedApplicationHasAnExitCode() throws IOException {
        StandaloneCluster.Submitted submitted =
                cluster.submit(OrderedSumMain.class.getName(), List.of(), appJar, List.of("three"));
        assertNotEquals(0, submitted.exitCode(), submitted.err());
    }
}

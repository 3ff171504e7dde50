package io.etastar.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that asks for a secret, encrypts what it sends and what it spills. */
@Tag("cluster")
class SecureClusterTest {
    private static final String SECRET = "correct-horse-battery-staple";

    @TempDir
    static Path directory;

    private static StandaloneCluster cluster;
    private static Path appJar;

    @BeforeAll
    static void start() throws IOException {
        appJar = StandaloneCluster.jar(
                directory.resolve("app.jar"),
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new));
        cluster = StandaloneCluster.start(
                2,
                1,
                "1200m",
                jar -> true,
                Map.of(
                        "spark.authenticate",
                        "true",
                        "spark.authenticate.secret",
                        SECRET,
                        "spark.master.rest.enabled",
                        "false",
                        "spark.network.crypto.enabled",
                        "true",
                        "spark.io.encryption.enabled",
                        "true"));
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Submitted train(String secret, String output, String... master) throws IOException {
        Path job = directory.resolve("job.conf");
        String digits = Files.readString(Path.of("conf/digits.conf"));
        Files.writeString(
                job,
                digits + "\ntraining.epochs = 2\ndata.partitions = 3\n"
                        + "spark.conf { \"spark.authenticate\" = true, \"spark.authenticate.secret\" = " + secret
                        + " }\n");
        List<String> args = Stream.concat(
                        Stream.of(
                                job.toString(),
                                "--output",
                                directory.resolve(output).toString()),
                        Stream.of(master))
                .toList();
        return cluster.submit("io.etastar.jobs.Train", List.of(), appJar, args);
    }

    @Test
    void encryptionChangesNoByteAndTheSecretIsWrittenNowhere() throws IOException {
        Submitted remote = train(SECRET, "remote");
        assertEquals(0, remote.exitCode(), remote.err());
        Submitted local = train(SECRET, "local", "--master", "local[2]");
        assertEquals(0, local.exitCode(), local.err());
        for (String file : List.of("model/model.json", "model/parameters.bin", "config.json")) {
            assertArrayEquals(
                    Files.readAllBytes(directory.resolve("local").resolve(file)),
                    Files.readAllBytes(directory.resolve("remote").resolve(file)),
                    file);
        }
        try (Stream<Path> files = Files.walk(directory.resolve("remote"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET), file.toString());
            }
        }
        String logs = cluster.allLogs();
        assertTrue(logs.contains("result test_accuracy="), "the logs are not those of the run");
        assertFalse(logs.contains(SECRET));
    }

    @Test
    void anotherSecretIsRefused() throws IOException {
        Submitted submitted = train("a-wrong-one", "refused");
        assertNotEquals(0, submitted.exitCode());
        assertFalse(submitted.err().contains(SECRET));
    }
}

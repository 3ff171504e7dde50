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
import java.util.stream.Collectors;
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

    private static List<Path> ownJars() {
        return StandaloneCluster.classPath()
                .filter(StandaloneClusterTest::isOwn)
                .toList();
    }

    private static String list(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(","));
    }

    /** The README's job; its result line but for the seconds. */
    private static String train(Path jar, List<String> options, String output, String... more) throws IOException {
        List<String> args = new ArrayList<>(
                List.of(Path.of("conf/digits.conf").toAbsolutePath().toString()));
        args.addAll(List.of("--set", "training.epochs=2", "--set", "data.partitions=3"));
        args.addAll(List.of("--output", directory.resolve(output).toString()));
        args.addAll(List.of(more));
        Submitted submitted = cluster.submitWith("io.etastar.jobs.Train", options, jar, args);
        assertEquals(0, submitted.exitCode(), submitted.err());
        String result = submitted
                .out()
                .lines()
                .filter(line -> line.startsWith("result test_accuracy="))
                .findFirst()
                .orElseThrow(() -> new AssertionError(submitted.out()));
        return result.replaceFirst(" seconds=.*", "");
    }

    @Test
    void trainingWritesTheSameModelAsInLocalMode() throws IOException {
        String local = train(appJar, List.of("--jars", list(ownJars())), "local", "--master", "local[2]");
        assertEquals(local, train(appJar, List.of("--jars", list(ownJars())), "jars"));
        assertSameModel("jars");
        assertEquals(local, train(appJar, List.of("--conf", "spark.jars=" + list(ownJars())), "setting"));
        assertSameModel("setting");
        assertEquals(local, train(nothing(), packages(), "packages"));
        assertSameModel("packages");
    }

    private static void assertSameModel(String run) throws IOException {
        for (String file : List.of("model/model.json", "model/parameters.bin")) {
            assertArrayEquals(
                    Files.readAllBytes(directory.resolve("local").resolve(file)),
                    Files.readAllBytes(directory.resolve(run).resolve(file)),
                    file);
        }
    }

    /** An application's jar in which there is no class: all comes by coordinates. */
    private static Path nothing() throws IOException {
        return StandaloneCluster.jar(directory.resolve("nothing.jar"), Files.createDirectory(directory.resolve("no")));
    }

    /** EtaStar and its libraries, native ones too, by one coordinate from a repository that is a directory. */
    private static List<String> packages() throws IOException {
        List<Path> jars = ownJars();
        Path nd4j = jars.stream()
                .filter(jar -> jar.toString().contains("/org/nd4j/"))
                .findFirst()
                .orElseThrow();
        MavenRepository repository = new MavenRepository(directory.resolve("repository"), nd4j, "org.nd4j");
        repository.add("io.etastar", "etastar", "0.1.0", appJar, jars);
        Path settings = repository.ivySettings(directory.resolve("ivysettings.xml"));
        return List.of(
                "--packages",
                "io.etastar:etastar:0.1.0",
                "--conf",
                "spark.jars.ivy=" + directory.resolve("ivy"),
                "--conf",
                "spark.jars.ivySettings=" + settings);
    }

    @Test
    void aFailedApplicationHasAnExitCode() throws IOException {
        Submitted submitted = cluster.submit(OrderedSumMain.class.getName(), List.of(), appJar, List.of("three"));
        assertNotEquals(0, submitted.exitCode());
        assertTrue(submitted.err().contains("NumberFormatException"), submitted.err());
    }
}

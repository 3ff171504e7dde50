package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a main class did inside this JVM, on local[2].
 *
 * @param exitCode of the job
 * @param out its stdout
 * @param err its stderr
 * @param contexts Spark contexts that it started
 */
record JobRun(int exitCode, String out, String err, int contexts) {
    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.extraListeners", ContextCounter.class.getName());

    /** The method {@code run} of a main class. */
    interface Main {
        int run(String[] args, PrintStream out, PrintStream err);
    }

    /** Runs {@code main}. */
    static JobRun of(Main main, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int before = ContextCounter.started();
        SPARK.forEach(System::setProperty);
        try {
            int exitCode = main.run(
                    args,
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8));
            return new JobRun(
                    exitCode,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8),
                    ContextCounter.started() - before);
        } finally {
            SPARK.keySet().forEach(System::clearProperty);
        }
    }

    /** Runs a job that must end well after work on Spark. */
    static JobRun good(Main main, String... args) {
        JobRun run = of(main, args);
        assertEquals(0, run.exitCode, run.err);
        assertEquals(1, run.contexts, "Spark contexts");
        return run;
    }

    /** Runs a job that must end before Spark starts, with one line; that line without {@code error: }. */
    static String error(Main main, String... args) {
        JobRun run = of(main, args);
        assertEquals(2, run.exitCode, run.err);
        assertEquals(0, run.contexts, "Spark contexts");
        assertEquals("", run.out);
        assertTrue(run.err.startsWith("error: ") && run.err.indexOf('\n') == run.err.length() - 1, run.err);
        return run.err.substring("error: ".length(), run.err.length() - 1);
    }

    /** Figures of the last line, {@code result name=value ...}. */
    Map<String, String> result() {
        List<String> lines = out.lines().toList();
        String last = lines.get(lines.size() - 1);
        assertTrue(last.startsWith("result "), last);
        Map<String, String> figures = new HashMap<>();
        for (String figure : last.substring("result ".length()).split(" ")) {
            figures.put(figure.split("=")[0], figure.split("=")[1]);
        }
        return figures;
    }

    /** One figure of the result line. */
    double figure(String name) {
        return Double.parseDouble(result().get(name));
    }

    /** Size and digest of every file under a directory, by relative path: equal where the contents are. */
    static Map<String, String> files(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                contents.put(
                        directory.relativize(file).toString(),
                        bytes.length + " bytes " + new BigInteger(1, sha256().digest(bytes)).toString(16));
            }
        }
        return contents;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A job file for a small perceptron on the embedded digits. */
    static String digits(Path directory, String... more) throws IOException {
        String text = "model { model = perceptron, layers = [64, 24, 10], activation = tanh, loss = nll }\n"
                + "data { source = digits, partitions = 2 }\n"
                + "optimizer { name = newton-summary, period = 5 }\n"
                + "training { epochs = 3, batch = 100 }\nsummary.batch = 500\n";
        Path file = directory.resolve("digits.conf");
        return Files.writeString(file, text + String.join("\n", more) + "\n").toString();
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What someone does who has just heard of this: clone, the README's first command, a look at the report; then a Pipeline in a
 * CrossValidator, saved, loaded in a new JVM, with the same predictions. Prints how long each took.
 */
@Tag("cluster")
class NewcomerTest {
    private static final double GOOD = 0.95;

    @TempDir
    Path directory;

    private final StringBuilder seconds = new StringBuilder("newcomer seconds");

    /** Runs a command that must end well; its standard output. */
    private String run(String what, Path place, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, what, ".out");
        Path err = Files.createTempFile(directory, what, ".err");
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("SPARK_HOME", "MAVEN_CMD_LINE_ARGS", "MAVEN_OPTS"));
        int code = builder.start().waitFor();
        seconds.append(String.format(Locale.ROOT, " %s=%.1f", what, (System.nanoTime() - start) * 1e-9));
        assertEquals(0, code, () -> what + ": " + read(err) + read(out));
        return Files.readString(out);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Map<String, String> result(String out) {
        String last = out.lines()
                .filter(line -> line.startsWith("result "))
                .findFirst()
                .orElse("result none=0");
        return Stream.of(last.substring("result ".length()).split(" "))
                .collect(Collectors.toMap(figure -> figure.split("=")[0], figure -> figure.split("=")[1]));
    }

    private static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Test
    void fromTheCloneToAModelInAnotherProcess() throws IOException, InterruptedException {
        Path source = Path.of("").toAbsolutePath();
        assumeTrue(Files.exists(source.resolve(".git")) && has("git"), "absent: git, or a git checkout to clone from");
        assumeTrue(has("mvn"), "absent: mvn, which the first command builds with");
        assumeTrue(has("chromium"), "absent: chromium, to open the report");
        run(
                "clone",
                directory,
                "git",
                "clone",
                "-q",
                "--depth",
                "1",
                source.toUri().toString(),
                "etastar");
        Path clone = directory.resolve("etastar");

        String command = Files.readAllLines(clone.resolve("README.md")).stream()
                .filter(line -> line.startsWith("$ jobs/"))
                .findFirst()
                .orElseThrow();
        String[] words = command.replaceFirst("#.*", "").substring(2).trim().split(" +");
        assertTrue(Double.parseDouble(result(run("train", clone, words)).get("test_accuracy")) > GOOD);
        open(clone.resolve("runs/digits/report.html"));

        String model = directory.resolve("model").toString();
        Map<String, String> fitted = result(run("pipeline", clone, "jobs/digits-pipeline.sh", "fit", model));
        Map<String, String> loaded = result(run("predict", clone, "jobs/digits-pipeline.sh", "predict", model));
        assertTrue(Double.parseDouble(fitted.get("test_accuracy")) > GOOD, fitted.toString());
        assertEquals(fitted, loaded);
        System.out.println(seconds);
    }

    /** The page as a browser has it after its scripts ran. */
    private void open(Path report) throws IOException, InterruptedException {
        String page = run(
                "report",
                directory,
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + directory.resolve("browser"),
                "--virtual-time-budget=10000",
                "--dump-dom",
                report.toUri().toString());
        assertTrue(page.contains("digits") && page.matches("(?s).*<(canvas|svg).*"), page);
    }
}

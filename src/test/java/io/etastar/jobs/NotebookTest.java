package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebook of runs goes from top to bottom on runs that are made here, and is committed without outputs. That for beginners runs in
 * {@code python/tests}.
 */
class NotebookTest {
    private static final Path NOTEBOOKS = Path.of("notebooks");
    private static final Path HTML = Path.of("target", "notebooks");

    @TempDir
    static Path scratch;

    private static Path solved;
    private static Path fixed;

    @BeforeAll
    static void train() throws IOException {
        solved = scratch.resolve("solved");
        fixed = scratch.resolve("fixed");
        String job = JobRun.digits(scratch, "partition = canonical");
        JobRun.good(Train::run, job, "--output", solved.toString());
        JobRun.good(
                Train::run,
                job,
                "--output",
                fixed.toString(),
                "--set",
                "optimizer.name=sgd",
                "--set",
                "optimizer.period=30",
                "--set",
                "optimizer.lr=0.1",
                "--set",
                "summary.batch=null");
    }

    @Test
    void trainingReport() throws Exception {
        Path kept = Files.createDirectories(HTML.resolve("figures")).toAbsolutePath();
        String html = execute(
                "training-report",
                "training-report",
                Map.of("ETASTAR_RUN", solved, "ETASTAR_OTHER_RUN", fixed, "ETASTAR_FIGURES", kept));
        assertEquals(9, figures(html));
        assertTrue(html.contains("of_target"), "a table of predictions");
        assertTrue(html.contains("optimizer.lr"), "the settings in which the two runs differ");
        for (String name : List.of(
                "loss", "classes", "eta", "h", "inverse", "interactions", "spectrum", "seconds", "comparison")) {
            assertTrue(Files.size(kept.resolve(name + ".png")) > 5000, name);
        }
    }

    @Test
    void trainingReportOfARunThatSolvedNothing() throws Exception {
        String html = execute("training-report", "training-report-fixed", Map.of("ETASTAR_RUN", fixed));
        assertEquals(3, figures(html));
        assertTrue(html.contains("This run solved no learning rates"), html.length() + " characters");
    }

    @Test
    void committedWithoutOutputs() throws IOException {
        checkClean(NOTEBOOKS.resolve("training-report.ipynb"));
    }

    private static void checkClean(Path notebook) throws IOException {
        JsonNode cells = new ObjectMapper().readTree(notebook.toFile()).path("cells");
        assertTrue(cells.size() > 5, notebook.toString());
        String title = cells.path(0).path("source").path(0).asText();
        assertTrue(title.matches("# \\w.*\n"), notebook + ": " + title);
        TreeSet<String> ids = new TreeSet<>();
        for (JsonNode cell : cells) {
            String place = notebook + ", cell " + cell.path("id").asText();
            assertTrue(ids.add(cell.path("id").asText()), place + ": the id is there twice");
            if (cell.path("cell_type").asText().equals("code")) {
                assertEquals(0, cell.path("outputs").size(), place + ": clear all outputs before committing");
                assertTrue(cell.path("execution_count").isNull(), place + ": clear all outputs before committing");
            }
        }
    }

    /** Pictures in a page. */
    private static int figures(String html) {
        return html.split("<img [^>]*data:image/png|src=\"data:image/png", -1).length - 1;
    }

    /** Executes a notebook; the page with its outputs. */
    private static String execute(String notebook, String name, Map<String, Path> environment) throws Exception {
        assumeTrue(
                onPath("jupyter-nbconvert"),
                "no jupyter-nbconvert to execute notebooks with (Debian: jupyter-nbconvert python3-ipykernel"
                        + " python3-pandas python3-matplotlib)");
        Files.createDirectories(HTML);
        File log = HTML.resolve(name + ".log").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                        "jupyter-nbconvert",
                        "--execute",
                        "--to",
                        "html",
                        "--output-dir",
                        HTML.toAbsolutePath().toString(),
                        "--output",
                        name,
                        NOTEBOOKS.resolve(notebook + ".ipynb").toString())
                .redirectErrorStream(true)
                .redirectOutput(log);
        environment.forEach((key, path) ->
                builder.environment().put(key, path.toAbsolutePath().toString()));
        Process process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertEquals(0, process.waitFor(), () -> notebook + ": " + text(log.toPath()));
        return text(HTML.resolve(name + ".html"));
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

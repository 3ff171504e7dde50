package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of real runs, by the jobs that write them. */
class ReportTest {
    @TempDir
    Path directory;

    private static JsonNode data(Path page) throws IOException {
        String text = Files.readString(page);
        String begin = "id=\"data\">";
        int from = text.indexOf(begin) + begin.length();
        return new ObjectMapper().readTree(text.substring(from, text.indexOf("</script>", from)));
    }

    @Test
    void trainingWritesAReportAndTheJobComparesRuns() throws IOException {
        String conf = JobRun.digits(directory);
        Path a = directory.resolve("a");
        // A first step that the third-order model predicts well.
        JobRun trained = JobRun.good(Train::run, conf, "--output", a.toString(), "--set", "optimizer.damping=0.175");
        assertTrue(trained.err().contains("report: " + a.resolve("report.html") + "\n"), trained.err());
        JsonNode run = data(a.resolve("report.html")).at("/runs/0");
        assertTrue(run.at("/result/complete").asBoolean());
        assertTrue(trained.err().contains("plan: " + run.at("/plan").asText("none") + "\n"), trained.err());
        assertEquals(
                trained.figure("test_accuracy"), run.at("/result/test_accuracy").asDouble(), 1e-4);
        assertEquals("layers.0.weight", run.at("/subsets/0/name").asText());
        assertEquals(run.at("/summaries/step").size(), run.at("/matrices").size());
        double predicted = run.at("/summaries/third_order/0").asDouble();
        assertEquals(predicted, run.at("/summaries/measured/0").asDouble(), 0.1 * Math.abs(predicted));

        Path b = directory.resolve("b");
        String[] sgd = {"--set", "optimizer.name=sgd", "--set", "optimizer.lr=0.1", "--set", "report.write=false"};
        JobRun other =
                JobRun.good(Train::run, conf, "--output", b.toString(), sgd[0], sgd[1], sgd[2], sgd[3], sgd[4], sgd[5]);
        assertFalse(other.err().contains("report"), other.err());
        assertFalse(Files.exists(b.resolve("report.html")));
        Path page = directory.resolve("both.html");
        JobRun reported = JobRun.of(Report::run, a.toString(), b.toString(), "--output", page.toString());
        assertEquals(0, reported.exitCode(), reported.err());
        assertEquals("result report=" + page + "\n", reported.out());
        assertEquals(
                List.of("a", "b"),
                List.of(
                        data(page).at("/runs/0/name").asText(),
                        data(page).at("/runs/1/name").asText()));
    }

    @Test
    void mistakesAreSaidInOneLine() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertEquals(
                empty + ": found no config.json, expected the directory of a run",
                JobRun.error(Report::run, empty.toString()));
        assertTrue(JobRun.error(Report::run).startsWith("command line: Missing argument RUN_DIR"));
    }
}

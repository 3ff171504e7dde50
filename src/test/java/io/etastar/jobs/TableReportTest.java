package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on the table that comes along, and what they leave for the report. */
class TableReportTest {
    private static final String PENGUINS = "conf/penguins.conf";

    @TempDir
    Path directory;

    private JobRun train(String run, String... more) {
        return JobRun.good(
                Train::run,
                Stream.concat(
                                Stream.of(
                                        PENGUINS,
                                        "--output",
                                        directory.resolve(run).toString()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(directory.resolve(file)));
    }

    /** Lines of evaluate.sh --importance as columns.json has them. */
    private static List<String> lines(JsonNode importance, boolean classes) {
        List<String> lines = new ArrayList<>();
        for (JsonNode column : importance.path("columns")) {
            assertEquals(classes, column.has("accuracy_decrease"), column.toString());
            lines.add(String.format(
                    Locale.ROOT,
                    "importance column='%s' loss_increase=%.6g accuracy_decrease=%.4f",
                    column.path("column").asText(),
                    column.path("loss_increase").asDouble(),
                    column.path("accuracy_decrease").asDouble()));
        }
        return lines;
    }

    private List<String> evaluated(String run) {
        return JobRun.good(Evaluate::run, "--model", directory.resolve(run).toString(), "--importance")
                .out()
                .lines()
                .filter(line -> line.startsWith("importance "))
                .toList();
    }

    @Test
    void nothingIsSetButTheLabel() throws IOException {
        JobRun trained = train("run");
        assertTrue(trained.figure("test_accuracy") > 0.95, trained.out());

        JsonNode importance = json("run/columns.json").path("importance");
        assertEquals(103, importance.path("rows").asInt());
        assertEquals(7, importance.path("columns").size());
        assertEquals(evaluated("run"), lines(importance, true));

        JsonNode interactions = json("run/columns.json").path("interactions");
        assertEquals(103, interactions.path("rows").asInt());
        assertEquals(7, interactions.path("columns").size());
        assertEquals(
                interactions.at("/h/1/5").asDouble(), interactions.at("/h/5/1").asDouble(), "symmetric");

        JsonNode classes = json("run/classes.json").path("classes");
        assertEquals(103, classes.path("rows").asInt());
        double rows = 0;
        double correct = 0;
        for (int i = 0; i < 3; i++) {
            JsonNode each = classes.path("classes").path(i);
            assertEquals(
                    List.of("Adelie", "Chinstrap", "Gentoo").get(i),
                    each.path("name").asText());
            assertEquals(
                    each.path("correct").asDouble(),
                    classes.path("confusion").path(i).path(i).asDouble());
            rows += each.path("rows").asDouble();
            correct += each.path("correct").asDouble();
        }
        assertEquals(103, rows);
        assertEquals(trained.figure("test_accuracy"), correct / rows, 1e-4);

        JsonNode predictions = json("run/predictions.json").path("predictions");
        assertEquals(103, predictions.path("rows").asInt());
        assertEquals(15, predictions.path("worst").size());
        assertEquals(15, predictions.path("spread").size());
        long wrong = 0;
        double before = 0;
        for (JsonNode each : predictions.path("worst")) {
            wrong += each.path("target").equals(each.path("prediction")) ? 0 : 1;
            assertTrue(each.path("of_target").asDouble() >= before, "the worst first");
            before = each.path("of_target").asDouble();
        }
        assertEquals(Math.min(15, rows - correct), wrong);

        String page = Files.readString(directory.resolve("run/report.html"));
        assertTrue(page.contains("\"importance\":{\"rows\":103") && page.contains("\"confusion\":[["), "in the report");

        // Members of others stay, a file that was cut off does not matter, and the files are the same again.
        String classesBefore = Files.readString(directory.resolve("run/classes.json"));
        Files.writeString(directory.resolve("run/columns.json"), "{\"of others\":{\"rows\":5}}");
        Files.writeString(directory.resolve("run/classes.json"), "{\"classes\":");
        train("run", "--resume");
        assertEquals(5, json("run/columns.json").at("/of others/rows").asInt());
        assertEquals(importance, json("run/columns.json").path("importance"));
        assertEquals(classesBefore, Files.readString(directory.resolve("run/classes.json")));
    }

    @Test
    void withoutImportanceOrIfItFailsTheModelIsTheSame() throws IOException {
        train("off", "--set", "report.importance=false");
        assertFalse(Files.exists(directory.resolve("off/columns.json")));
        assertFalse(Files.exists(directory.resolve("off/classes.json")));
        assertTrue(Files.exists(directory.resolve("off/report.html")));

        Files.createDirectories(directory.resolve("failing/columns.json/in the way"));
        JobRun failing = train("failing");
        List<String> said = failing.err()
                .lines()
                .filter(line -> line.contains("not measured"))
                .toList();
        assertEquals(1, said.size(), failing.err());
        assertTrue(
                said.get(0).startsWith("importance of columns not measured, the run is not touched by that: "),
                failing.err());
        assertTrue(Files.exists(directory.resolve("failing/classes.json")));
        assertEquals(JobRun.files(directory.resolve("off/model")), JobRun.files(directory.resolve("failing/model")));
    }

    @Test
    void targetsOfAnyScaleHaveTheirLoss() throws IOException {
        String[] regression = {
            "--set",
            "data.label=year",
            "--set",
            "model.loss=mse",
            "--set",
            "training.epochs=2",
            "--set",
            "data.partitions=2"
        };
        train("years", regression);
        JsonNode importance = json("years/columns.json").path("importance");
        List<String> evaluated = evaluated("years");
        assertEquals(7, evaluated.size());
        List<String> written = lines(importance, false);
        for (int i = 0; i < 7; i++) {
            assertEquals(
                    figure(evaluated.get(i)), figure(written.get(i)), 0.02 * Math.abs(figure(evaluated.get(0))) + 1e-3);
        }
        assertFalse(Files.exists(directory.resolve("years/classes.json")));
        JsonNode worst = json("years/predictions.json").at("/predictions/worst/0");
        assertTrue(
                worst.path("target").asDouble() > 2006.9 && worst.path("target").asDouble() < 2009.1, worst.toString());
        assertEquals(
                worst.path("prediction").asDouble() - worst.path("target").asDouble(),
                worst.path("error").asDouble(),
                1e-9);
    }

    private static double figure(String line) {
        return Double.parseDouble(line.split("loss_increase=")[1].split(" ")[0]);
    }

    @Test
    void digitsHaveClassesAndNoColumns() throws IOException {
        String conf = JobRun.digits(directory);
        Path run = directory.resolve("digits");
        JobRun trained = JobRun.good(Train::run, conf, "--output", run.toString());
        assertFalse(Files.exists(run.resolve("columns.json")));
        JsonNode classes = json("digits/classes.json").path("classes");
        double correct = 0;
        for (JsonNode each : classes.path("classes")) {
            correct += each.path("correct").asDouble();
        }
        assertEquals(trained.figure("test_accuracy"), correct / 297, 1e-4);
        assertEquals("9", classes.at("/classes/9/name").asText());
    }
}

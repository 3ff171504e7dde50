package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The paragraphs of the Zeppelin note, Scala and SQL, run in their order on a run that is made here, as Zeppelin's Spark
 * interpreter would: by Scala's own compiler, with {@code spark} and its implicits at hand.
 */
class ZeppelinNoteTest {
    private static final Path NOTE = Path.of("notebooks", "training-report.zpln");

    /** What the note shows of interactions, left for people to look at. */
    private static final Path TABLE = Path.of("target", "notebooks", "zeppelin-interactions.html");

    @TempDir
    Path scratch;

    @Test
    void everyParagraphRuns() throws Exception {
        Path run = scratch.resolve("run");
        JobRun.good(Train::run, JobRun.digits(scratch, "partition = canonical"), "--output", run.toString());
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.etastar.run", run.toString())
                .getOrCreate();
        try {
            ScriptEngine engine = new ScriptEngineManager().getEngineByName("scala");
            engine.eval("val spark = org.apache.spark.sql.SparkSession.active; import spark.implicits._");
            List<String> printed = new ArrayList<>();
            for (JsonNode paragraph : paragraphs()) {
                run(paragraph, spark, engine, printed);
            }
            assertTrue(printed.get(0).contains("45 steps, 3 epochs, 12 derivative summaries"), printed.get(0));
            assertEquals(4, printed.get(1).split("<tr>", -1).length - 1, "rows of the table of interactions");
            Files.createDirectories(TABLE.getParent());
            Files.writeString(TABLE, printed.get(1).replaceFirst("%html ", ""));
            assertEquals(48, spark.table("spectrum").count(), "eigenvalues of twelve matrices of four subsets");
        } finally {
            spark.stop();
        }
    }

    @Test
    void committedWithoutResults() throws IOException {
        for (JsonNode paragraph : paragraphs()) {
            String id = paragraph.path("id").asText();
            assertFalse(paragraph.has("results"), id + ": clear all outputs before committing");
            assertEquals("READY", paragraph.path("status").asText(), id);
        }
    }

    private static JsonNode paragraphs() throws IOException {
        JsonNode note = new ObjectMapper().readTree(NOTE.toFile());
        assertEquals("spark", note.path("defaultInterpreterGroup").asText());
        JsonNode paragraphs = note.path("paragraphs");
        assertTrue(paragraphs.size() > 10, "paragraphs of " + NOTE);
        return paragraphs;
    }

    private static void run(JsonNode paragraph, SparkSession spark, ScriptEngine engine, List<String> printed)
            throws ScriptException {
        String[] parts = paragraph.path("text").asText().split("\n", 2);
        switch (parts[0]) {
            case "%md" -> assertTrue(parts[1].length() > 10);
            case "%spark" -> {
                String text = evaluate(engine, parts[1]);
                if (!text.isBlank()) {
                    printed.add(text);
                }
            }
            case "%sql" -> checkChart(paragraph, spark.sql(parts[1]));
            default -> throw new AssertionError("unknown interpreter " + parts[0]);
        }
    }

    /** A chart shows columns that its query gives, of at least two rows unless it is a pie. */
    private static void checkChart(JsonNode paragraph, Dataset<Row> rows) {
        List<String> columns = List.of(rows.columns());
        JsonNode graph = paragraph.path("config").path("results").path("0").path("graph");
        String title = paragraph.path("title").asText();
        assertTrue(rows.count() >= (graph.path("mode").asText().equals("pieChart") ? 1 : 2), title);
        int shown = 0;
        for (String role : List.of("keys", "groups", "values")) {
            for (JsonNode column : graph.path(role)) {
                assertEquals(
                        column.path("name").asText(),
                        columns.get(column.path("index").asInt()),
                        title);
                shown++;
            }
        }
        assertEquals(columns.size(), shown, title + ": " + columns);
    }

    /** Evaluates Scala; what it printed. */
    private static String evaluate(ScriptEngine engine, String code) throws ScriptException {
        StringWriter out = new StringWriter();
        engine.getContext().setWriter(out);
        engine.eval(code);
        return out.toString();
    }
}

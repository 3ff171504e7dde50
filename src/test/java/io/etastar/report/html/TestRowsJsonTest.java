package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of columns.json and classes.json. */
class TestRowsJsonTest {
    @TempDir
    Path directory;

    private JsonNode run() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
        return RunJson.of(new RunFiles(directory.toString()), 1);
    }

    private void write(String name, Object content) throws IOException {
        Files.writeString(directory.resolve(name), content.toString());
    }

    @Test
    void earlierRunsHaveNone() throws IOException {
        assertFalse(run().has("importance") || run().has("classes") || run().has("column_interactions"));
        write("columns.json", "{\"something\": [1]}");
        write("classes.json", "[]");
        assertFalse(run().has("importance") || run().has("classes") || run().has("column_interactions"));
    }

    @Test
    void columnsAreInTheOrderOfTheirImportance() throws IOException {
        write(
                "columns.json",
                "{\"later\": {\"a\": 1}, \"importance\": {\"rows\": 7, \"later\": 2, \"columns\": [{\"column\": \"a\","
                        + "\"loss_increase\": -0.123456}, {\"column\": \"b\", \"loss_increase\": 2, \"accuracy_decrease\": 0.25},"
                        + "{\"column\": \"c\", \"loss_increase\": null}]}}");
        assertEquals(
                "{\"rows\":7,\"count\":3,\"columns\":[{\"name\":\"c\",\"loss\":null,\"accuracy\":null},"
                        + "{\"name\":\"b\",\"loss\":2,\"accuracy\":0.25},{\"name\":\"a\",\"loss\":-0.12346,\"accuracy\":null}]}",
                run().get("importance").toString());
    }

    @Test
    void ofManyClassesThoseWithTheLowestAccuracy() throws IOException {
        ObjectNode file = new ObjectMapper().createObjectNode();
        ArrayNode classes =
                file.putObject("classes").put("rows", 1000).put("count", 60).putArray("classes");
        for (int i = 0; i < 50; i++) {
            classes.addObject()
                    .put("name", "c" + i)
                    .put("rows", 20)
                    .put("correct", 20 - i % 10)
                    .put("mistaken_for", "c0");
        }
        write("classes.json", file);
        JsonNode found = run().get("classes");
        assertEquals("60 50", found.get("count") + " " + found.get("with_rows"));
        assertEquals(20, found.get("classes").size());
        assertEquals(
                "{\"name\":\"c9\",\"rows\":20,\"share\":0.02,\"accuracy\":0.55,\"mistaken_for\":\"c0\"}",
                found.get("classes").get(0).toString());
        assertFalse(found.has("confusion"));
    }

    @Test
    void ofManyColumnsTheStrongestInteractions() throws IOException {
        ObjectNode file = new ObjectMapper().createObjectNode();
        ObjectNode interactions = file.putObject("interactions").put("rows", 9);
        ArrayNode names = interactions.putArray("columns");
        ArrayNode h = interactions.putArray("h");
        for (int s = 0; s < 50; s++) {
            names.add("c" + s);
            ArrayNode row = h.addArray();
            for (int t = 0; t < 50; t++) {
                row.add(s * t);
            }
        }
        write("columns.json", file);
        JsonNode found = run().get("column_interactions");
        assertEquals(50, found.get("count").asInt());
        assertEquals(40, found.get("columns").size());
        assertEquals("c10", found.get("columns").get(0).asText());
        assertEquals("[100,110,121", found.get("H").toString().substring(0, 12));
        assertEquals(40 * 41 / 2, found.get("H").size());
    }
}

package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of columns and classes. */
class DataJsonTest {
    @TempDir
    Path directory;

    @BeforeEach
    void begin() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"data\": {\"scaling\": \"standard\"}}");
    }

    private JsonNode data() {
        return RunJson.of(new RunFiles(directory.toString()), 1).path("data");
    }

    @Test
    void columnsOfAllKindsAreNamed() {
        SyntheticModel.write(directory, SyntheticModel.COLUMNS, List.of("no", "yes"));
        JsonNode columns = data().get("columns");
        assertEquals(6, columns.get("count").asInt());
        assertEquals(2, columns.get("gaps").asInt());
        assertEquals("standard", columns.get("scaling").asText());
        assertEquals(
                "{\"number\":1,\"category\":3,\"date\":1,\"vector\":1}",
                columns.get("kinds").toString());
        List<String> shown = List.of(
                "{\"name\":\"age\",\"kind\":\"number\",\"gaps\":true,\"centre\":\"44.2\",\"unit\":\"5.446\"}",
                "{\"name\":\"<b>sex\",\"kind\":\"category\",\"gaps\":false,\"hashed\":false,\"embedded\":false,\"count\":2,"
                        + "\"values\":[\"f\",\"m\"]}",
                "{\"name\":\"town\",\"kind\":\"category\",\"gaps\":true,\"hashed\":false,\"embedded\":true,\"count\":30,"
                        + "\"values\":[\"town 10\",\"town 11\",\"town 12\",\"town 13\",\"town 14\",\"town 15\",\"town 16\",\"town 17\"]}",
                "{\"name\":\"street\",\"kind\":\"category\",\"gaps\":false,\"hashed\":true,\"embedded\":true,\"count\":1000,"
                        + "\"values\":[]}",
                "{\"name\":\"since\",\"kind\":\"date\",\"gaps\":false,\"centre\":\"2015-03-02\",\"unit\":\"100 days\"}",
                "{\"name\":\"pixels\",\"kind\":\"vector\",\"gaps\":false,\"count\":64}");
        for (int i = 0; i < shown.size(); i++) {
            assertEquals(shown.get(i), columns.get("shown").get(i).toString());
        }
        assertEquals(
                "{\"count\":2,\"names\":[\"no\",\"yes\"]}",
                data().get("classes").toString());
    }

    @Test
    void quantilesHaveEnds() {
        Scale scale = Scale.quantiles(1, 2, 4);
        SyntheticModel.write(
                directory,
                List.of(new ColumnEncoding("x", ColumnEncoding.Kind.NUMBER, List.of(scale), false, List.of(), 0)),
                List.of());
        JsonNode column = data().at("/columns/shown/0");
        assertEquals("1 4", column.get("from").asText() + " " + column.get("to").asText());
        assertFalse(data().has("classes"));
    }

    @Test
    void ofManyTheFirstAreShownAndAllAreCounted() {
        List<String> classes = IntStream.range(0, 5000)
                .mapToObj(i -> "class " + i + "x".repeat(200))
                .toList();
        SyntheticModel.write(directory, SyntheticModel.numbers(9000), classes);
        JsonNode data = data();
        assertEquals(9000, data.at("/columns/count").asInt());
        assertEquals(200, data.at("/columns/shown").size());
        assertEquals(5000, data.at("/classes/count").asInt());
        assertEquals(200, data.at("/classes/names").size());
        assertEquals(60, data.at("/classes/names/0").asText().length());
        assertTrue(data.toString().length() < 40_000, data.toString().length() + " characters");
    }

    @Test
    void modelsOfEarlierVersionsHaveNone() throws IOException {
        assertTrue(data().isMissingNode());
        Files.createDirectories(directory.resolve("model"));
        Files.writeString(directory.resolve("model/model.json"), "{\"classes\": 3}");
        assertTrue(data().isMissingNode());
    }
}

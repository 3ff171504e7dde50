package io.etastar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseFileTest {
    @TempDir
    Path directory;

    private CaseFile load(String text) throws IOException {
        Path file = directory.resolve("case.json");
        Files.writeString(file, text);
        return CaseFile.load(file.toString());
    }

    @Test
    void readsACaseWithItsExpectations() throws URISyntaxException {
        CaseFile file = CaseFile.load(
                Path.of(getClass().getResource("perceptron-mse.json").toURI()).toString());
        assertEquals(
                "{\"activation\":\"elu\",\"input\":[6],\"layers\":[6,5,4],\"loss\":\"mse\",\"model\":\"perceptron\","
                        + "\"sigma_w\":1.0,\"target\":[4]}",
                file.model().json());
        assertEquals("canonical", file.partition().spec());
    }

    @Test
    void readsRosenbrock() throws IOException {
        assertEquals(
                "{\"a\":1.0,\"b\":10.0,\"d\":4,\"loss\":\"none\",\"model\":\"rosenbrock\"}",
                load("{\"model\": \"rosenbrock\", \"d\": 4, \"b\": 10, \"loss\": \"none\", \"seed\": 1}")
                        .model()
                        .json());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\1',
            value = {
                "{\"model\": \"vgg\", \"layer\": 1} | :1: unknown key 'layer': found 1, expected a key of a case; the nearest is 'layers'",
                "{\"model\": \"tree\"} | :1: key 'model': found \"tree\", expected one of perceptron, lenet, vgg, autoencoder, rosenbrock",
                "{\"layers\": [1, 2]} | : key 'model': found nothing, expected one of perceptron, lenet, vgg, autoencoder, rosenbrock",
                "{\"model\": \"rosenbrock\", \"d\": 4, \"layers\": [3]} | :1: key 'layers': found [3], expected no such key: model rosenbrock uses a, b, d, loss",
                "{\"model\": \"rosenbrock\"} | : key 'd': found nothing, expected int >= 1: model rosenbrock needs it"
            })
    void mistakesAreOneLine(String text, String expected) {
        assertEquals(
                directory.resolve("case.json") + expected,
                assertThrows(UserError.class, () -> load(text)).getMessage());
    }
}

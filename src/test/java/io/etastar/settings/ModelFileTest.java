package io.etastar.settings;

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

class ModelFileTest {
    @TempDir
    Path directory;

    private ModelFile load(String text) throws IOException {
        Path file = directory.resolve("case.json");
        Files.writeString(file, text);
        return ModelFile.load(file.toString());
    }

    @Test
    void readsACaseWithItsExpectations() throws URISyntaxException {
        ModelFile file = ModelFile.load(
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

    @Test
    void keysThatSayTheSameAsTheLayersAreFine() throws IOException {
        assertEquals(
                load("{\"model\": \"perceptron\", \"layers\": [5, 4], \"loss\": \"mse\"}")
                        .model(),
                load("{\"model\": \"perceptron\", \"layers\": [5, 4], \"loss\": \"mse\", \"classes\": 4}")
                        .model());
        assertEquals(
                "{\"activation\":\"tanh\",\"input\":[5],\"layers\":[5,1],\"loss\":\"mse\",\"model\":\"perceptron\","
                        + "\"sigma_w\":1.0,\"target\":[]}",
                load("{\"model\": \"perceptron\", \"layers\": [5, 1], \"loss\": \"mse\", \"target\": []}")
                        .model()
                        .json());
        String autoencoder =
                load("{\"model\": \"autoencoder\", \"layers\": [6, 4], \"loss\": \"mse\", \"target\": [2, 3]}")
                        .model()
                        .json();
        assertEquals(
                "{\"activation\":\"tanh\",\"input\":[6],\"layers\":[6,4],\"loss\":\"mse\",\"model\":\"autoencoder\","
                        + "\"sigma_w\":1.0,\"target\":[2,3]}",
                autoencoder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\1',
            value = {
                "{\"model\": \"vgg\", \"layer\": 1} | :1: unknown key 'layer': found 1, expected a known key; the"
                        + " nearest is 'layers'",
                "{\"model\": \"tree\"} | :1: key 'model': found \"tree\", expected one of perceptron, lenet, vgg,"
                        + " resnet18, image_generator, transformer, autoencoder, samediff, onnx",
                "{\"layers\": [1, 2]} | : key 'model': found nothing, expected the block of a job file or"
                        + " the name of a model",
                "{\"model\": \"autoencoder\", \"layers\": [6, 4], \"depth\": 3} | :1: key 'depth': found 3, expected"
                        + " no such key: model autoencoder uses activation, input, layers, loss, sigma_w, target",
                "{\"model\": \"rosenbrock\", \"d\": 4, \"layers\": [3]} | :1: unknown key 'layers': found [3], expected a"
                        + " known key; the nearest is 'loss'",
                "{\"model\": \"rosenbrock\", \"d\": 0} | :1: key 'd': found 0, expected int >= 1",
                "{\"model\": \"rosenbrock\"} | : key 'd': found nothing, expected int >= 1: model rosenbrock needs it",
                "{\"model\": \"perceptron\", \"layers\": [5, 4], \"loss\": \"mse\", \"classes\": 5} | :1: key"
                        + " 'classes': found 5, expected 4, which follows from the other keys",
                "{\"model\": \"autoencoder\", \"layers\": [6, 4], \"loss\": \"mse\", \"target\": [4]} | :1: key"
                        + " 'target': found [4], expected a shape of 6 elements, the first of layers",
                "{\"model\": \"perceptron\", \"layers\": [5, 4], \"loss\": \"bce\"} | :1: key 'loss': found \"bce\","
                        + " expected one of nll, mse for model perceptron",
                "{\"model\": \"lenet\", \"layers\": [1, 2, 3, 4, 5, 6]} | : key 'image_size': found nothing, expected"
                        + " int >= 1: model lenet needs it"
            })
    void mistakesAreOneLine(String text, String expected) {
        assertEquals(
                directory.resolve("case.json") + expected,
                assertThrows(UserError.class, () -> load(text)).getMessage());
    }
}

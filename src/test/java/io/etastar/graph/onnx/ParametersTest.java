package io.etastar.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which arrays of a file become parameters. */
class ParametersTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "onnx");

    private static List<String> parameters(String file) {
        Path path = RESOURCES.resolve(file);
        String keys = "{\"model\": \"onnx\", \"loss\": \"nll\", \"file\": \"" + path + "\"}";
        ParameterLayout layout = new ModelDescription(keys).loaded().build().layout();
        return IntStream.range(0, layout.count()).mapToObj(layout::name).toList();
    }

    private static List<String> golden(String file) throws IOException {
        List<String> names = new ArrayList<>();
        new ObjectMapper()
                .readTree(RESOURCES.resolve(file).toFile())
                .path("names")
                .forEach(name -> names.add(name.asText()));
        return names;
    }

    @Test
    void layersThatBeganAsCopiesAreNotTied() throws IOException {
        List<String> found = parameters("encoder-fresh.onnx");
        List<String> expected = golden("encoder-fresh.json");
        assertTrue(expected.contains("encoder.layers.1.linear1.weight"));
        assertTrue(found.containsAll(expected), found.toString());
    }

    @Test
    void copiesOfOneWeightAreTied() {
        List<String> found = parameters("gpt-optimised.onnx");
        assertTrue(found.contains("lm_head.weight"), found.toString());
        // Its transpose, for the last layer.
        assertFalse(found.contains("val_132"), found.toString());
    }
}

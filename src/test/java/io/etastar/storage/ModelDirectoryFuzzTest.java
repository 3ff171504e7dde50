package io.etastar.storage;

import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.RawArray;
import io.etastar.testing.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged and hostile model directories. */
class ModelDirectoryFuzzTest {
    @TempDir
    Path directory;

    private byte[] json;
    private byte[] parameters;

    @BeforeEach
    void writeModel() throws Exception {
        ParameterLayout layout = new ParameterLayout(
                List.of("layers.0.weight", "layers.0.bias"), List.of(new int[] {2, 3}, new int[] {3}));
        String description = "{\"model\":\"perceptron\",\"layers\":[2,3],\"activation\":\"tanh\",\"loss\":\"nll\","
                + "\"classes\":3}";
        double[] mean = {0.1};
        double[] deviation = {2};
        ModelDirectory.write(
                directory.toString(),
                new StoredModel(description, layout, RawArray.of(new float[9]), mean, deviation, 3));
        json = Files.readAllBytes(directory.resolve("model/model.json"));
        parameters = Files.readAllBytes(directory.resolve("model/parameters.bin"));
    }

    @Test
    void description() throws Exception {
        Fuzz.of("model-json", "model.json")
                .beside("parameters.bin", parameters)
                .valid(json)
                .tokens(
                        "\"file\": \"../../etc/passwd\",",
                        "\"graph\":",
                        "\"samediff\"",
                        "\"shape\":",
                        "\"dropout\": 0.5,")
                .tokens("\"resnet18\"", "\"layers\":", "[[", "{", "\"\\n\"", "\"vgg\"", "\"cfg\": [\"M\"],")
                .run(file -> {
                    StoredModel model = ModelDirectory.read(file.getParent().toString());
                    new ModelDescription(model.description()).build();
                });
    }

    @Test
    void parameters() throws Exception {
        Fuzz.of("model-parameters", "parameters.bin")
                .beside("model.json", json)
                .valid(parameters)
                .run(file -> ModelDirectory.read(file.getParent().toString()));
    }
}

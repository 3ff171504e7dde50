package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EstimatedBytesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"perceptron\",\"layers\":[784,200,100,10],\"activation\":\"tanh\",\"loss\":\"nll\"}",
                "{\"model\":\"lenet\",\"layers\":[1,6,16,120,84,10],\"image_size\":28,\"kernel\":5,"
                        + "\"activation\":\"tanh\",\"loss\":\"nll\"}",
                "{\"model\":\"vgg\",\"in_channels\":3,\"image_size\":16,\"cfg\":[8,\"M\",16,\"M\"],\"classes\":10,"
                        + "\"activation\":\"relu\",\"loss\":\"nll\"}",
                "{\"model\":\"autoencoder\",\"layers\":[64,32,8,32,64],\"activation\":\"sigmoid\",\"loss\":\"bce\"}",
                "{\"model\":\"rosenbrock\",\"d\":3,\"a\":1,\"b\":100,\"loss\":\"none\"}"
            })
    void isALowerBoundOfWhatAProgramHoldsAndNotFarFromIt(String description) {
        Model model = new ModelDescription(description).build();
        for (int batch : new int[] {1, 50}) {
            for (Partition partition : new Partition[] {null, Partitions.parse("wb", model.layout())}) {
                for (DType type : DType.values()) {
                    long estimate = Program.estimatedBytes(model, type, batch, partition);
                    try (Program program = Program.compile(model, type, batch, partition)) {
                        String figures =
                                estimate + " of " + program.bytes() + " bytes, batch " + batch + ", " + partition;
                        assertTrue(estimate <= program.bytes(), figures);
                        assertTrue(estimate >= 0.25 * program.bytes(), figures);
                    }
                }
            }
        }
    }
}

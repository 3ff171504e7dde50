package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import io.etastar.storage.StoredModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network of the zoo in an ONNX runtime: the engine's outputs from features as the data hold them. */
class OnnxZooTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path directory;

    static Stream<String> names() {
        return StreamSupport.stream(Networks.names().spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("names")
    void outputsAreThoseOfTheEngine(String name) throws OrtException {
        StoredModel stored = Networks.stored(name);
        Path file = directory.resolve("model.onnx");
        OnnxFile.Names names = OnnxFile.write(file.toString(), stored, stored.classes() > 0);
        assertEquals("output", names.output());
        try (OnnxRun run = new OnnxRun(file)) {
            for (int rows : new int[] {1, 7}) {
                double[] features = Networks.features(stored, rows);
                double[] expected = Networks.outputs(stored, features, rows);
                Networks.assertClose(expected, run.output(names.output(), features, rows), TOLERANCE);
                if (stored.classes() > 0) {
                    double[] softmax = softmax(expected, stored.classes());
                    Networks.assertClose(softmax, run.output(names.probabilities(), features, rows), TOLERANCE);
                }
            }
        }
    }

    private static double[] softmax(double[] logits, int classes) {
        double[] result = new double[logits.length];
        for (int from = 0; from < logits.length; from += classes) {
            double[] row = Arrays.copyOfRange(logits, from, from + classes);
            double largest = Arrays.stream(row).max().orElseThrow();
            double sum = Arrays.stream(row).map(z -> Math.exp(z - largest)).sum();
            for (int c = 0; c < classes; c++) {
                result[from + c] = Math.exp(row[c] - largest) / sum;
            }
        }
        return result;
    }
}

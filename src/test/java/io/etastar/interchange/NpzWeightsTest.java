package io.etastar.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.PythonProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters from and to .npz: against files that NumPy wrote, NumPy as a reader, and both ways. */
class NpzWeightsTest {
    private static final String PERCEPTRON =
            "{\"model\":\"perceptron\",\"layers\":[4,6,3],\"activation\":\"tanh\",\"loss\":\"nll\"}";
    private static final String GENERATOR = "{\"model\":\"image_generator\",\"width\":2,\"depth\":1,\"in_channels\":1,"
            + "\"image_size\":4,\"classes\":3,\"activation\":\"tanh\",\"loss\":\"nll\"}";

    @TempDir
    Path directory;

    private static String resource(String name) {
        return NpzWeightsTest.class.getResource("/interchange/" + name + ".npz").getPath();
    }

    @Test
    void runningStatisticsOfPytorchAreThoseOfPredictions() {
        ModelDescription training = new ModelDescription("{\"model\":\"vgg\",\"cfg\":[3,\"M\",4],\"batch_norm\":true,"
                + "\"in_channels\":2,\"image_size\":4,\"classes\":3,\"activation\":\"relu\",\"loss\":\"nll\"}");
        Model model = training.build();
        NpzWeights.Contents contents = NpzWeights.read(resource("batch-norm"), training, DenseLayout.OUT_IN);
        StoredModel stored = new StoredModel(
                training.withStatistics(contents.statistics()).json(),
                model.layout(),
                RawArray.of(contents.theta()),
                null,
                null,
                3);
        NpzFile data = NpzFile.read(resource("batch-norm-data"));
        double[] x = data.arrays().get("x").values();
        double[] y = data.arrays().get("y").values();
        assertArrayEquals(y, Networks.outputs(stored, x, 4), 1e-9);
        assertArrayEquals(Arrays.copyOf(y, 3), Networks.outputs(stored, Arrays.copyOf(x, x.length / 4), 1), 1e-9);
        // For src/test/oracle/interchange.py, which has PyTorch read it.
        Path file = Path.of("target", "batch-norm-written.npz");
        file.toFile().delete();
        NpzWeights.write(file.toString(), stored, DenseLayout.OUT_IN);
    }

    @ParameterizedTest
    @CsvSource({"perceptron", "generator"})
    void filesOfNumpyGiveTheOutputsOfTheDefinitionsOfPytorch(String name) {
        String json = name.equals("generator") ? GENERATOR : PERCEPTRON;
        ModelDescription description = new ModelDescription(json);
        Model model = description.build();
        double[] theta =
                NpzWeights.read(resource(name), description, DenseLayout.OUT_IN).theta();
        StoredModel stored = new StoredModel(json, model.layout(), RawArray.of(theta), null, null, 3);
        NpzFile data = NpzFile.read(resource(name + "-data"));
        double[] x = data.arrays().get("x").values();
        int rows = data.arrays().get("x").shape()[0];
        assertArrayEquals(data.arrays().get("y").values(), Networks.outputs(stored, x, rows), 1e-9);
    }

    static Stream<String> names() {
        return OnnxZooTest.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsWrittenIsReadAgainInBothLayouts(String name) throws IOException {
        StoredModel stored = Networks.stored(name);
        ModelDescription description = new ModelDescription(stored.description());
        ModelDescription training = description.withStatistics(List.of());
        List<String> names = new ArrayList<>(stored.layout().names());
        description.statistics().forEach(statistic -> names.add(statistic.name()));
        for (DenseLayout layout : DenseLayout.values()) {
            String file = directory.resolve(layout.key() + ".npz").toString();
            NpzWeights.write(file, stored, layout);
            NpzWeights.Contents contents = NpzWeights.read(file, training, layout);
            assertArrayEquals(stored.theta().toDoubles(), contents.theta());
            assertEquals(description.statistics().size(), contents.statistics().size());
            for (int i = 0; i < contents.statistics().size(); i++) {
                Statistic expected = description.statistics().get(i);
                Statistic found = contents.statistics().get(i);
                assertEquals(expected.name(), found.name());
                assertArrayEquals(expected.shape(), found.shape());
                assertArrayEquals(expected.values(), found.values(), 1e-7);
            }
            assertEquals(names, List.copyOf(NpzFile.read(file).arrays().keySet()));
        }
    }

    @Test
    void shapesAreThoseOfPytorch() {
        StoredModel tokens = Networks.stored("transformer tokens");
        String file = directory.resolve("a.npz").toString();
        NpzWeights.write(file, tokens, DenseLayout.OUT_IN);
        NpzFile written = NpzFile.read(file);
        assertArrayEquals(
                new int[] {11, 8}, written.arrays().get("embedding.weight").shape());
        assertArrayEquals(
                new int[] {6, 8}, written.arrays().get("position.weight").shape());
        assertArrayEquals(
                new int[] {32, 8},
                written.arrays().get("layers.0.linear1.weight").shape());
        assertArrayEquals(new int[] {3, 8}, written.arrays().get("fc.weight").shape());
    }

    @ParameterizedTest
    @CsvSource({"FLOAT,float32", "DOUBLE,float64"})
    void numpyReadsWhatIsWritten(DType type, String expected) throws IOException, InterruptedException {
        PythonProgram python = PythonProgram.with("numpy");
        StoredModel drawn = Networks.stored(PERCEPTRON, false);
        StoredModel stored = new StoredModel(
                PERCEPTRON, drawn.layout(), RawArray.copyOf(type, drawn.theta().toDoubles()), null, null, 3);
        Path file = directory.resolve("a.npz");
        NpzWeights.write(file.toString(), stored, DenseLayout.OUT_IN);
        List<String> lines = python.run(
                directory,
                "import numpy; a = numpy.load('" + file + "')\n"
                        + "print(a['layers.0.weight'].dtype,"
                        + " a['layers.0.weight'].flags.c_contiguous,"
                        + " a['layers.0.weight'].shape)\n"
                        + "h = numpy.tanh(a['layers.0.weight'].astype('f8') @ [1, 2,"
                        + " -1, 0.5] + a['layers.0.bias'])\n"
                        + "print(*(a['layers.1.weight'].astype('f8') @ h +"
                        + " a['layers.1.bias']))");
        assertEquals(expected + " True (6, 4)", lines.get(0));
        double[] logits = Arrays.stream(lines.get(1).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertArrayEquals(logits, Networks.outputs(stored, new double[] {1, 2, -1, 0.5}, 1), 1e-9);
    }

    @Test
    void equalModelsGiveEqualBytes() throws IOException {
        Path[] files = {directory.resolve("a.npz"), directory.resolve("b.npz")};
        for (Path file : files) {
            NpzWeights.write(file.toString(), Networks.stored("lenet"), DenseLayout.OUT_IN);
        }
        assertEquals(-1, Files.mismatch(files[0], files[1]));
        assertTrue(Files.size(files[0]) > 0);
    }
}

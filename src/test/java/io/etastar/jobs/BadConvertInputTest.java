package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.NpzFile;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Conversions that cannot be: one line that says what to change, exit code 2, and nothing written. */
class BadConvertInputTest {
    private static final String PERCEPTRON =
            "{\"model\":\"perceptron\",\"layers\":[4,3,2],\"activation\":\"tanh\",\"loss\":\"nll\"}";

    @TempDir
    Path directory;

    private final Map<String, NpzFile.Array> arrays = new LinkedHashMap<>();

    @BeforeEach
    void prepare() throws IOException {
        Files.writeString(directory.resolve("case.json"), PERCEPTRON);
        arrays.put("layers.0.weight", array(3, 4));
        arrays.put("layers.0.bias", array(3));
        arrays.put("layers.1.weight", array(2, 3));
        arrays.put("layers.1.bias", array(2));
        store("run", PERCEPTRON);
    }

    private static NpzFile.Array array(int... shape) {
        double[] values = new double[java.util.Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        java.util.Arrays.setAll(values, i -> i + 1);
        return new NpzFile.Array(shape, values, false);
    }

    private void store(String name, String json) {
        ModelDescription description = new ModelDescription(json).loaded();
        Model model = description.build();
        ModelDirectory.write(
                directory.resolve(name).toString(),
                new StoredModel(
                        description.json(),
                        model.layout(),
                        RawArray.of(description.initialParameters(1)),
                        null,
                        null,
                        model.classes()));
    }

    /** The message of a conversion, with {@code @} for the directory on both sides. */
    private String error(String... arguments) throws IOException {
        Map<String, String> before = JobRun.files(directory);
        String[] places = Stream.of(arguments)
                .map(argument -> argument.replace("@", directory + "/"))
                .toArray(String[]::new);
        String message = JobRun.error(Convert::run, places);
        assertEquals(before, JobRun.files(directory));
        return message.replace(directory + "/", "@");
    }

    private String npzError(String... more) throws IOException {
        NpzFile.write(directory.resolve("p.npz").toString(), arrays);
        String[] arguments = {"--from", "npz", "@case.json", "--parameters", "@p.npz", "--output", "@new"};
        return error(Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void anArrayIsMissing() throws IOException {
        arrays.remove("layers.1.bias");
        assertEquals(
                "@p.npz: array 'layers.1.bias': found none among layers.0.weight, layers.0.bias, layers.1.weight,"
                        + " expected one of shape [2]",
                npzError());
    }

    @Test
    void anArrayHasAnotherShape() throws IOException {
        arrays.put("layers.0.bias", array(4));
        assertEquals("@p.npz: array 'layers.0.bias': found shape [4], expected one of shape [3]", npzError());
    }

    @Test
    void theTransposeWouldFit() throws IOException {
        arrays.put("layers.0.weight", array(4, 3));
        assertEquals(
                "@p.npz: array 'layers.0.weight': found shape [4, 3], expected one of shape [3, 4], or"
                        + " --dense-layout in-out",
                npzError());
        arrays.put("layers.0.weight", array(3, 4));
        assertEquals(
                "@p.npz: array 'layers.0.weight': found shape [3, 4], expected one of shape [4, 3], or"
                        + " --dense-layout out-in",
                npzError("--dense-layout", "in-out"));
    }

    @Test
    void thereAreMoreArrays() throws IOException {
        arrays.put("layers.2.weight", array(2, 2));
        assertEquals(
                "@p.npz: found arrays layers.2.weight, expected those of the model's parameters alone: layers.0.weight,"
                        + " layers.0.bias, layers.1.weight, layers.1.bias",
                npzError());
        arrays.remove("layers.2.weight");
        arrays.put("bn1.running_mean", array(2));
        assertEquals(
                "@p.npz: found arrays bn1.running_mean, expected those of the model's parameters alone: layers.0.weight,"
                        + " layers.0.bias, layers.1.weight, layers.1.bias",
                npzError());
    }

    @Test
    void aValueIsNotFinite() throws IOException {
        arrays.get("layers.0.bias").values()[1] = Double.NaN;
        assertEquals("@p.npz: array 'layers.0.bias': found NaN at element 1, expected finite numbers", npzError());
    }

    @Test
    void theOutputIsThere() throws IOException {
        String expected = ": found it there already, expected a new name";
        assertEquals("@case.json" + expected, error("--to", "onnx", "--model", "@run", "--output", "@case.json"));
        assertEquals(
                "@run" + expected, error("--from", "npz", "@case.json", "--parameters", "@p.npz", "--output", "@run"));
    }

    @Test
    void theModelIsNone() throws IOException {
        Files.createDirectories(directory.resolve("empty"));
        for (String format : new String[] {"npz", "samediff", "onnx"}) {
            assertEquals(
                    "@empty/model.json: no such file; expected the directory of a trained model",
                    error("--to", format, "--model", "@empty", "--output", "@new"));
        }
        assertEquals(
                "@empty/model.json: no such file; expected the directory of a trained model",
                error("--from", "npz", "@empty", "--parameters", "@p.npz", "--output", "@new"));
    }

    @Test
    void theModelReadsNoFeatures() throws IOException {
        store("valley", "{\"model\":\"rosenbrock\",\"d\":3,\"loss\":\"none\"}");
        for (String format : new String[] {"samediff", "onnx"}) {
            assertEquals(
                    "model: found a function of its parameters alone, expected a network that reads features",
                    error("--to", format, "--model", "@valley", "--output", "@new"));
        }
    }

    @Test
    void anOpHasNoTranslation() throws IOException {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 4);
        SDVariable w = graph.var("w", Nd4j.ones(DataType.FLOAT, 4, 3));
        SDVariable twice = graph.math.tanh(x.mmul(w));
        graph.loss.absoluteDifference("logits", twice, x.mmul(w), null, LossReduce.NONE);
        graph.loss.sparseSoftmaxCrossEntropy(
                "loss", graph.getVariable("logits"), graph.placeHolder("y", DataType.INT, -1));
        Path file = directory.resolve("own.fb");
        graph.save(file.toFile(), false);
        store(
                "own",
                "{\"model\":\"samediff\",\"file\":\"" + file + "\",\"input_name\":\"x\",\"label_name\":\"y\","
                        + "\"output_name\":\"logits\",\"loss_name\":\"loss\",\"classes\":3}");
        String message = error("--to", "onnx", "--model", "@own", "--output", "@new");
        assertEquals(
                "model: op 'absolute_difference_loss' at graph node 'absolute_difference_loss': found no translation"
                        + " to ONNX, expected an op of docs/ops.md other than a loss",
                message);
    }

    @Test
    void aRegressionHasNoProbabilities() throws IOException {
        store("line", PERCEPTRON.replace("nll", "mse"));
        assertEquals(
                "model: found no classes, expected a classifier for probabilities",
                error("--to", "onnx", "--model", "@line", "--output", "@new", "--probabilities"));
    }

    @Test
    void aStoredModelOrAZooModelIsNoGraph() throws IOException {
        assertEquals(
                "@run: found a stored model, expected a case or job file of model onnx or samediff",
                error("--from", "samediff", "@run", "--output", "@new"));
        String message = error("--from", "samediff", "@case.json", "--output", "@new");
        assertTrue(message.startsWith("@case.json: key 'model': found {"), message);
        assertTrue(message.endsWith(", expected model onnx or samediff, which names a file"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--output @new|found neither of --to and --from, expected one of them",
                "--to npz --from npz --output @new|found both of --to and --from, expected one of them",
                "--to keras --output @new|--to: found 'keras', expected one of npz, samediff, onnx",
                "--from keras --output @new|--from: found 'keras', expected one of npz, samediff, onnx",
                "--to onnx --model @run|--output: found nothing, expected the name of a new file",
                "--to onnx --output @new|--model: found nothing, expected the directory of a run",
                "--from npz @case.json --output @new|--parameters: found nothing, expected an .npz file of the"
                        + " parameters",
                "--from npz --model @run --output @new|--model: found it with --from, expected it with --to alone",
                "--to npz --model @run @case.json --output @new|DESCRIPTION: found it with --to, expected it with"
                        + " --from alone",
                "--to onnx --model @run --dense-layout in-out --output @new|--dense-layout: found it with format onnx,"
                        + " expected it with format npz alone",
                "--to npz --model @run --dense-layout in --output @new|--dense-layout: found 'in', expected out-in or"
                        + " in-out",
                "--to npz --model @run --probabilities --output @new|--probabilities: found it with format npz,"
                        + " expected it with format onnx alone",
            })
    void optionsDoNotFit(String arguments, String expected) throws IOException {
        assertEquals("command line: " + expected, error(arguments.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mean 1|found only one of --mean and --deviation, expected both",
                "--mean 1 --deviation 0|--deviation: found '0', expected 1 numbers > 0, as many as means",
                "--mean 1 --deviation 1,2|--deviation: found '1,2', expected 1 numbers > 0, as many as means",
                "--mean one --deviation 1|--mean: found 'one', expected numbers with commas",
                "--mean 1,2,3 --deviation 1,2,3|--mean: found 3 numbers, expected a divisor of 4, the elements of a"
                        + " row",
            })
    void theStandardisationIsNone(String arguments, String expected) throws IOException {
        assertEquals("command line: " + expected, npzError(arguments.split(" ")));
    }
}

package io.etastar.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.format.NpzFile;
import io.etastar.partition.ParameterLayout;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The zoo's layouts and what it says of keys that are wrong. */
class ZooTest {
    private static final String PERCEPTRON = "'model':'perceptron','layers':[4,3,2],'activation':'tanh','loss':'nll'";
    private static final String LENET =
            "'model':'lenet','layers':[1,2,3,9,7,4],'image_size':14,'kernel':3," + "'activation':'tanh','loss':'nll'";
    private static final String VGG = "'model':'vgg','cfg':[4,'M'],'in_channels':3,'image_size':8,'classes':5,"
            + "'activation':'tanh','loss':'nll'";
    private static final String AUTOENCODER = "'model':'autoencoder','layers':[4,2],'activation':'tanh','loss':'bce'";

    static List<String> cases() throws IOException, URISyntaxException {
        Path root = Path.of(ZooTest.class.getResource("/golden").toURI());
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(entry -> Files.exists(entry.resolve("parameters.npz")))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesShapesAndOrderOfTheParametersAreThoseOfTheReference(String name) throws IOException {
        String json;
        try (var in = ZooTest.class.getResourceAsStream("/golden/" + name + "/case.json")) {
            json = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
        Model model = new ModelDescription(json).build(DType.DOUBLE);
        ParameterLayout layout = model.layout();
        Map<String, NpzFile.Array> reference = NpzFile.read(ZooTest.class
                        .getResource("/golden/" + name + "/parameters.npz")
                        .getPath())
                .arrays();
        assertEquals(new ArrayList<>(reference.keySet()), layout.names());
        for (int i = 0; i < layout.count(); i++) {
            int[] expected = reference.get(layout.name(i)).shape();
            assertArrayEquals(expected, layout.shape(i), layout.name(i));
            long[] declared = model.graph().getVariable(layout.name(i)).getShape();
            assertArrayEquals(java.util.Arrays.stream(expected).asLongStream().toArray(), declared, layout.name(i));
        }
    }

    private static Model build(String json) {
        return new ModelDescription("{" + json.replace('\'', '"') + "}").build();
    }

    /** {@code base} with one key set to another value, or taken away where the value is null. */
    private static String with(String base, String key, String value) {
        String without = ("," + base).replaceAll(",'" + key + "':(\\[[^\\]]*\\]|[^,\\[]+)", "");
        String changed = value == null ? without : without + ",'" + key + "':" + value;
        return changed.substring(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {PERCEPTRON, LENET, VGG, AUTOENCODER, "'model':'rosenbrock','d':3"})
    void theDescriptionsThatAreSpoiledBelowAreGood(String base) {
        assertTrue(build(base).layout().size() > 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "absent",
            value = {
                "P | model       | 'mlp'        | one of [autoencoder, image_generator, lenet, "
                        + "perceptron, resnet18, rosenbrock, samediff, transformer, vgg]",
                "P | model       | absent       | one of [autoencoder, image_generator, lenet, "
                        + "perceptron, resnet18, rosenbrock, samediff, transformer, vgg]",
                "P | model       | 3            | one of [autoencoder, image_generator, lenet, "
                        + "perceptron, resnet18, rosenbrock, samediff, transformer, vgg]",
                "P | layers      | absent       | a list of at least 2 positive integers",
                "P | layers      | [4]          | a list of at least 2 positive integers",
                "P | layers      | [4,0,2]      | a list of at least 2 positive integers",
                "P | layers      | [4,2.5,2]    | a list of at least 2 positive integers",
                "P | layers      | [4,4294967297]     | a list of at least 2 positive integers",
                "P | layers      | 'wide'       | a list of at least 2 positive integers",
                "P | layers      | {'a':1,'b':2} | a list of at least 2 positive integers",
                "P | activation  | 'swish'      | one of [tanh, relu, sigmoid, elu, softplus, gelu, arctan, "
                        + "leaky_relu, identity]",
                "P | activation  | absent       | one of [tanh, relu, sigmoid, elu, softplus, gelu, arctan, "
                        + "leaky_relu, identity]",
                "P | loss        | 'hinge'      | one of [nll, mse]",
                "P | loss        | absent       | one of [nll, mse]",
                "P | classes     | 3            | 2, the width of the last layer",
                "P | classes     | 'two'        | a positive integer",
                "P | input       | [5]          | 4 of the first layer",
                "P | input       | [65536,65536,4] | 4 of the first layer",
                "A | loss        | 'nll'        | one of [bce, mse]",
                "L | layers      | [1,2,3,4,5,6,7]    | 6: in channels, conv1, conv2, fc1, fc2, out",
                "L | image_size  | 7            | images that two convolutions of side 3 leave room in",
                "L | image_size  | absent       | a positive integer",
                "L | kernel      | 0            | a positive integer",
                "L | kernel      | 15           | images that two convolutions",
                "V | in_channels | -1           | a positive integer",
                "V | cfg         | []           | a list of widths and \"M\"",
                "V | cfg         | 4            | a list of widths and \"M\"",
                "V | cfg         | [4,'A']      | positive widths and \"M\"",
                "V | cfg         | [4,'M','M','M','M'] | at most as many as halve image_size to 1",
                "V | classes     | absent       | a positive integer",
                "R | d           | 0            | a positive integer",
                "R | a           | 'one'        | a number",
            })
    void aWrongKeyIsNamedWithWhatWasFoundAndWhatIsExpected(String base, String key, String value, String expected) {
        String good = switch (base) {
            case "P" -> PERCEPTRON;
            case "L" -> LENET;
            case "V" -> VGG;
            case "A" -> AUTOENCODER;
            default -> "'model':'rosenbrock','d':3";
        };
        String message = assertThrows(UserError.class, () -> build(with(good, key, value)))
                .getMessage();
        String named = "kernel".equals(key) && "15".equals(value) ? "image_size" : key;
        assertTrue(message.startsWith("model." + named + ": "), message);
        assertTrue(message.contains(value == null ? "absent" : "found "), message);
        assertTrue(message.endsWith(expected) || message.contains("expected " + expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "3", "[]", "null", "{\"model\": }"})
    void whatIsNoDescriptionIsRefused(String json) {
        String message = assertThrows(UserError.class, () -> new ModelDescription(json).build())
                .getMessage();
        assertTrue(message.startsWith("model") && message.contains("expected"), message);
    }
}

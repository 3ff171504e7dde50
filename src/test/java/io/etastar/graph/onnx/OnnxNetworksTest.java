package io.etastar.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks that PyTorch exported: outputs and derivatives are those of its nested autograd in double precision
 * (src/test/oracle/torch_golden.py).
 */
class OnnxNetworksTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "onnx");
    private static final String TIED = "lm_head.weight";
    private static final String TRAIN = "-train.json";

    private static List<String> names(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .toList();
        }
    }

    static List<String> networks() throws IOException {
        return names(".json").stream().filter(name -> !name.endsWith("-train")).toList();
    }

    static List<String> trained() throws IOException {
        return names(TRAIN);
    }

    /** Files from other exporters and with folded constants, whose parameters may have other names. */
    static List<String> otherFiles() throws IOException {
        return Stream.of("-optimised.onnx", "-script.onnx", "-old.onnx")
                .flatMap(suffix -> {
                    try {
                        return names(suffix).stream().map(name -> name + suffix);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private static JsonNode golden(String file) throws IOException {
        return new ObjectMapper().readTree(RESOURCES.resolve(file).toFile());
    }

    private static double[] numbers(JsonNode node) {
        JsonNode values = node.isArray() ? node : node.path("values");
        return IntStream.range(0, values.size())
                .mapToDouble(i -> values.get(i).asDouble())
                .toArray();
    }

    private static ModelDescription description(String file, JsonNode golden, Boolean batchNorm) {
        ObjectNode keys = new ObjectMapper().createObjectNode();
        keys.put("model", "onnx").put("file", RESOURCES.resolve(file).toString());
        keys.put("loss", golden.path("loss").asText());
        keys.set("trainable", golden.path("names"));
        if (batchNorm != null) {
            keys.put("batch_norm", batchNorm);
        }
        return new ModelDescription(keys.toString()).loaded();
    }

    private static Shard shard(JsonNode golden) {
        int rows = golden.path("x").path("shape").get(0).asInt();
        return new Shard(rows, RawArray.of(numbers(golden.path("x"))), RawArray.of(numbers(golden.path("y"))));
    }

    private static void assertNear(String what, double[] expected, double[] found, double tolerance) {
        assertEquals(expected.length, found.length, what);
        double size = IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(expected[i]))
                .max()
                .orElse(1);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], tolerance * size, what + " " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void outputsAndDerivativesAreThoseOfPytorch(String name) throws IOException {
        check(name + ".onnx", golden(name + ".json"), null);
    }

    @ParameterizedTest
    @MethodSource("trained")
    void withTheStatisticsOfTheBatchAsWell(String name) throws IOException {
        check(name + ".onnx", golden(name + TRAIN), true);
    }

    private static void check(String file, JsonNode golden, Boolean batchNorm) throws IOException {
        ModelDescription description = description(file, renamed(file, golden), batchNorm);
        Model model = description.build();
        Shard shard = shard(golden);
        int[] rows = IntStream.range(0, shard.rows()).toArray();
        int[] order = order(model.layout(), golden);
        for (Curvature curvature : Curvature.values()) {
            try (Program program = Program.compile(
                    model, DType.DOUBLE, rows.length, Partitions.parse("canonical", model.layout()), curvature)) {
                program.setParameters(description.initial());
                program.setDirection(direction(model.layout(), golden));
                assertNear(
                        "output",
                        numbers(golden.path("output")),
                        program.outputs(shard, rows).toDoubles(),
                        1e-12);
                boolean exact = curvature == Curvature.HESSIAN;
                DerivativeSummary summary = program.summary(shard, rows);
                int n = rows.length;
                assertEquals(golden.path("value").asDouble(), summary.loss() / n, 1e-12, "loss");
                assertNear("g", numbers(golden.path("g")), picked(summary.g(), n, order), 1e-11);
                assertNear(
                        "order3",
                        numbers(golden.path(exact ? "order3" : "ggn_order3")),
                        picked(summary.order3(), n, order),
                        1e-10);
                for (int s = 0; s < order.length; s++) {
                    double[] row = numbers(golden.path(exact ? "H" : "ggn").get(s));
                    double largest = largest(golden.path(exact ? "H" : "ggn"));
                    double[] found = picked(summary.h()[order[s]], n, order);
                    for (int t = 0; t < row.length; t++) {
                        assertEquals(row[t], found[t], 1e-11 * largest, "H " + s + " " + t);
                    }
                }
            }
        }
    }

    private static double largest(JsonNode matrix) {
        double largest = 0;
        for (JsonNode row : matrix) {
            for (double value : numbers(row)) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    /** The exporter calls a tied weight by its last name. */
    private static JsonNode renamed(String file, JsonNode golden) {
        if (!file.startsWith("gpt")) {
            return golden;
        }
        ObjectNode copy = golden.deepCopy();
        ArrayNode names = copy.putArray("names");
        golden.path("names").forEach(name -> names.add(name.asText().equals("wte.weight") ? TIED : name.asText()));
        return copy;
    }

    private static RawArray direction(ParameterLayout layout, JsonNode golden) {
        double[] direction = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            double[] values = numbers(golden.path("u").path(name(layout.name(i))));
            System.arraycopy(values, 0, direction, layout.offset(i), values.length);
        }
        return RawArray.of(direction);
    }

    private static String name(String inFile) {
        return inFile.equals(TIED) ? "wte.weight" : inFile;
    }

    /** Which subset of the layout each name of the golden file is. */
    private static int[] order(ParameterLayout layout, JsonNode golden) {
        List<String> present =
                layout.names().stream().map(OnnxNetworksTest::name).toList();
        assertEquals(golden.path("names").size(), layout.count(), "parameters: " + present);
        return IntStream.range(0, layout.count())
                .map(i -> present.indexOf(golden.path("names").get(i).asText()))
                .toArray();
    }

    private static double[] picked(double[] sums, int rows, int... order) {
        return IntStream.of(order).mapToDouble(i -> sums[i] / rows).toArray();
    }

    @ParameterizedTest
    @MethodSource("otherFiles")
    void filesOfOtherExportersGiveTheSameOutputs(String file) throws IOException {
        JsonNode golden = golden(file.replaceAll("-(optimised|script|old)\\.onnx", ".json"));
        ObjectNode keys = new ObjectMapper().createObjectNode();
        keys.put("model", "onnx").put("file", RESOURCES.resolve(file).toString());
        keys.put("loss", golden.path("loss").asText());
        ModelDescription description = new ModelDescription(keys.toString()).loaded();
        Shard shard = shard(golden);
        int[] rows = IntStream.range(0, shard.rows()).toArray();
        // One row at a time, and all of them with one to fill up: no shape depends on the number of rows.
        for (int batch : new int[] {1, rows.length + 1}) {
            try (Program program = Program.compile(description.build(), DType.DOUBLE, batch, null)) {
                program.setParameters(description.initial());
                assertNear(
                        file,
                        numbers(golden.path("output")),
                        program.outputs(shard, rows).toDoubles(),
                        1e-6);
            }
        }
        assertTrue(description.build().layout().size() > 0);
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors of order 4 against nested automatic differentiation in another program: {@code src/test/oracle/order.py}. */
class OrderOracleTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"perceptron-tanh-nll", "lenet-softplus-nll", "perceptron-elu-mse"})
    void order4AgreesTo1e9(String name) throws IOException {
        JsonNode json;
        try (InputStream in = OrderOracleTest.class.getResourceAsStream("/oracle-order/" + name + ".json")) {
            json = JSON.readTree(in);
        }
        Model model = new ModelDescription(json.get("description").toString()).build(DType.DOUBLE);
        List<List<String>> groups = Arrays.asList(JSON.treeToValue(json.get("groups"), String[][].class)).stream()
                .map(Arrays::asList)
                .toList();
        Partition partition = new Partition(model.layout(), groups);
        int rows = json.get("rows").asInt();
        Shard data = new Shard(rows, numbers(json, "x"), numbers(json, "y"));
        try (SeriesProgram program = SeriesProgram.compile(model, DType.DOUBLE, 4, partition, 4)) {
            program.setParameters(numbers(json, "theta"));
            program.setDirection(numbers(json, "u"));
            int[] all = IntStream.range(0, rows).toArray();
            check(json, program.derivatives(data, all).mean(), name);
        }
    }

    private static void check(JsonNode json, DerivativeTensor found, String name) {
        double loss = json.get("loss").asDouble();
        assertEquals(loss, found.loss(), 1e-12 * Math.abs(loss), name);
        double[] expected = numbers(json, "D").doubles();
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertEquals(expected.length, found.entries().length, name);
        int[] index = found.indices().first();
        for (double entry : expected) {
            double tolerance = 1e-9 * Math.max(Math.abs(entry), 1e-3 * largest);
            assertEquals(entry, found.get(index), tolerance, name + " " + Arrays.toString(index));
            found.indices().next(index);
        }
    }

    private static RawArray numbers(JsonNode json, String key) {
        double[] values = new double[json.get(key).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = json.get(key).get(i).asDouble();
        }
        return RawArray.of(values);
    }
}

package io.etastar.taylor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A graph of {@link TestGraphs} with the numbers that {@code src/test/oracle/ops.py} found for it: {@code oracle/NAME.json}. */
final class OracleRow {
    private static final ObjectMapper JSON = new ObjectMapper();

    final JsonNode json;
    final Model model;
    final Partition partition;
    final RawArray theta;
    final RawArray direction;
    final Shard data;

    private OracleRow(JsonNode json, Model model) {
        this.json = json;
        this.model = model;
        ParameterLayout layout = model.layout();
        partition = Partitions.parse("canonical", layout);
        theta = RawArray.of(flat(json, layout, "value"));
        direction = RawArray.of(flat(json, layout, "direction"));
        double[] x = numbers(json.get("x"));
        double[] y = numbers(json.get("y"));
        int rows = model.classes() > 0 ? y.length : y.length / TestGraphs.TARGETS;
        data = new Shard(rows, RawArray.of(x), RawArray.of(y));
    }

    /** The row of a graph; null where there is none. */
    static OracleRow read(String name, Model model) throws IOException {
        try (InputStream file = OracleRow.class.getResourceAsStream("/oracle/" + name.replace(' ', '_') + ".json")) {
            return file == null ? null : new OracleRow(JSON.readTree(file), model);
        }
    }

    /** Parameters as the row names them, with their shapes. */
    List<String> parameters() {
        List<String> names = new ArrayList<>();
        json.get("parameters")
                .fields()
                .forEachRemaining(e -> names.add(e.getKey() + e.getValue().get("shape")));
        return names;
    }

    private static double[] flat(JsonNode json, ParameterLayout layout, String which) {
        double[] flat = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            double[] values = numbers(json.get("parameters").get(layout.name(i)).get(which));
            System.arraycopy(values, 0, flat, layout.offset(i), layout.length(i));
        }
        return flat;
    }

    /** All numbers of a nested list, in order. */
    static double[] numbers(JsonNode node) {
        List<Double> values = new ArrayList<>();
        flatten(node, values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void flatten(JsonNode node, List<Double> values) {
        if (node.isArray()) {
            node.forEach(entry -> flatten(entry, values));
        } else {
            values.add(node.asDouble());
        }
    }

    int[] rows() {
        return IntStream.range(0, data.rows()).toArray();
    }

    DerivativeSummary summary(DType type, int microBatch) {
        try (Program program = Program.compile(model, type, microBatch, partition)) {
            program.setParameters(theta);
            program.setDirection(direction);
            return program.summary(data, rows());
        }
    }
}

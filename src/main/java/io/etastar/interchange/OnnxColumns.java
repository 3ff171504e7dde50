package io.etastar.interchange;

import io.etastar.table.ColumnEncoding;
import io.etastar.table.Scale;
import io.etastar.table.TableEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.TensorProto;

/**
 * Columns of a table as inputs of an ONNX graph, one for each, [N, 1] or for vectors [N, length], and the nodes that encode them. Numbers are
 * float64, NaN if they are missing; dates and timestamps are days since 1970; categories are strings, empty if they are missing, hashed
 * ones int64 indices of their buckets.
 */
final class OnnxColumns {
    private static final String ML = "ai.onnx.ml";

    private final OnnxGraph graph;
    private final List<String> numbers = new ArrayList<>();
    private final List<String> indices = new ArrayList<>();

    private OnnxColumns(OnnxGraph graph) {
        this.graph = graph;
    }

    /** Adds the inputs and nodes of a table; the name of the encoded rows [N, width], float32. */
    static String write(OnnxGraph graph, TableEncoding table) {
        OnnxColumns columns = new OnnxColumns(graph);
        for (ColumnEncoding column : table.columns()) {
            if (column.kind() == ColumnEncoding.Kind.CATEGORY) {
                columns.category(column);
            } else {
                columns.number(column);
            }
        }
        List<String> all = new ArrayList<>(columns.numbers);
        all.addAll(columns.indices);
        return columns.add("Concat", List.of(OnnxAttributes.integer("axis", 1)), all.toArray(String[]::new));
    }

    private void number(ColumnEncoding column) {
        int length =
                column.kind() == ColumnEncoding.Kind.VECTOR ? column.scales().size() : 1;
        String x = graph.input(column.name(), TensorProto.DataType.DOUBLE, length);
        String missing = add("IsNaN", List.of(), x);
        for (int i = 0; i < length; i++) {
            String value = length == 1 ? x : slice(x, i);
            String gap = length == 1 ? missing : add("IsNaN", List.of(), value);
            List<Scale> scales = length == 1 ? column.scales() : column.scales().subList(i, i + 1);
            String known = add("Where", List.of(), gap, graph.doubles(0), value);
            List<String> derived = derived(column.kind(), known);
            for (int j = 0; j < derived.size(); j++) {
                String scaled = toFloat(scaled(scales.get(j), derived.get(j)));
                numbers.add(add("Where", List.of(), gap, graph.reals(0), scaled));
            }
        }
        if (column.gaps()) {
            String flags = toFloat(missing);
            numbers.add(
                    length == 1
                            ? flags
                            : add(
                                    "ReduceMax",
                                    List.of(OnnxAttributes.integers("axes", 1), OnnxAttributes.integer("keepdims", 1)),
                                    flags));
        }
    }

    private String slice(String x, int i) {
        return add("Slice", List.of(), x, graph.integers(i), graph.integers(i + 1), graph.integers(1));
    }

    /** The numbers of {@link ColumnEncoding#derive}. */
    private List<String> derived(ColumnEncoding.Kind kind, String day) {
        List<String> all = new ArrayList<>(List.of(day));
        for (int i = 1; i < ColumnEncoding.derived(kind); i += 2) {
            String turns = add("Div", List.of(), day, graph.doubles(ColumnEncoding.cycle(i / 2)));
            String phase = add("Sub", List.of(), turns, add("Floor", List.of(), turns));
            String angle = toFloat(add("Mul", List.of(), phase, graph.doubles(2 * Math.PI)));
            all.add(toDouble(add("Sin", List.of(), angle)));
            all.add(toDouble(add("Cos", List.of(), angle)));
        }
        return all;
    }

    private String scaled(Scale scale, String x) {
        if (scale.knots() == null) {
            String centred = add("Sub", List.of(), x, graph.doubles(scale.centre()));
            return add("Div", List.of(), centred, graph.doubles(scale.unit()));
        }
        // y_0 + sum over pieces of slope times the part of the piece that lies below x.
        int pieces = scale.knots().length - 1;
        double[] widths = IntStream.range(0, pieces)
                .mapToDouble(i -> scale.knots()[i + 1] - scale.knots()[i])
                .toArray();
        double[] slopes = IntStream.range(0, pieces)
                .mapToDouble(i -> (scale.levels()[i + 1] - scale.levels()[i]) / widths[i])
                .toArray();
        double[] starts = java.util.Arrays.copyOf(scale.knots(), pieces);
        String above = add("Max", List.of(), add("Sub", List.of(), x, graph.doubles(starts)), graph.doubles(0));
        String parts =
                add("Mul", List.of(), add("Min", List.of(), above, graph.doubles(widths)), graph.doubles(slopes));
        String sum = add("ReduceSum", List.of(OnnxAttributes.integer("keepdims", 1)), parts, graph.integers(1));
        return add("Add", List.of(), sum, graph.doubles(scale.levels()[0]));
    }

    private void category(ColumnEncoding column) {
        boolean hashed = column.buckets() > 0;
        String raw = graph.input(column.name(), hashed ? TensorProto.DataType.INT64 : TensorProto.DataType.STRING, 1);
        String index = hashed ? raw : encoded(column, raw);
        if (column.isEmbedded()) {
            indices.add(toFloat(index));
            return;
        }
        int n = column.scales().size();
        float[] rows = new float[(n + 1) * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                rows[i * n + j] = (float) column.scales().get(j).of(i == j ? 1 : 0);
            }
        }
        String flat = add("Reshape", List.of(), index, graph.integers(-1));
        String table = add("Reshape", List.of(), graph.reals(rows), graph.integers(n + 1, n));
        numbers.add(add("Gather", List.of(), table, flat));
    }

    private String encoded(ColumnEncoding column, String raw) {
        List<String> keys = new ArrayList<>(column.values());
        if (column.gaps() && !keys.contains("")) {
            keys.add("");
        }
        long[] values = LongStream.range(0, keys.size()).toArray();
        List<AttributeProto> attributes = List.of(
                OnnxAttributes.texts("keys_strings", keys),
                OnnxAttributes.integers("values_int64s", values),
                OnnxAttributes.integer("default_int64", column.values().size() + (column.gaps() ? 1 : 0)));
        String output = graph.free(column.name() + "/index");
        graph.node(ML, "LabelEncoder", List.of(raw), output, attributes);
        return output;
    }

    private String toFloat(String x) {
        return add("Cast", List.of(OnnxAttributes.integer("to", TensorProto.DataType.FLOAT.getNumber())), x);
    }

    private String toDouble(String x) {
        return add("Cast", List.of(OnnxAttributes.integer("to", TensorProto.DataType.DOUBLE.getNumber())), x);
    }

    private String add(String type, List<AttributeProto> attributes, String... inputs) {
        String output = graph.free("columns/" + type);
        graph.node(type, List.of(inputs), output, attributes);
        return output;
    }
}

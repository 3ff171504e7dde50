package io.etastar.interchange;

import io.etastar.tensor.RawArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Nodes, constants, inputs and outputs of an ONNX graph under construction; all real numbers are float32. */
final class OnnxGraph {
    /** Name of the axis of rows, which may have any length. */
    private static final String ROWS = "N";

    private final GraphProto.Builder graph;
    private final Set<String> taken = new HashSet<>();
    private final Map<List<Long>, String> integers = new LinkedHashMap<>();
    private final Map<Float, String> scalars = new LinkedHashMap<>();

    /** @param reserved names of variables, which no constant may have */
    OnnxGraph(String name, Set<String> reserved) {
        graph = GraphProto.newBuilder().setName(name);
        taken.addAll(reserved);
    }

    /** A name that nothing has yet. */
    String free(String wish) {
        String name = wish;
        for (int i = 1; !taken.add(name); i++) {
            name = wish + "_" + i;
        }
        return name;
    }

    /** Adds a node with one output, of an operator set beside ONNX's own. */
    void node(String domain, String type, List<String> inputs, String output, List<AttributeProto> attributes) {
        node(type, inputs, output, attributes);
        graph.getNodeBuilder(graph.getNodeCount() - 1).setDomain(domain);
    }

    /** Adds a node with one output. */
    void node(String type, List<String> inputs, String output, List<AttributeProto> attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setName(output)
                .setOpType(type)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(attributes));
    }

    int nodes() {
        return graph.getNodeCount();
    }

    /** Gives the output of the last node another name; false if that is another output or one of the nodes before {@code from}. */
    boolean rename(String before, String after, int from) {
        int last = graph.getNodeCount() - 1;
        if (last < from || !graph.getNode(last).getOutput(0).equals(before)) {
            return false;
        }
        graph.getNodeBuilder(last).setName(after).setOutput(0, after);
        return true;
    }

    /** Adds a tensor of {@code length} numbers from {@code offset} on. */
    void tensor(String name, int[] shape, RawArray values, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            bytes.putFloat((float) values.get(offset + i));
        }
        bytes.flip();
        long[] sides = Arrays.stream(shape).asLongStream().toArray();
        graph.addInitializer(tensor(name, TensorProto.DataType.FLOAT, bytes, sides));
    }

    private static TensorProto tensor(String name, TensorProto.DataType type, ByteBuffer bytes, long... sides) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        Arrays.stream(sides).forEach(tensor::addDims);
        return tensor.build();
    }

    /** A constant number; equal ones are written once. */
    String scalar(double value) {
        return scalars.computeIfAbsent((float) value, number -> {
            String name = free("constant_" + scalars.size());
            tensor(name, new int[] {}, RawArray.of(new float[] {number}), 0, 1);
            return name;
        });
    }

    /** A constant vector of real numbers. */
    String reals(float... values) {
        String name = free("reals");
        tensor(name, new int[] {values.length}, RawArray.of(values), 0, values.length);
        return name;
    }

    /** A constant vector of float64. */
    String doubles(double... values) {
        String name = free("doubles");
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putDouble);
        bytes.flip();
        graph.addInitializer(tensor(name, TensorProto.DataType.DOUBLE, bytes, values.length));
        return name;
    }

    /** A constant vector of int64; equal ones are written once. */
    String integers(long... values) {
        return integers.computeIfAbsent(Arrays.stream(values).boxed().toList(), list -> {
            String name = free("integers_" + integers.size());
            integerTensor(name, values, values.length);
            return name;
        });
    }

    /** Adds a tensor of int64. */
    void integerTensor(String name, long[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putLong);
        bytes.flip();
        graph.addInitializer(tensor(name, TensorProto.DataType.INT64, bytes, shape));
    }

    /** Declares an input, [N, row]. */
    void input(String name, boolean real, long... row) {
        graph.addInput(value(name, real, row));
    }

    /** Declares an input [N, length] of that name, or of the next free one; its name. */
    String input(String wish, TensorProto.DataType type, int length) {
        String name = free(wish);
        graph.addInput(value(name, type, length));
        return name;
    }

    /** A constant vector of texts. */
    String texts(List<String> values) {
        String name = free("texts");
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.STRING.getNumber());
        values.forEach(value -> tensor.addStringData(ByteString.copyFromUtf8(value)));
        graph.addInitializer(tensor.addDims(values.size()));
        return name;
    }

    /** Declares an output of that type, [N, row]. */
    void output(String name, TensorProto.DataType type, long... row) {
        graph.addOutput(value(name, type, row));
    }

    /** Declares an output, [N, row]. */
    void output(String name, long... row) {
        graph.addOutput(value(name, true, row));
    }

    private static ValueInfoProto value(String name, boolean real, long... row) {
        return value(name, real ? TensorProto.DataType.FLOAT : TensorProto.DataType.INT64, row);
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, long... row) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
        tensor.getShapeBuilder().addDimBuilder().setDimParam(ROWS);
        Arrays.stream(row)
                .forEach(side -> tensor.getShapeBuilder().addDimBuilder().setDimValue(side));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    GraphProto build() {
        return graph.build();
    }
}

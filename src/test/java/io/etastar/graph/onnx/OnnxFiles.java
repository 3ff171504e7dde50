package io.etastar.graph.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/** Small ONNX files for tests. */
public final class OnnxFiles {
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("g");

    /** A graph of real features [N, sides]; a side of 0 is open. */
    public OnnxFiles(long... sides) {
        input("x", FLOAT, sides);
    }

    private OnnxFiles() {}

    /** A graph of whole numbers [N, length]. */
    public static OnnxFiles ofTokens(long length) {
        OnnxFiles file = new OnnxFiles();
        file.input("x", INT64, length);
        return file;
    }

    /** A graph of real features whose sides are all given, the first one too. */
    public static OnnxFiles ofFixed(long... sides) {
        return new OnnxFiles().fixed("x", sides);
    }

    /** One more input of real numbers. */
    public OnnxFiles input(String name, long... sides) {
        return input(name, FLOAT, sides);
    }

    /** One more input whose sides are all given, the first one too. */
    public OnnxFiles fixed(String name, long... sides) {
        graph.addInput(fixedInfo(name, sides));
        return this;
    }

    /** Lists an array in front of the inputs, as files of old versions do. */
    public OnnxFiles listed(String name, long... sides) {
        graph.addInput(0, fixedInfo(name, sides));
        return this;
    }

    private static ValueInfoProto fixedInfo(String name, long... sides) {
        ValueInfoProto.Builder info = info(name, FLOAT, sides).toBuilder();
        info.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().removeDim(0);
        return info.build();
    }

    private OnnxFiles input(String name, int type, long... sides) {
        graph.addInput(info(name, type, sides));
        return this;
    }

    private static ValueInfoProto info(String name, int type, long... sides) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (long side : sides) {
            TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(side == 0 ? dimension.setDimParam("open") : dimension.setDimValue(side));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }

    /** An array of real numbers. */
    public OnnxFiles array(String name, long[] shape, double... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
        Arrays.stream(shape).forEach(tensor::addDims);
        Arrays.stream(values).forEach(value -> tensor.addFloatData((float) value));
        graph.addInitializer(tensor);
        return this;
    }

    /** An array of whole numbers. */
    public OnnxFiles wholes(String name, long... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(INT64).addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        graph.addInitializer(tensor);
        return this;
    }

    /** An array whose values are in another file. */
    public OnnxFiles outside(String name, String location, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(FLOAT).setDataLocationValue(1);
        Arrays.stream(shape).forEach(tensor::addDims);
        tensor.addExternalDataBuilder().setKey("location").setValue(location);
        graph.addInitializer(tensor);
        return this;
    }

    /** A node; attributes are names of whole numbers with their values: {@code transB=1}. */
    public OnnxFiles node(String type, String inputs, String output, String... attributes) {
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(Arrays.asList(inputs.split(",", -1)))
                .addOutput(output);
        for (String attribute : attributes) {
            String[] parts = attribute.split("=");
            node.addAttribute(AttributeProto.newBuilder()
                    .setName(parts[0])
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(Long.parseLong(parts[1])));
        }
        graph.addNode(node);
        return this;
    }

    /** A node whose attribute is a list of whole numbers: {@code perm=1,0}. */
    public OnnxFiles nodeOfLists(String type, String inputs, String output, String attribute) {
        node(type, inputs, output);
        String[] parts = attribute.split("=");
        AttributeProto.Builder list =
                AttributeProto.newBuilder().setName(parts[0]).setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(parts[1].split(",")).mapToLong(Long::parseLong).forEach(list::addInts);
        graph.getNodeBuilder(graph.getNodeCount() - 1).addAttribute(list);
        return this;
    }

    /** The bytes of the file with that output. */
    public byte[] bytes(String output) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(output));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    public Path write(Path file, String output) throws IOException {
        return Files.write(file, bytes(output));
    }
}

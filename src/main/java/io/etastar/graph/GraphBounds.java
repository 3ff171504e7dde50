package io.etastar.graph;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nd4j.autodiff.samediff.serde.FlatBuffersMapper;
import org.nd4j.graph.FlatArray;
import org.nd4j.graph.FlatGraph;
import org.nd4j.graph.FlatNode;
import org.nd4j.graph.FlatProperties;
import org.nd4j.graph.FlatVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.api.shape.options.ArrayOptionsHelper;

/**
 * Checks the lengths in a graph file against its size, before SameDiff allocates by them, and the shapes of its arrays against
 * their buffers, before native code reads by them.
 */
final class GraphBounds {
    private static final int MOST_AXES = 32;
    private static final int LEAST_BYTES_OF_TABLE = 4;

    private final int bytes;

    private GraphBounds(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Walks through all of a graph.
     *
     * @throws RuntimeException if a length, an offset or a shape is not of this file
     */
    static void check(byte... file) {
        FlatGraph graph = FlatGraph.getRootAsFlatGraph(ByteBuffer.wrap(file));
        new GraphBounds(file.length).graph(graph);
    }

    private void graph(FlatGraph graph) {
        tables(graph.variablesLength(), graph.nodesLength(), graph.outputsLength(), graph.updaterStateLength());
        tables(graph.placeholdersLength(), graph.lossVariablesLength());
        for (int i = 0; i < graph.variablesLength(); i++) {
            variable(graph.variables(i));
        }
        for (int i = 0; i < graph.nodesLength(); i++) {
            node(graph.nodes(i));
        }
    }

    private void variable(FlatVariable variable) {
        vectors(variable.shapeLength());
        tables(variable.controlDepsLength(), variable.controlDepForOpLength(), variable.controlDepsForVarLength());
        array(variable.ndarray());
    }

    private void node(FlatNode node) {
        vectors(node.inputLength(), node.outputLength(), node.extraParamsLength(), node.extraIntegerLength());
        vectors(node.extraBoolsLength(), node.dimensionsLength(), node.outputTypesLength(), node.extraTypesLength());
        tables(node.inputPairedLength(), node.outputNamesLength(), node.extraStringsLength(), node.propertiesLength());
        tables(node.controlDepsLength(), node.varControlDepsLength(), node.controlDepForLength());
        array(node.scalar());
        for (int i = 0; i < node.propertiesLength(); i++) {
            properties(node.properties(i));
        }
    }

    private void properties(FlatProperties properties) {
        int[] lengths = {
            properties.iLength(),
            properties.lLength(),
            properties.dLength(),
            properties.bLength(),
            properties.aLength(),
            properties.sLength()
        };
        vectors(lengths);
        tables(properties.aLength(), properties.sLength());
        expect(properties.shapeLength() <= MOST_AXES);
        long product = 1;
        for (int i = 0; i < properties.shapeLength(); i++) {
            expect(properties.shape(i) >= 0);
            product = Math.multiplyExact(product, (long) properties.shape(i));
        }
        expect(properties.shapeLength() == 0
                || product == Arrays.stream(lengths).max().orElse(0));
        for (int i = 0; i < properties.aLength(); i++) {
            array(properties.a(i));
        }
    }

    /** The shape is ND4J's own: rank, sides, strides, flags, element stride, order. */
    private void array(FlatArray array) {
        if (array == null) {
            return;
        }
        vectors(array.bufferLength());
        DataType type = FlatBuffersMapper.getDataTypeFromByte(array.dtype());
        expect(array.shapeLength() >= 4 && (type.isFPType() || type.isIntType() || type == DataType.BOOL));
        long rank = array.shape(0);
        expect(rank >= 0 && rank <= MOST_AXES && array.shapeLength() == Shape.shapeInfoLength(rank));
        long[] shape = new long[array.shapeLength()];
        Arrays.setAll(shape, array::shape);
        expect(ArrayOptionsHelper.dataType(shape) == type);
        int order = (int) shape[shape.length - 1];
        expect(order == 'c' || order == 'f');
        if (ArrayOptionsHelper.arrayType(shape) == org.nd4j.linalg.api.shape.options.ArrayType.EMPTY) {
            expect(array.bufferLength() == 0);
            return;
        }
        long count = 1;
        long last = 0;
        for (int axis = 0; axis < rank; axis++) {
            long side = shape[1 + axis];
            long stride = shape[1 + (int) rank + axis];
            expect(side >= 1 && stride >= 0);
            count = Math.multiplyExact(count, side);
            last = Math.addExact(last, Math.multiplyExact(side - 1, stride));
        }
        expect(last < count && Math.multiplyExact(count, (long) type.width()) == array.bufferLength());
    }

    private void vectors(int... lengths) {
        for (int length : lengths) {
            expect(length >= 0 && length <= bytes);
        }
    }

    private void tables(int... lengths) {
        for (int length : lengths) {
            expect(length >= 0 && length <= bytes / LEAST_BYTES_OF_TABLE);
        }
    }

    private static void expect(boolean good) {
        if (!good) {
            throw new IllegalArgumentException("a length or shape that the file cannot hold");
        }
    }
}

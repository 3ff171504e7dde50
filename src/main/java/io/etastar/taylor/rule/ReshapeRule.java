package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/** The same elements in another shape: everything is a view, nothing is copied. */
public record ReshapeRule() implements Rule.WithoutCurvature {
    /** SameDiff writes the order of elements as a negative number before the shape. */
    private static final long ROW_MAJOR = -99;

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        long[] arguments = source.integers();
        if (arguments.length == 0) {
            throw Op.error(source, "found a shape that is computed, expected constant integers");
        }
        int skip = arguments[0] < -1 ? 1 : 0;
        if (skip == 1 && arguments[0] != ROW_MAJOR) {
            throw Op.error(source, "found column-major order, expected row-major");
        }
        int[] shape = new int[arguments.length - skip];
        int open = -1;
        int known = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) arguments[i + skip];
            if (shape[i] < 0) {
                open = i;
            } else {
                known *= shape[i];
            }
        }
        int length = Shapes.length(inputs[0]);
        if (open >= 0) {
            shape[open] = length / known;
        }
        if (Shapes.length(shape) != length) {
            throw Op.error(
                    source, "found " + Arrays.toString(inputs[0]) + ", which does not fit " + Arrays.toString(shape));
        }
        return shape;
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        emitter.setValue(op.output(), emitter.value(op.input(0)).view(op.output().shape));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        emitter.contributeView(op.input(0), emitter.adjoint(op.output()));
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        int[] stacked = Shapes.stacked(emitter.directions(y), y.shape);
        emitter.setFirst(y, emitter.first(x).view(stacked));
        emitter.setSecond(
                y,
                emitter.second(x) == null || !emitter.needsSecond(y)
                        ? null
                        : emitter.second(x).view(stacked));
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node y = op.output();
        Tensor[] series = new Tensor[emitter.order()];
        emitter.setSeries(y, series);
        for (int k = 1; k <= emitter.order(); k++) {
            Tensor in = emitter.coefficient(op.input(0), k);
            series[k - 1] = in == null ? null : in.view(Shapes.stacked(emitter.directions(), y.shape));
        }
    }

    @Override
    public boolean views() {
        return true;
    }
}

package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/** y = f(x) elementwise: value and adjoint; how tangents go through is up to the subclass. */
abstract class ElementwiseRule implements Rule {
    private final Kernels.Unary map;
    private final DoubleUnaryOperator loop;
    private final ScalarFunction f;

    /**
     * @param map computes y
     * @param f its derivatives
     */
    ElementwiseRule(Kernels.Unary map, ScalarFunction f) {
        this.map = map;
        this.loop = null;
        this.f = f;
    }

    /**
     * @param loop computes y if backends have no op for it
     * @param f its derivatives
     */
    ElementwiseRule(DoubleUnaryOperator loop, ScalarFunction f) {
        this.map = null;
        this.loop = loop;
        this.f = f;
    }

    ScalarFunction f() {
        return f;
    }

    /** f'(x), in memory that the next op overwrites. */
    final Tensor slope(Op op, Emitter emitter) {
        Node x = op.input(0);
        Kernels kernels = emitter.kernels();
        Tensor slope = kernels.scratch(Kernels.Scratch.SLOPE, x.shape);
        emitter.emit(kernels.fill(slope, 1));
        emitter.emit(kernels.scalarAdjoint(f, emitter.value(x), emitter.value(op.output()), slope, slope));
        return slope;
    }

    /**
     * Sets the stacks of y: those of x if nobody else reads these, which halves the memory to go through.
     *
     * @param second whether y needs second tangents
     */
    static void stacks(Node x, Node y, Emitter emitter, boolean second) {
        if (emitter.readers(x) == 1 && !x.isParameter() && !x.isView() && emitter.homeSlot(y) < 0) {
            emitter.setFirst(y, emitter.first(x));
            emitter.setSecond(y, second ? emitter.second(x) : null);
        }
        emitter.makeFirst(y);
        if (second) {
            emitter.makeSecond(y);
        }
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return inputs[0].clone();
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        Tensor x = emitter.value(op.input(0));
        Tensor y = emitter.makeValue(op);
        emitter.emit(
                map != null
                        ? emitter.kernels().map(map, x, y)
                        : emitter.kernels().map(loop, x, y));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        emitter.contribute(
                x,
                out -> emitter.kernels().scalarAdjoint(f, emitter.value(x), emitter.value(y), emitter.adjoint(y), out));
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        // An order that f does not know fails here, before any data.
        f.expand(1, 1, emitter.order(), new double[emitter.order() + 1]);
        emitter.setSeries(y, emitter.stacks(y));
        emitter.emit(emitter.kernels()
                .scalarSeries(new ScalarFunction.Series(
                        f, emitter.value(x), emitter.value(y), emitter.series(x), emitter.series(y))));
    }
}

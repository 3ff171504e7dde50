package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesTape;
import io.etastar.taylor.graph.Tape;
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
     * @param loop computes y where backends have no op for it
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

    /**
     * Sets the stacks of y: those of x if nobody else reads these, which halves the memory to go through.
     *
     * @param second whether y needs second tangents
     */
    static void stacks(Node x, Node y, Tape tape, boolean second) {
        if (x.consumers == 1 && !x.parameter && !x.view && y.home == null) {
            y.first = x.first;
            y.second = second ? x.second : null;
        }
        tape.first(y);
        if (second) {
            tape.second(y);
        }
    }

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return inputs[0].clone();
    }

    @Override
    public void forward(Op op, Tape tape) {
        Tensor x = op.input(0).value;
        Tensor y = tape.value(op);
        tape.emit(map != null ? tape.kernels().map(map, x, y) : tape.kernels().map(loop, x, y));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        tape.contribute(x, out -> tape.kernels().scalarAdjoint(f, x.value, y.value, y.adjoint, out));
    }

    @Override
    public void series(Op op, SeriesTape tape) {
        Node x = op.input(0);
        Node y = op.output();
        // An order that f does not know fails here, before any data.
        f.expand(1, 1, tape.order(), new double[tape.order() + 1]);
        y.series = tape.stacks(y);
        tape.emit(tape.kernels().scalarSeries(new ScalarFunction.Series(f, x.value, y.value, x.series, y.series)));
    }
}

package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesTape;
import io.etastar.taylor.graph.Tape;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/**
 * y = A x + b for one input: values, adjoints and tangents all go through A or its transpose.
 *
 * <p>A subclass binds A on a stack and its transpose; one with b != 0 overrides {@link #forward}.
 */
public abstract class LinearRule implements Rule {
    /**
     * out[k] = A in[k].
     *
     * @param count number K of stacked inputs
     * @param in [K, input shape]
     * @param out [K, output shape]; overwritten
     */
    protected abstract Kernel apply(Op op, Tape tape, int count, Tensor in, Tensor out);

    /** out = A^T in, for an adjoint {@code in} of the output's shape; {@code out} is overwritten. */
    protected abstract Kernel transpose(Op op, Tape tape, Tensor in, Tensor out);

    @Override
    public void forward(Op op, Tape tape) {
        tape.emit(apply(op, tape, 1, op.input(0).value, tape.value(op)));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        tape.contribute(op.input(0), out -> transpose(op, tape, op.output().adjoint, out));
    }

    @Override
    public void tangents(Op op, Tape tape) {
        Node x = op.input(0);
        Node y = op.output();
        tape.first(y);
        tape.emit(apply(op, tape, x.directions(), x.first, y.first));
        if (y.secondNeeded && x.second != null) {
            tape.second(y);
            tape.emit(apply(op, tape, x.directions(), x.second, y.second));
        }
    }

    @Override
    public void series(Op op, SeriesTape tape) {
        Node y = op.output();
        y.series = new Tensor[tape.order()];
        for (int k = 1; k <= tape.order(); k++) {
            Tensor in = op.input(0).coefficient(k);
            if (in != null) {
                y.series[k - 1] = tape.stack(y);
                tape.emit(apply(op, tape.tape(), tape.directions(), in, y.series[k - 1]));
            }
        }
    }

    @Override
    public final boolean isNonlinear() {
        return false;
    }
}

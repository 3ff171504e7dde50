package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
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
    protected abstract Kernel apply(Op op, Emitter emitter, int count, Tensor in, Tensor out);

    /** out = A^T in, for an adjoint {@code in} of the output's shape; {@code out} is overwritten. */
    protected abstract Kernel transpose(Op op, Emitter emitter, Tensor in, Tensor out);

    @Override
    public void forward(Op op, Emitter emitter) {
        emitter.emit(apply(op, emitter, 1, op.input(0).value, emitter.value(op)));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        emitter.contribute(op.input(0), out -> transpose(op, emitter, op.output().adjoint, out));
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        emitter.first(y);
        emitter.emit(apply(op, emitter, x.directions(), x.first, y.first));
        if (y.secondNeeded && x.second != null) {
            emitter.second(y);
            emitter.emit(apply(op, emitter, x.directions(), x.second, y.second));
        }
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node y = op.output();
        y.series = new Tensor[emitter.order()];
        for (int k = 1; k <= emitter.order(); k++) {
            Tensor in = op.input(0).coefficient(k);
            if (in != null) {
                y.series[k - 1] = emitter.stack(y);
                emitter.emit(apply(op, emitter.emitter(), emitter.directions(), in, y.series[k - 1]));
            }
        }
    }

    @Override
    public final boolean isNonlinear() {
        return false;
    }
}

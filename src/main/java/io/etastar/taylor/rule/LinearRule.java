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
public abstract class LinearRule implements Rule.WithoutCurvature {
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
        emitter.emit(apply(op, emitter, 1, emitter.value(op.input(0)), emitter.makeValue(op)));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        emitter.contribute(op.input(0), out -> transpose(op, emitter, emitter.adjoint(op.output()), out));
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.output();
        emitter.makeFirst(y);
        emitter.emit(apply(op, emitter, emitter.directions(x), emitter.first(x), emitter.first(y)));
        if (emitter.needsSecond(y) && emitter.second(x) != null) {
            emitter.makeSecond(y);
            emitter.emit(apply(op, emitter, emitter.directions(x), emitter.second(x), emitter.second(y)));
        }
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node y = op.output();
        Tensor[] series = new Tensor[emitter.order()];
        emitter.setSeries(y, series);
        for (int k = 1; k <= emitter.order(); k++) {
            Tensor in = emitter.coefficient(op.input(0), k);
            if (in != null) {
                series[k - 1] = emitter.stack(y);
                emitter.emit(apply(op, emitter.emitter(), emitter.directions(), in, series[k - 1]));
            }
        }
    }
}

package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;

/**
 * What the engine knows of one family of ops: shapes, value, adjoints, tangents, Taylor series.
 *
 * <p>A rule has no state; it emits bound kernels into a {@link Tape} when a program is compiled. With f the op, x its inputs
 * and a the adjoint of its output:
 *
 * <pre>
 * reverse:   adjoint of x += f'(x)^T a
 * tangents:  t_y = f'[t],  c_y = f'[c] + f''[t, t]
 *            H[s][t] += &lt;a, f''[t_s, t_t]&gt;
 *            order3[s] += &lt;a, f'''[t_s, t_s, t_s] + 3 f''[t_s, c_s]&gt;
 * series:    y_1 t + y_2 t^2 + ... = f(x + x_1 t + x_2 t^2 + ...) - f(x), up to order d
 * </pre>
 */
interface Rule {
    /**
     * Shape of the output.
     *
     * @param batch rows of a micro-batch
     * @param inputs shapes of the inputs
     */
    int[] outputShape(GraphOp source, int batch, int[]... inputs);

    /** Sets the output's value and emits what computes it. */
    void forward(Op op, Tape tape);

    /** Emits the contribution to the adjoint of every active input. */
    void reverse(Op op, Tape tape);

    /** Sets the output's tangents, emits what computes them and the contributions to H and order3. */
    void tangents(Op op, Tape tape);

    /**
     * Sets the output's Taylor coefficients along the directions of a {@link SeriesProgram} and emits what computes them.
     *
     * @throws UserError here, where the op has none
     */
    default void series(Op op, SeriesTape tape) {
        throw Op.error(op.source(), "its rule knows no Taylor coefficients, expected an op that has them");
    }

    /** Whether the output is the input's memory in another shape. */
    default boolean views() {
        return false;
    }

    /** Whether second derivatives may differ from zero: such ops read second tangents. */
    boolean bends();
}

package io.etastar.taylor.graph;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;

/**
 * What the engine knows of one family of ops: shapes, value, adjoints, tangents, Taylor series.
 *
 * <p>A rule has no state; it emits bound kernels into an {@link Emitter} when a program is compiled. With f the op, x its inputs
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
public interface Rule {
    /**
     * Shape of the output.
     *
     * @param batch rows of a micro-batch
     * @param inputs shapes of the inputs
     */
    int[] outputShape(GraphOp source, int batch, int[]... inputs);

    /** Sets the output's value and emits what computes it. */
    void forward(Op op, Emitter emitter);

    /** Emits the contribution to the adjoint of every active input. */
    void reverse(Op op, Emitter emitter);

    /** Sets the output's tangents, emits what computes them and the contributions to H and order3. */
    void tangents(Op op, Emitter emitter);

    /**
     * Sets the output's Taylor coefficients along K directions and emits what computes them.
     *
     * @throws UserError here, if the op has none
     */
    default void series(Op op, SeriesEmitter emitter) {
        throw Op.error(op.source(), "its rule knows no Taylor coefficients, expected an op that has them");
    }

    /** Sets the output's first tangents alone and emits what computes them. */
    void firstTangents(Op op, Emitter emitter);

    /**
     * Emits the contribution to the tangent b = da/deta of the adjoint of every active input, along one direction. In this
     * sweep {@link Emitter#adjoint} is b, null for zero, and {@link Emitter#lossAdjoint} is a:
     *
     * <pre>
     * b_x += f'(x)^T b_y + (f''(x) t_x)^T a_y
     * </pre>
     */
    void adjointTangents(Op op, Emitter emitter);

    /** Whether second derivatives may differ from zero: such ops read second tangents. */
    boolean isNonlinear();

    /** Whether the output is the input's memory in another shape. */
    default boolean views() {
        return false;
    }

    /** Multiply-adds of one value; 0 if the op multiplies nothing by a weight. */
    default double multiplyAdds(Op op) {
        return 0;
    }

    /** Whether the op's one job is to sum over the rows of the micro-batch, which lie on the first axis of its input. */
    default boolean sumsRows(Op op, RowAxes axes) {
        return false;
    }

    /**
     * Whether a value of one row of the output depends on other rows, or rows change places.
     *
     * @param axes of the inputs
     * @param axis of the output along which the rows lie
     * @param batch rows of a micro-batch
     */
    default boolean mixesRows(Op op, RowAxes axes, int axis, int batch) {
        return false;
    }

    /** Whether each output is one of the inputs, and adjoints go back to that one: max pooling. */
    default boolean picksMaxima() {
        return false;
    }

    /** Shape of an operand of a plain sum, as it is broadcast; null if the op is no sum or subtracts. */
    default int[] addend(Op op, int operand) {
        return null;
    }

    /** Whether the op adds or subtracts two terms, so that their tangents can be written into its own. */
    default boolean joinsTerms() {
        return false;
    }

    /** What kind of layer with Kronecker factors the op is. */
    default LayerForm layerForm(Op op) {
        return LayerForm.NONE;
    }

    /** The logits of which the op is the cross-entropy; null if it is none. */
    default Node crossEntropyLogits(Op op) {
        return null;
    }

    /** Kinds of layers with Kronecker factors. */
    enum LayerForm {
        /** None. */
        NONE,
        /** Rows of data times a weight. */
        DENSE,
        /** Images convolved with a weight. */
        CONVOLUTION
    }

    /** The rule of a family with f'' = 0 wherever it exists: tangents and adjoint tangents follow from the rest. */
    interface WithoutCurvature extends Rule {
        /** By {@link #tangents}, which sets second tangents only if they are needed. */
        @Override
        default void firstTangents(Op op, Emitter emitter) {
            tangents(op, emitter);
        }

        /** b_x += f'(x)^T b_y: what {@link #reverse} does with b. */
        @Override
        default void adjointTangents(Op op, Emitter emitter) {
            if (emitter.adjoint(op.output()) != null) {
                reverse(op, emitter);
            }
        }

        @Override
        default boolean isNonlinear() {
            return false;
        }
    }
}

package io.etastar.taylor;

import io.etastar.graph.GraphOp;

/**
 * A linear map A of a tensor, for {@link Rules#linear}: moves, sums, fixed weights. Tensors are row-major.
 *
 * <p>If the input holds samples they are its first axis; the map must give one output for each, and keep them apart.
 */
public interface LinearFunction {
    /**
     * Shape of the output.
     *
     * @param op with its arguments
     * @param input shape of the input
     */
    int[] outputShape(GraphOp op, int... input);

    /**
     * out = A in.
     *
     * @param input shape of the input
     * @param in the input; not to be changed
     * @param out filled with zeros
     */
    void apply(GraphOp op, int[] input, double[] in, double[] out);

    /**
     * out = A^T in.
     *
     * @param input shape of the input of A, which is that of {@code out}
     * @param in of the shape of A's output; not to be changed
     * @param out filled with zeros
     */
    void transpose(GraphOp op, int[] input, double[] in, double[] out);
}

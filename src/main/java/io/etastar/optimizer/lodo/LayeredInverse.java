package io.etastar.optimizer.lodo;

import java.util.Arrays;
import java.util.Random;

/**
 * G = alpha_0 [I 0] M' D M [I 0]' with M = L_N P_N ... L_1 P_1: P_i fixed random permutations of {@code width} numbers, L_i
 * sparse layers, D diagonal. Widening pads with zeros, narrowing takes the first P numbers.
 *
 * <p>The hypergradient is that of -alpha_0 (M g)' D (M m): a layer gets one term from the way of m and one from that of g. The
 * mirrored half of {@link #multiply} has already been the way back for m; what both halves pass through is kept.
 */
abstract class LayeredInverse implements LearnedInverse {
    final int width;
    final int layers;
    private final int size;
    private final double initial;
    private final int[] permutations;
    private final double[] current;
    private final double[] inputsOfM;
    private final double[] adjointsOfM;
    private final double[] topOfM;
    private final double[] inputsOfG;

    LayeredInverse(int size, int width, int layers, double initial, Random random) {
        this.size = size;
        this.width = width;
        this.layers = layers;
        this.initial = initial;
        permutations = permutations(random);
        current = new double[width];
        topOfM = new double[width];
        inputsOfM = new double[layers * width];
        adjointsOfM = new double[layers * width];
        inputsOfG = new double[layers * width];
    }

    private int[] permutations(Random random) {
        int[] drawn = new int[layers * width];
        for (int layer = 0; layer < layers; layer++) {
            int from = layer * width;
            for (int i = 0; i < width; i++) {
                int other = random.nextInt(i + 1);
                drawn[from + i] = drawn[from + other];
                drawn[from + other] = i;
            }
        }
        return drawn;
    }

    /** L of {@code layer}: from {@code inputs} at {@code from} to {@code result}, which holds the layer's input unpermuted. */
    abstract void forward(int layer, double[] inputs, int from, double[] result);

    /**
     * L' and P' of {@code layer}.
     *
     * @param adjoints of the layer's output, at {@code from}; equal to what is in {@code result}
     * @param permutation of the layer, at {@code from}
     * @param result holds the adjoint of the layer's input afterwards
     */
    abstract void backward(int layer, double[] adjoints, int from, int[] permutation, double[] result);

    /** D, in place. */
    abstract void middle(double[] values);

    /** Adds to {@code result} {@code factor} times the gradient of a layer for these inputs and adjoints, at {@code from}. */
    abstract void addGradient(int layer, double factor, double[] inputs, double[] adjoints, int from, double[] result);

    /** Adds to {@code result} {@code factor} times the gradient of D between these two. */
    abstract void addMiddleGradient(double factor, double[] left, double[] right, double[] result);

    @Override
    public final void multiply(double[] m, double[] result) {
        climb(m, inputsOfM);
        System.arraycopy(current, 0, topOfM, 0, width);
        middle(current);
        for (int layer = layers - 1; layer >= 0; layer--) {
            descend(layer, adjointsOfM);
        }
        for (int p = 0; p < size; p++) {
            result[p] = initial * current[p];
        }
    }

    @Override
    public final void hypergradient(double[] g, double[] result) {
        Arrays.fill(result, 0);
        climb(g, inputsOfG);
        addMiddleGradient(-initial, topOfM, current, result);
        middle(current);
        for (int layer = layers - 1; layer >= 0; layer--) {
            int from = layer * width;
            addGradient(layer, -initial, inputsOfG, adjointsOfM, from, result);
            // The adjoints on the way of m may be overwritten now by those on the way of g.
            descend(layer, adjointsOfM);
            addGradient(layer, -initial, inputsOfM, adjointsOfM, from, result);
        }
    }

    /** From a vector [P] to the top of M, in {@link #current}; keeps the layers' permuted inputs. */
    private void climb(double[] vector, double[] inputs) {
        System.arraycopy(vector, 0, current, 0, size);
        Arrays.fill(current, size, width, 0);
        for (int layer = 0; layer < layers; layer++) {
            int from = layer * width;
            for (int i = 0; i < width; i++) {
                inputs[from + i] = current[permutations[from + i]];
            }
            forward(layer, inputs, from, current);
        }
    }

    /** One layer down in {@link #current}; keeps the adjoint of its output. */
    private void descend(int layer, double[] adjoints) {
        int from = layer * width;
        System.arraycopy(current, 0, adjoints, from, width);
        backward(layer, adjoints, from, permutations, current);
    }
}

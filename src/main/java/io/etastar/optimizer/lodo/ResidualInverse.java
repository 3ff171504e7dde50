package io.etastar.optimizer.lodo;

import java.util.Arrays;
import java.util.Random;

/**
 * Layers h + w (P h), w learned, N(0, 1/N) at first, and a learned diagonal D between the halves, 1 at first. phi is w layer
 * by layer, then D.
 */
public final class ResidualInverse extends LayeredInverse {
    private final double[] learned;
    private final int diagonal;

    /**
     * @param size P; the width is 2 P
     * @param layers N
     * @param initial alpha_0
     * @param random of permutations and w
     */
    public ResidualInverse(int size, int layers, double initial, Random random) {
        super(size, 2 * size, layers, initial, random);
        diagonal = layers * width;
        learned = new double[diagonal + width];
        for (int i = 0; i < diagonal; i++) {
            learned[i] = random.nextGaussian() / Math.sqrt(layers);
        }
        Arrays.fill(learned, diagonal, learned.length, 1);
    }

    @Override
    public double[] learned() {
        return learned;
    }

    @Override
    void forward(int layer, double[] inputs, int from, double[] result) {
        for (int i = 0; i < width; i++) {
            result[i] += learned[from + i] * inputs[from + i];
        }
    }

    @Override
    void backward(int layer, double[] adjoints, int from, int[] permutation, double[] result) {
        for (int i = from; i < from + width; i++) {
            result[permutation[i]] += learned[i] * adjoints[i];
        }
    }

    @Override
    void middle(double[] values) {
        for (int i = 0; i < width; i++) {
            values[i] *= learned[diagonal + i];
        }
    }

    @Override
    void addGradient(int layer, double factor, double[] inputs, double[] adjoints, int from, double[] result) {
        for (int i = from; i < from + width; i++) {
            result[i] += factor * inputs[i] * adjoints[i];
        }
    }

    @Override
    void addMiddleGradient(double factor, double[] left, double[] right, double[] result) {
        for (int i = 0; i < width; i++) {
            result[diagonal + i] += factor * left[i] * right[i];
        }
    }
}

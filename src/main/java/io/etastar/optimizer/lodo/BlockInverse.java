package io.etastar.optimizer.lodo;

import java.util.Random;

/**
 * Layers of independent k x k blocks, learned, orthogonal at first: G = alpha_0 I at the start, and symmetric positive
 * semidefinite always. Blocks act on row vectors in M, on column vectors in M'.
 */
public final class BlockInverse extends LayeredInverse {
    private final int block;
    private final double[] learned;

    /**
     * @param size P
     * @param layers N
     * @param block k
     * @param initial alpha_0
     * @param random of permutations and blocks
     */
    public BlockInverse(int size, int layers, int block, double initial, Random random) {
        super(size, width(size, block), layers, initial, random);
        this.block = block;
        learned = new double[layers * width * block];
        for (int from = 0; from < learned.length; from += block * block) {
            System.arraycopy(RandomOrthogonal.draw(block, random), 0, learned, from, block * block);
        }
    }

    /** The next multiple of k above 2 P. */
    static int width(int size, int block) {
        return 2 * size + block - 2 * size % block;
    }

    @Override
    public double[] learned() {
        return learned;
    }

    @Override
    void forward(int layer, double[] inputs, int from, double[] result) {
        int weight = from * block;
        for (int first = 0; first < width; first += block) {
            for (int column = 0; column < block; column++) {
                double sum = 0;
                for (int row = 0; row < block; row++) {
                    sum += inputs[from + first + row] * learned[weight + row * block + column];
                }
                result[first + column] = sum;
            }
            weight += block * block;
        }
    }

    @Override
    void backward(int layer, double[] adjoints, int from, int[] permutation, double[] result) {
        int weight = from * block;
        for (int first = 0; first < width; first += block) {
            for (int row = 0; row < block; row++) {
                double sum = 0;
                for (int column = 0; column < block; column++) {
                    sum += learned[weight++] * adjoints[from + first + column];
                }
                result[permutation[from + first + row]] = sum;
            }
        }
    }

    @Override
    void middle(double[] values) {
        // D = I.
    }

    @Override
    void addGradient(int layer, double factor, double[] inputs, double[] adjoints, int from, double[] result) {
        int weight = from * block;
        for (int first = from; first < from + width; first += block) {
            for (int row = 0; row < block; row++) {
                double scaled = factor * inputs[first + row];
                for (int column = 0; column < block; column++) {
                    result[weight++] += scaled * adjoints[first + column];
                }
            }
        }
    }

    @Override
    void addMiddleGradient(double factor, double[] left, double[] right, double[] result) {
        // D = I is not learned.
    }
}

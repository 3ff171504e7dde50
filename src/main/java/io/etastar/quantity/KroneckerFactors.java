package io.etastar.quantity;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.List;

/**
 * The two Kronecker factors of every layer's block of the Fisher matrix, summed over samples (J. Martens, R. Grosse, arXiv
 * 1503.05671; convolutions: R. Grosse, J. Martens, arXiv 1602.01407).
 *
 * <p>With a_t the layer's input at position t of a sample (followed by a 1 if the layer has a bias) and s_t the derivative of
 * the sample's loss in the layer's output there, before any activation: A = sum of a_t a_t', S = sum of s_t s_t', over positions
 * and over samples times their weights. A dense layer has one position, a convolution one for each pixel of its output.
 *
 * <p>Matrices are symmetric and travel as their lower triangles, row by row: n (n + 1) / 2 numbers.
 */
public final class KroneckerFactors implements Sum<KroneckerFactors> {
    private static final long serialVersionUID = 1L;

    /**
     * A layer.
     *
     * @param weight index of its weight in the parameter layout
     * @param bias index of its bias, or -1
     * @param inputs side of A: numbers that one output reads, the 1 of the bias included
     * @param outputs side of S
     * @param positions places of a sample where the weight is used
     * @param inputsFirst whether the weight is [inputs, outputs], else [outputs, inputs]
     */
    public record Layer(int weight, int bias, int inputs, int outputs, int positions, boolean inputsFirst)
            implements Serializable {
        /** Inputs without the 1 of the bias. */
        public int weightInputs() {
            return bias < 0 ? inputs : inputs - 1;
        }
    }

    private final List<Layer> layers;
    private final RawArray[] a;
    private final RawArray[] s;
    private double samples;

    /**
     * @param samples sum of the samples' weights
     * @param layers in any order that is the same for all sums
     * @param a lower triangles of the sums A, by layer; shared
     * @param s lower triangles of the sums S, by layer; shared
     * @throws IllegalArgumentException if lengths do not fit
     */
    public KroneckerFactors(double samples, List<Layer> layers, RawArray[] a, RawArray[] s) {
        this.samples = samples;
        this.layers = List.copyOf(layers);
        this.a = a;
        this.s = s;
        for (int i = 0; i < layers.size(); i++) {
            require(a[i], layers.get(i).inputs());
            require(s[i], layers.get(i).outputs());
        }
    }

    private static void require(RawArray triangle, int side) {
        if (triangle.length() != length(side)) {
            throw new IllegalArgumentException(triangle.length() + " numbers for a triangle of side " + side);
        }
    }

    /** Numbers of the lower triangle of a matrix of that side. */
    public static int length(int side) {
        return Math.toIntExact((long) side * (side + 1) / 2);
    }

    /** Sum of the samples' weights. */
    public double samples() {
        return samples;
    }

    /** The layers, in the order of their factors. */
    public List<Layer> layers() {
        return layers;
    }

    /** The sum A of layer {@code i}; shared. */
    public RawArray a(int i) {
        return a[i];
    }

    /** The sum S of layer {@code i}; shared. */
    public RawArray s(int i) {
        return s[i];
    }

    /** Adds {@code other}, of the same layers, in place and returns this. */
    @Override
    public KroneckerFactors merge(KroneckerFactors other) {
        if (!layers.equals(other.layers)) {
            throw new IllegalArgumentException("factors of different layers");
        }
        samples += other.samples;
        for (int i = 0; i < a.length; i++) {
            a[i].addInPlace(other.a[i]);
            s[i].addInPlace(other.s[i]);
        }
        return this;
    }

    /** A of layer {@code i}, the mean over samples of the sum over positions; a new array. */
    public double[] meanA(int i) {
        return divided(a[i], samples);
    }

    /**
     * S of layer {@code i}, the mean over samples and positions; a new array. The layer's block of the Fisher matrix of the mean
     * loss is about the Kronecker product of {@link #meanA} and this.
     */
    public double[] meanS(int i) {
        return divided(s[i], samples * layers.get(i).positions());
    }

    private static double[] divided(RawArray sum, double by) {
        double[] mean = sum.toDoubles();
        for (int k = 0; k < mean.length; k++) {
            mean[k] /= by;
        }
        return mean;
    }
}

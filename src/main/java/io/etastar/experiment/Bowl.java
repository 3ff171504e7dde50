package io.etastar.experiment;

import io.etastar.data.Permutation;
import io.etastar.optimizer.lodo.RandomOrthogonal;
import java.util.Arrays;
import java.util.Random;

/**
 * L(x) = (x - c)' H (x - c) / 2 with H = Q diag(lambda) Q', Q a random rotation, lambda in geometric progression up to 1. The
 * centre c starts at 0 and is moved by N(0, sigma^2 I) whenever a new step asks for it. The largest eigenvalues may be negated: c
 * is a saddle point then.
 */
final class Bowl extends ClosedForm {
    private final int size;
    private final double sigma;
    private final Random moves;
    private final double[] q;
    private final double[] eigenvalues;
    private final double[] h;
    private final double[] centre;
    private final double[] offset;
    private final double[] slope;
    private long step = -1;

    /**
     * @param size P
     * @param least smallest eigenvalue
     * @param sigma standard deviation of a move in each coordinate
     * @param negative how many of the largest eigenvalues are negated
     * @param seed of rotation and moves
     */
    Bowl(int size, double least, double sigma, int negative, long seed) {
        super(size);
        this.size = size;
        this.sigma = sigma;
        moves = new Random(Permutation.mix(seed, 1));
        q = RandomOrthogonal.draw(size, new Random(Permutation.mix(seed, 2)));
        eigenvalues = new double[size];
        for (int i = 0; i < size; i++) {
            eigenvalues[i] = size == 1 ? 1 : Math.pow(least, 1 - i / (size - 1.0));
            eigenvalues[i] *= i >= size - negative ? -1 : 1;
        }
        h = power(1);
        centre = new double[size];
        offset = new double[size];
        slope = new double[size];
    }

    /** H^-1, row-major [P, P], new. */
    double[] inverse() {
        return power(-1);
    }

    /**
     * (H + shift I)^-1 v.
     *
     * @param result [P], overwritten
     */
    void solve(double shift, double[] v, double[] result) {
        Arrays.fill(result, 0);
        for (int i = 0; i < size; i++) {
            double part = along(i, v) / (eigenvalues[i] + shift);
            for (int p = 0; p < size; p++) {
                result[p] += part * q[i * size + p];
            }
        }
    }

    private double along(int eigenvector, double[] v) {
        double part = 0;
        for (int p = 0; p < size; p++) {
            part += q[eigenvector * size + p] * v[p];
        }
        return part;
    }

    /** Distance of {@code x} from the centre along the eigenvectors of negative eigenvalues. */
    double downhill(double[] x) {
        double[] from = new double[size];
        for (int p = 0; p < size; p++) {
            from[p] = x[p] - centre[p];
        }
        double square = 0;
        for (int i = 0; i < size; i++) {
            double part = eigenvalues[i] < 0 ? along(i, from) : 0;
            square += part * part;
        }
        return Math.sqrt(square);
    }

    private double[] power(int exponent) {
        double[] power = new double[size * size];
        for (int i = 0; i < size; i++) {
            double eigenvalue = Math.pow(eigenvalues[i], exponent);
            for (int row = 0; row < size; row++) {
                double factor = eigenvalue * q[i * size + row];
                for (int column = 0; column < size; column++) {
                    power[row * size + column] += factor * q[i * size + column];
                }
            }
        }
        return power;
    }

    @Override
    void at(long asked) {
        if (asked < step) {
            throw new IllegalArgumentException("step " + asked + " after step " + step + ": the centre only moves on");
        }
        for (; step < asked; step++) {
            for (int i = 0; i < size; i++) {
                centre[i] += sigma * moves.nextGaussian();
            }
        }
    }

    @Override
    double value(double[] x) {
        slope(x);
        return dot(offset, slope) / 2;
    }

    @Override
    double[] gradient(double[] x) {
        slope(x);
        return slope.clone();
    }

    private void slope(double[] x) {
        for (int i = 0; i < size; i++) {
            offset[i] = x[i] - centre[i];
        }
        multiply(h, offset, slope);
    }

    @Override
    double[] product(double[] x, double[] v) {
        double[] product = new double[size];
        multiply(h, v, product);
        return product;
    }

    @Override
    double third(double[] x, double[] v) {
        return 0;
    }

    /** {@code result} = {@code matrix} {@code v} for a symmetric matrix [P, P], which is summed over its columns. */
    static void multiply(double[] matrix, double[] v, double[] result) {
        int size = v.length;
        Arrays.fill(result, 0);
        for (int i = 0; i < size; i++) {
            double factor = v[i];
            int row = i * size;
            for (int j = 0; j < size; j++) {
                result[j] += factor * matrix[row + j];
            }
        }
    }
}

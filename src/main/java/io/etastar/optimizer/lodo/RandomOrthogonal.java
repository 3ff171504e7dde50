package io.etastar.optimizer.lodo;

import java.util.Random;

/** Orthogonal matrices, uniformly distributed (Haar): Gram and Schmidt's process on a Gaussian matrix. */
public final class RandomOrthogonal {
    private RandomOrthogonal() {}

    /**
     * A matrix.
     *
     * @param size of its sides
     * @param random source of size^2 Gaussian numbers at least
     * @return row-major [size, size], new
     */
    public static double[] draw(int size, Random random) {
        double[] q = new double[size * size];
        for (int row = 0; row < size; row++) {
            do {
                for (int i = 0; i < size; i++) {
                    q[row * size + i] = random.nextGaussian();
                }
                // Twice is enough for orthogonality to rounding.
                project(q, row, size);
            } while (!(normalise(q, row, size) > 1e-6));
            project(q, row, size);
            normalise(q, row, size);
        }
        return q;
    }

    private static void project(double[] q, int row, int size) {
        for (int other = 0; other < row; other++) {
            double product = 0;
            for (int i = 0; i < size; i++) {
                product += q[row * size + i] * q[other * size + i];
            }
            for (int i = 0; i < size; i++) {
                q[row * size + i] -= product * q[other * size + i];
            }
        }
    }

    private static double normalise(double[] q, int row, int size) {
        double square = 0;
        for (int i = 0; i < size; i++) {
            square += q[row * size + i] * q[row * size + i];
        }
        double norm = Math.sqrt(square);
        for (int i = 0; i < size; i++) {
            q[row * size + i] /= norm;
        }
        return norm;
    }
}

package io.etastar.curvature;

import io.etastar.solve.Eigen;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What H [S, S] of a derivative summary says about S subsets: derivatives of f(eta) = L(theta + sum_s eta_s u_s) at 0.
 *
 * @param spectrum eigenvalues, ascending [S], and eigenvectors of H; null if H is not finite
 * @param inverse H^-1 [S, S], exactly symmetric; null if H is singular to working precision
 * @param condition largest over smallest magnitude of the eigenvalues of H once its rows are brought to the same scale;
 *     infinite if the smallest is 0, NaN if H is not finite
 * @param normalised C_st = H_st / sqrt(|H_ss H_tt|) [S, S], 1 or -1 on the diagonal, within [-1, 1] if H is positive
 *     definite; NaN if H_ss or H_tt is 0. Rescaling a subset's direction does not change it
 */
public record Interactions(
        @Nullable Eigen spectrum, double @Nullable [][] inverse, double condition, double[][] normalised) {
    /** Reads {@code h}, which must be symmetric and is left as it is. */
    public static Interactions of(double[][] h) {
        SymmetricInverse inverse = SymmetricInverse.of(h);
        Eigen spectrum = Double.isNaN(inverse.condition()) ? null : Eigen.of(h);
        return new Interactions(spectrum, inverse.inverse(), inverse.condition(), normalise(h));
    }

    private static double[][] normalise(double[][] h) {
        double[][] normalised = new double[h.length][h.length];
        for (int s = 0; s < h.length; s++) {
            for (int t = 0; t < h.length; t++) {
                double rows = Math.sqrt(Math.abs(h[s][s]));
                double columns = Math.sqrt(Math.abs(h[t][t]));
                normalised[s][t] = rows == 0 || columns == 0 ? Double.NaN : h[s][t] / rows / columns;
            }
            normalised[s][s] = h[s][s] == 0 ? Double.NaN : Math.signum(h[s][s]);
        }
        return normalised;
    }

    /** Indices of the subsets of {@code kind}, ascending. */
    public static int[] subsets(List<Kind> kinds, Kind kind) {
        return IntStream.range(0, kinds.size())
                .filter(s -> kinds.get(s) == kind)
                .toArray();
    }

    /** matrix[rows][columns], a new array. */
    public static double[][] block(double[][] matrix, int[] rows, int[] columns) {
        double[][] block = new double[rows.length][columns.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                block[i][j] = matrix[rows[i]][columns[j]];
            }
        }
        return block;
    }

    /**
     * Inverse of a symmetric matrix whose rows may have different units, weights against biases.
     *
     * <p>Rows and columns are first scaled, alike, until the largest entry of each is about 1; then A = V diag(lambda) V' is
     * inverted. A counts as singular if its smallest |lambda| is at most S 2^-52 times the largest: the verdict does not change
     * when a subset's direction is rescaled. Source of the scaling: D. Ruiz, "A scaling algorithm to equilibrate both rows and
     * columns norms in matrices", RAL-TR-2001-034.
     *
     * @param inverse [n, n], or null if the matrix is singular to working precision or not finite
     * @param condition largest over smallest |lambda| of the scaled matrix
     */
    private record SymmetricInverse(double @Nullable [][] inverse, double condition) {
        private static final int ROUNDS = 30;

        static SymmetricInverse of(double[][] matrix) {
            if (!Arrays.stream(matrix).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)) {
                return new SymmetricInverse(null, Double.NaN);
            }
            int n = matrix.length;
            double[] scale = scale(matrix);
            Eigen eigen = scale == null ? null : Eigen.of(scaled(matrix, scale));
            if (scale == null || eigen == null) {
                return new SymmetricInverse(null, Double.POSITIVE_INFINITY);
            }
            double largest = Math.max(Math.abs(eigen.values()[0]), Math.abs(eigen.values()[n - 1]));
            double smallest = Arrays.stream(eigen.values()).map(Math::abs).min().orElseThrow();
            boolean singular = !(smallest > n * Math.ulp(1.0) * largest);
            return new SymmetricInverse(singular ? null : invert(eigen, scale), largest / smallest);
        }

        /** Factors of the rows; null if a row is 0. */
        private static double @Nullable [] scale(double[][] matrix) {
            double[] scale = new double[matrix.length];
            Arrays.fill(scale, 1);
            for (int round = 0; round < ROUNDS; round++) {
                double[][] scaled = scaled(matrix, scale);
                for (int s = 0; s < scale.length; s++) {
                    double largest =
                            Arrays.stream(scaled[s]).map(Math::abs).max().orElseThrow();
                    if (largest == 0) {
                        return null;
                    }
                    scale[s] /= Math.sqrt(largest);
                }
            }
            return scale;
        }

        private static double[][] scaled(double[][] matrix, double... scale) {
            double[][] scaled = new double[scale.length][scale.length];
            for (int s = 0; s < scale.length; s++) {
                for (int t = 0; t < scale.length; t++) {
                    scaled[s][t] = matrix[s][t] * scale[s] * scale[t];
                }
            }
            return scaled;
        }

        private static double[][] invert(Eigen eigen, double... scale) {
            int n = scale.length;
            double[][] inverse = new double[n][n];
            for (int s = 0; s < n; s++) {
                for (int t = 0; t <= s; t++) {
                    double sum = 0;
                    for (int i = 0; i < n; i++) {
                        sum += eigen.vectors()[i][s] * eigen.vectors()[i][t] / eigen.values()[i];
                    }
                    inverse[s][t] = sum * scale[s] * scale[t];
                    inverse[t][s] = inverse[s][t];
                }
            }
            return inverse;
        }
    }
}

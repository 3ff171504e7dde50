package io.etastar.curvature;

import io.etastar.solve.Eigen;
import java.util.List;
import java.util.stream.IntStream;

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
public record Interactions(Eigen spectrum, double[][] inverse, double condition, double[][] normalised) {
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
}

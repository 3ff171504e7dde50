package io.etastar.solve;

import java.util.Random;

/** Random eta* problems. */
record Problems(double[] g, double[][] h, double[] order3) {
    /** Eigenvalues of H uniform in [lowest, highest] in a random basis. */
    static Problems random(int size, double lowest, double highest, Random random) {
        double[][] h = new double[size][size];
        for (int s = 0; s < size; s++) {
            h[s][s] = lowest + (highest - lowest) * random.nextDouble();
        }
        for (int k = 0; k < 3 * size && size > 1; k++) {
            rotate(h, random);
        }
        double[] g = random.doubles(size, -1, 1).toArray();
        double[] order3 = random.doubles(size, -1, 1).toArray();
        return new Problems(g, h, order3);
    }

    private static void rotate(double[][] h, Random random) {
        int p = random.nextInt(h.length);
        int q = (p + 1 + random.nextInt(h.length - 1)) % h.length;
        double angle = random.nextDouble() * Math.PI;
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        for (int k = 0; k < h.length; k++) {
            double a = h[p][k];
            double b = h[q][k];
            h[p][k] = c * a - s * b;
            h[q][k] = s * a + c * b;
        }
        for (double[] row : h) {
            double a = row[p];
            double b = row[q];
            row[p] = c * a - s * b;
            row[q] = s * a + c * b;
        }
        for (int i = 0; i < h.length; i++) {
            for (int j = 0; j < i; j++) {
                h[i][j] = h[j][i];
            }
        }
    }

    /** The same function in eta_s / c_s. */
    Problems rescaled(double[] c) {
        int n = c.length;
        Problems scaled = new Problems(new double[n], new double[n][n], new double[n]);
        for (int s = 0; s < n; s++) {
            scaled.g[s] = g[s] * c[s];
            scaled.order3[s] = order3[s] * c[s] * c[s] * c[s];
            for (int t = 0; t < n; t++) {
                scaled.h[s][t] = h[s][t] * c[s] * c[t];
            }
        }
        return scaled;
    }

    EtaSolution solve(double lambda) {
        return EtaSolver.solve(g, h, order3, lambda);
    }
}

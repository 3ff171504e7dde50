package io.etastar.solve;

/** eta* by bisection on r, with plain loops: shares nothing with the solver. */
final class SlowCubic {
    private final double[] g;
    private final double[][] h;
    private final double[] d;
    private final double lambda;

    SlowCubic(double[] g, double[][] h, double[] order3, double lambda) {
        this.g = g;
        this.h = h;
        this.lambda = lambda;
        d = new double[g.length];
        for (int s = 0; s < d.length; s++) {
            d[s] = Math.pow(Math.abs(order3[s]), 1 / 3.0);
        }
    }

    /** The root on the side where the matrix is positive definite; null where bisection finds none. */
    double[] eta() {
        double low = 0;
        if (factor(0) == null) {
            double high = 1;
            while (factor(high) == null) {
                low = high;
                high *= 2;
                if (high > 1e30) {
                    return null;
                }
            }
            for (int i = 0; i < 200; i++) {
                double middle = 0.5 * (low + high);
                if (factor(middle) == null) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            low = high;
            if (excess(low) < 0) {
                return null;
            }
        }
        double high = Math.max(1e-30, 2 * low);
        while (excess(high) > 0) {
            high *= 2;
        }
        for (int i = 0; i < 300; i++) {
            double middle = 0.5 * (low + high);
            if (excess(middle) > 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return solve(high);
    }

    private double excess(double r) {
        double[] eta = solve(r);
        double sum = 0;
        for (int s = 0; s < d.length; s++) {
            sum += d[s] * eta[s] * d[s] * eta[s];
        }
        return Math.sqrt(sum) - r;
    }

    private double[] solve(double r) {
        double[][] l = factor(r);
        int n = g.length;
        double[] x = g.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= l[i][k] * x[k];
            }
            x[i] /= l[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= l[k][i] * x[k];
            }
            x[i] /= l[i][i];
        }
        return x;
    }

    private double[][] factor(double r) {
        int n = g.length;
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = h[i][j] + (i == j ? 0.5 * lambda * r * d[i] * d[i] : 0);
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                if (i == j && !(sum > 0)) {
                    return null;
                }
                l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
            }
        }
        return l;
    }
}

package io.etastar.optimizer;

/** Norms and products of parameter vectors. */
public final class Norms {
    private Norms() {}

    public static double euclidean(double[] a) {
        return euclidean(a, 0, a.length);
    }

    /** Norm of the elements {@code from} to {@code to}, the last one left out. */
    public static double euclidean(double[] a, int from, int to) {
        double sum = 0;
        for (int p = from; p < to; p++) {
            sum += a[p] * a[p];
        }
        return Math.sqrt(sum);
    }

    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int p = 0; p < a.length; p++) {
            sum += a[p] * b[p];
        }
        return sum;
    }
}

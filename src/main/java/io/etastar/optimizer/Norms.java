package io.etastar.optimizer;

/** Norms of parameter vectors. */
final class Norms {
    private Norms() {}

    static double euclidean(double[] a) {
        double sum = 0;
        for (double value : a) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}

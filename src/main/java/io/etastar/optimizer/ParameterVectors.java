package io.etastar.optimizer;

/** Arithmetic on vectors of all parameters [P]. */
public final class ParameterVectors {
    private ParameterVectors() {}

    /** The Euclidean norm. */
    public static double euclidean(double[] a) {
        return euclidean(a, 0, a.length);
    }

    /** The Euclidean norm of the elements from {@code from} to before {@code to}. */
    public static double euclidean(double[] a, int from, int to) {
        double sum = 0;
        for (int p = from; p < to; p++) {
            sum += a[p] * a[p];
        }
        return Math.sqrt(sum);
    }

    /** The inner product. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int p = 0; p < a.length; p++) {
            sum += a[p] * b[p];
        }
        return sum;
    }

    /**
     * gradient + decay theta: the gradient of a loss to which the penalty decay |theta|^2 / 2 is added.
     *
     * @return a new array, or {@code gradient} itself if {@code decay} is 0
     */
    public static double[] decayed(double[] gradient, double[] theta, double decay) {
        if (decay == 0) {
            return gradient;
        }
        double[] sum = gradient.clone();
        for (int p = 0; p < sum.length; p++) {
            sum[p] += decay * theta[p];
        }
        return sum;
    }
}

package io.etastar.solve;

/** The few vector operations of this package. */
final class Vectors {
    private Vectors() {}

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Euclidean norm, safe from overflow and underflow. */
    static double norm(double[] a) {
        double largest = 0;
        for (double value : a) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (double value : a) {
            sum += (value / largest) * (value / largest);
        }
        return largest * Math.sqrt(sum);
    }

    static boolean finite(double[] a) {
        for (double value : a) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** a[rows], in that order. */
    static double[] take(double[] a, int[] rows) {
        double[] taken = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            taken[i] = a[rows[i]];
        }
        return taken;
    }

    /** a[rows][columns]. */
    static double[][] take(double[][] a, int[] rows, int[] columns) {
        double[][] taken = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            taken[i] = take(a[rows[i]], columns);
        }
        return taken;
    }
}

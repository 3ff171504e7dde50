package io.etastar.optimizer.gen;

/**
 * L(0) + a x^2 / 2 - b x, fitted by least squares to losses at points that lie symmetrically about 0.
 *
 * @param a second derivative
 * @param b minus the first derivative
 * @param fit R^2 = 1 - (sum of squared errors) / (sum of squares about the mean), the point 0 included
 */
record Parabola(double a, double b, double fit) {
    /**
     * a = 2 sum x^2 dL / sum x^4, b = - sum x dL / sum x^2, dL = L(x) - L(0).
     *
     * @param x points, symmetric about the one in the middle, which is 0
     * @param losses at the points
     */
    static Parabola through(double[] x, double[] losses) {
        double zero = losses[x.length / 2];
        double x2 = 0;
        double x4 = 0;
        double xl = 0;
        double x2l = 0;
        double mean = 0;
        for (int i = 0; i < x.length; i++) {
            double square = x[i] * x[i];
            x2 += square;
            x4 += square * square;
            xl += x[i] * (losses[i] - zero);
            x2l += square * (losses[i] - zero);
            mean += (losses[i] - zero) / x.length;
        }
        double a = 2 * x2l / x4;
        double b = -xl / x2;
        double errors = 0;
        double spread = 0;
        for (int i = 0; i < x.length; i++) {
            double error = losses[i] - zero - (0.5 * a * x[i] * x[i] - b * x[i]);
            errors += error * error;
            spread += (losses[i] - zero - mean) * (losses[i] - zero - mean);
        }
        return new Parabola(a, b, 1 - errors / spread);
    }
}

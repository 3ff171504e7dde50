package io.etastar.optimizer.lodo;

/**
 * Descends the hypergradient: plainly, or by Adam in the form of Keras, phi -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m /
 * (sqrt(v) + 1e-7) with beta1 = 0.9, beta2 = 0.999. Its running means are open to whoever keeps the state.
 */
public final class MetaOptimizer {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-7;

    private final double rate;
    private final boolean adam;
    private final double[] first;
    private final double[] second;
    private long steps;

    /**
     * @param adam whether it is Adam
     * @param rate learning rate
     * @param size of phi
     */
    public MetaOptimizer(boolean adam, double rate, int size) {
        this.adam = adam;
        this.rate = rate;
        first = new double[adam ? size : 0];
        second = new double[adam ? size : 0];
    }

    /** Running mean of the hypergradient, empty without Adam; its own array. */
    public double[] first() {
        return first;
    }

    /** Running mean of its square, empty without Adam; its own array. */
    public double[] second() {
        return second;
    }

    /** Updates so far. */
    public long steps() {
        return steps;
    }

    /** Goes on after that many updates. */
    public void resume(long done) {
        steps = done;
    }

    /** Changes {@code learned} in place. */
    public void update(double[] learned, double[] gradient) {
        steps++;
        if (!adam) {
            for (int i = 0; i < learned.length; i++) {
                learned[i] -= rate * gradient[i];
            }
            return;
        }
        double corrected = rate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        for (int i = 0; i < learned.length; i++) {
            double g = gradient[i];
            first[i] = BETA1 * first[i] + (1 - BETA1) * g;
            second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
            learned[i] -= corrected * first[i] / (Math.sqrt(second[i]) + EPSILON);
        }
    }
}

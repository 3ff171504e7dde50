package io.etastar.optimizer.lodo;

/** G = alpha_0 phi I with one number phi, 1 at first: a learning rate that is learned. */
public final class GlobalInverse implements LearnedInverse {
    private final double initial;
    private final double[] learned = {1};
    private final double[] last;

    /**
     * @param size P
     * @param initial alpha_0
     */
    public GlobalInverse(int size, double initial) {
        this.initial = initial;
        last = new double[size];
    }

    @Override
    public double[] learned() {
        return learned;
    }

    @Override
    public void multiply(double[] m, double[] result) {
        System.arraycopy(m, 0, last, 0, last.length);
        for (int p = 0; p < m.length; p++) {
            result[p] = initial * learned[0] * m[p];
        }
    }

    @Override
    public void hypergradient(double[] g, double[] result) {
        double product = 0;
        for (int p = 0; p < g.length; p++) {
            product += last[p] * g[p];
        }
        result[0] = -initial * product;
    }
}

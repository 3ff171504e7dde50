package io.etastar.optimizer.lodo;

/**
 * G = phi, a full matrix [P, P], {@code initial} times the identity at first and not kept symmetric: the case that the theory of
 * arXiv 2210.06171 is about.
 */
public final class DenseInverse implements LearnedInverse {
    private final double[] learned;
    private final double[] last;

    /**
     * @param size P
     * @param initial alpha_0
     */
    public DenseInverse(int size, double initial) {
        learned = new double[size * size];
        last = new double[size];
        for (int p = 0; p < size; p++) {
            learned[p * size + p] = initial;
        }
    }

    @Override
    public double[] learned() {
        return learned;
    }

    @Override
    public void multiply(double[] m, double[] result) {
        System.arraycopy(m, 0, last, 0, last.length);
        for (int row = 0; row < m.length; row++) {
            double sum = 0;
            for (int column = 0; column < m.length; column++) {
                sum += learned[row * m.length + column] * m[column];
            }
            result[row] = sum;
        }
    }

    @Override
    public void hypergradient(double[] g, double[] result) {
        for (int row = 0; row < g.length; row++) {
            for (int column = 0; column < g.length; column++) {
                result[row * g.length + column] = -g[row] * last[column];
            }
        }
    }
}

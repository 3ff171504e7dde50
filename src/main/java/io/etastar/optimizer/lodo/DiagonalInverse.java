package io.etastar.optimizer.lodo;

import java.util.Arrays;

/** G = alpha_0 diag(phi), phi = 1 at first. */
public final class DiagonalInverse implements LearnedInverse {
    private final double initial;
    private final double[] learned;
    private final double[] last;

    /**
     * @param size P
     * @param initial alpha_0
     */
    public DiagonalInverse(int size, double initial) {
        this.initial = initial;
        learned = new double[size];
        last = new double[size];
        Arrays.fill(learned, 1);
    }

    @Override
    public double[] learned() {
        return learned;
    }

    @Override
    public void multiply(double[] m, double[] result) {
        System.arraycopy(m, 0, last, 0, last.length);
        for (int p = 0; p < m.length; p++) {
            result[p] = initial * learned[p] * m[p];
        }
    }

    @Override
    public void hypergradient(double[] g, double[] result) {
        for (int p = 0; p < g.length; p++) {
            result[p] = -initial * last[p] * g[p];
        }
    }
}

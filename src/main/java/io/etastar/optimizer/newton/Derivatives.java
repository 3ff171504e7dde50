package io.etastar.optimizer.newton;

import io.etastar.quantity.DerivativeSummary;
import java.util.Arrays;

/** (g, order3, H) of a mean loss in one array of S^2 + 2S numbers: what averages run over. */
final class Derivatives {
    private final int size;
    private final double[] values;

    private Derivatives(int size, double[] values) {
        this.size = size;
        this.values = values;
    }

    static Derivatives of(DerivativeSummary mean) {
        int size = mean.size();
        double[] values = new double[length(size)];
        System.arraycopy(mean.g(), 0, values, 0, size);
        System.arraycopy(mean.order3(), 0, values, size, size);
        double[][] h = mean.h();
        for (int s = 0; s < size; s++) {
            System.arraycopy(h[s], 0, values, (2 + s) * size, size);
        }
        return new Derivatives(size, values);
    }

    /** @param values as {@link #toArray} gave them; shared */
    static Derivatives of(int size, double[] values) {
        return new Derivatives(size, values);
    }

    static int length(int size) {
        return size * size + 2 * size;
    }

    /** Number of subsets S. */
    int size() {
        return size;
    }

    double[] g() {
        return Arrays.copyOfRange(values, 0, size);
    }

    double[] order3() {
        return Arrays.copyOfRange(values, size, 2 * size);
    }

    double[][] h() {
        double[][] h = new double[size][];
        for (int s = 0; s < size; s++) {
            h[s] = Arrays.copyOfRange(values, (2 + s) * size, (3 + s) * size);
        }
        return h;
    }

    /** These with other third derivatives. */
    Derivatives withOrder3(double[] order3) {
        Derivatives changed = copy();
        System.arraycopy(order3, 0, changed.values, size, size);
        return changed;
    }

    /** share of this and 1 - share of {@code other}; a new object. */
    Derivatives mix(double share, Derivatives other) {
        Derivatives mixed = copy();
        for (int i = 0; i < values.length; i++) {
            mixed.values[i] = share * values[i] + (1 - share) * other.values[i];
        }
        return mixed;
    }

    Derivatives copy() {
        return new Derivatives(size, values.clone());
    }

    double[] toArray() {
        return values.clone();
    }
}

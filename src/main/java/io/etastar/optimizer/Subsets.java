package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import java.util.Arrays;

/** Vectors of all parameters, subset by subset. */
public final class Subsets {
    private Subsets() {}

    /** theta_s -= rates[s] direction_s in place; a subset of rate 0 is not touched. */
    public static void move(Partition partition, double[] theta, double[] direction, double[] rates) {
        ParameterLayout layout = partition.layout();
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            double lr = rates[partition.subsetOf(tensor)];
            int end = layout.offset(tensor) + layout.length(tensor);
            for (int p = layout.offset(tensor); p < end && lr != 0; p++) {
                theta[p] -= lr * direction[p];
            }
        }
    }

    /** The inner product of each subset's parts of {@code a} and {@code b} [S]; a new array. */
    public static double[] dots(Partition partition, double[] a, double[] b) {
        ParameterLayout layout = partition.layout();
        double[] dots = new double[partition.size()];
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            int end = layout.offset(tensor) + layout.length(tensor);
            for (int p = layout.offset(tensor); p < end; p++) {
                dots[partition.subsetOf(tensor)] += a[p] * b[p];
            }
        }
        return dots;
    }

    /** Euclidean norms of each subset's part of {@code direction} [S]; a new array. */
    public static double[] norms(Partition partition, double[] direction) {
        return Arrays.stream(dots(partition, direction, direction))
                .map(Math::sqrt)
                .toArray();
    }

    /** Each subset's part of {@code direction} over its Euclidean norm, zeros as they are; a new array. */
    public static double[] normalised(Partition partition, double[] direction) {
        ParameterLayout layout = partition.layout();
        double[] norms = norms(partition, direction);
        double[] normalised = new double[direction.length];
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            double norm = norms[partition.subsetOf(tensor)];
            int end = layout.offset(tensor) + layout.length(tensor);
            for (int p = layout.offset(tensor); p < end && norm > 0; p++) {
                normalised[p] = direction[p] / norm;
            }
        }
        return normalised;
    }
}

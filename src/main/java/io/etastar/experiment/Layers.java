package io.etastar.experiment;

import io.etastar.partition.Partition;
import java.util.List;

/**
 * Which layer each subset of a partition belongs to: the name of its first tensor without the last component, numbered as they
 * come.
 *
 * @param of number of the layer of each subset [S]; shared
 * @param count of layers
 */
record Layers(int[] of, int count) {
    static Layers of(Partition partition) {
        List<String> names = partition.groups().stream()
                .map(group -> group.get(0).replaceFirst("\\.?[^.]*$", ""))
                .toList();
        List<String> layers = names.stream().distinct().toList();
        return new Layers(names.stream().mapToInt(layers::indexOf).toArray(), layers.size());
    }

    /** Share of the sum of the magnitudes of a matrix [S, S] that lies outside the blocks of layers. */
    double outside(double[][] matrix) {
        double all = 0;
        double outside = 0;
        for (int s = 0; s < of.length; s++) {
            for (int t = 0; t < of.length; t++) {
                all += Math.abs(matrix[s][t]);
                outside += of[s] == of[t] ? 0 : Math.abs(matrix[s][t]);
            }
        }
        return outside / all;
    }

    /** Mean magnitude of entries off the diagonal, by the distance of their layers [count]; NaN where there are none. */
    double[] byDistance(double[][] matrix) {
        double[] sum = new double[count];
        double[] pairs = new double[count];
        for (int s = 0; s < of.length; s++) {
            for (int t = 0; t < s; t++) {
                int distance = Math.abs(of[s] - of[t]);
                sum[distance] += Math.abs(matrix[s][t]);
                pairs[distance]++;
            }
        }
        return quotients(sum, pairs);
    }

    /** Mean magnitude of the entries between a layer and all others [count]; NaN where there are none. */
    double[] withOthers(double[][] matrix) {
        double[] sum = new double[count];
        double[] pairs = new double[count];
        for (int s = 0; s < of.length; s++) {
            for (int t = 0; t < of.length; t++) {
                if (of[s] != of[t]) {
                    sum[of[s]] += Math.abs(matrix[s][t]);
                    pairs[of[s]]++;
                }
            }
        }
        return quotients(sum, pairs);
    }

    private static double[] quotients(double[] sums, double... counts) {
        double[] quotients = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            quotients[i] = sums[i] / counts[i];
        }
        return quotients;
    }
}

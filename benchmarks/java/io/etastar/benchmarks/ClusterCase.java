package io.etastar.benchmarks;

import io.etastar.graph.ModelDescription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One network on one number of shards.
 *
 * @param parameters wanted; {@link #model} comes as near as whole widths allow
 * @param subsets S, even: weights and biases of S / 2 dense layers
 * @param shards of the rows
 */
record ClusterCase(int parameters, int subsets, int shards) {
    /** Features of a row. */
    static final int FEATURES = 256;

    /** Classes of the rows. */
    static final int CLASSES = 10;

    /** One sweep through each quantity, the others held; quick: its ends and a middle alone. */
    static List<ClusterCase> sweeps(boolean quick) {
        List<ClusterCase> cases = new ArrayList<>();
        for (int p : quick ? new int[] {10_000, 1_000_000} : new int[] {10_000, 100_000, 1_000_000, 10_000_000}) {
            cases.add(new ClusterCase(p, 4, 4));
        }
        for (int shards : quick ? new int[] {2, 32, 128} : new int[] {2, 8, 32, 128, 512}) {
            cases.add(new ClusterCase(60_000, 4, shards));
        }
        for (int s : quick ? new int[] {60} : new int[] {20, 60, 200}) {
            cases.add(new ClusterCase(60_000, s, 4));
        }
        for (int shards : quick ? new int[] {2, 16} : new int[] {2, 16, 64}) {
            cases.add(new ClusterCase(1_000_000, 4, shards));
        }
        if (!quick) {
            cases.add(new ClusterCase(10_000_000, 4, 2));
        }
        return cases;
    }

    /** A perceptron of S / 2 dense layers, the hidden ones of equal width. */
    ModelDescription model() {
        int low = 1;
        int high = parameters;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (size(middle) < parameters) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        List<Integer> widths = new ArrayList<>(List.of(FEATURES));
        widths.addAll(Collections.nCopies(subsets / 2 - 1, low));
        widths.add(CLASSES);
        String layers = widths.stream().map(String::valueOf).collect(Collectors.joining(","));
        return new ModelDescription(
                "{\"model\":\"perceptron\",\"layers\":[" + layers + "],\"activation\":\"tanh\",\"loss\":\"nll\"}");
    }

    private double size(double width) {
        int between = subsets / 2 - 2;
        return (FEATURES + 1) * width + between * (width + 1) * width + (width + 1) * CLASSES;
    }
}

package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Random data for the graphs of {@link TestGraphs}, and what tests of all of them must know of some. */
final class GraphData {
    private GraphData() {}

    static double[] normal(Random random, int length, double scale) {
        return IntStream.range(0, length)
                .mapToDouble(i -> scale * random.nextGaussian())
                .toArray();
    }

    /** Rows of x: normal numbers, or words where the graph takes these. */
    static double[] features(Model model, Random random, int rows) {
        return TestGraphs.features(model, rows, random, () -> normal(random, rows * TestGraphs.FEATURES, 1));
    }

    /** Rows of y: classes, or numbers between 0 and 1. */
    static double[] targets(Model model, Random random, int rows) {
        return IntStream.range(0, model.classes() > 0 ? rows : rows * TestGraphs.TARGETS)
                .mapToDouble(i -> model.classes() > 0 ? random.nextInt(TestGraphs.TARGETS) : random.nextDouble())
                .toArray();
    }

    /** {@code microBatch}, but all {@code rows} where the model mixes them and results depend on it. */
    static int microBatch(Model model, int microBatch, int rows) {
        return Program.mixesRows(model) ? rows : microBatch;
    }

    /** Derivatives of a stopped gradient are none of its value. */
    static Set<String> differentiable(Set<String> names) {
        Set<String> rest = new LinkedHashSet<>(names);
        rest.remove("stop gradient");
        return rest;
    }
}

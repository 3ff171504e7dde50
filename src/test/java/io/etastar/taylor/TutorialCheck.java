package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Random;

/** Holds the curvature of a graph of {@link TestGraphs} against differences: run by a test in a copy of the engine. */
final class TutorialCheck {
    private static final double STEP = 1e-4;

    private TutorialCheck() {}

    /**
     * Throws where H or order3 along one direction is not the difference of what is one order lower.
     *
     * @throws IllegalArgumentException where there is no such graph
     */
    static void check(String name) {
        Model model = TestGraphs.all().get(name);
        if (model == null) {
            throw new IllegalArgumentException("no graph '" + name + "'");
        }
        double[] above = at(model, STEP);
        double[] below = at(model, -STEP);
        double[] here = at(model, 0);
        for (int order = 1; order < here.length; order++) {
            double slope = (above[order - 1] - below[order - 1]) / (2 * STEP);
            if (!(Math.abs(slope - here[order]) <= 1e-6 * Math.max(1, Math.abs(slope)))) {
                throw new AssertionError("derivative " + order + " is " + here[order] + ", differences give " + slope);
            }
        }
    }

    /** Loss and its first three derivatives along one direction, a step away from a point. */
    private static double[] at(Model model, double step) {
        Random random = new Random(1);
        int size = model.layout().size();
        double[] theta = random.doubles(size, -0.3, 0.3).toArray();
        double[] direction = random.doubles(size, -0.3, 0.3).toArray();
        for (int p = 0; p < size; p++) {
            theta[p] += step * direction[p];
        }
        double[] x = random.doubles(4 * TestGraphs.FEATURES, -1, 1).toArray();
        double[] y = random.doubles(4 * TestGraphs.TARGETS).toArray();
        try (Program program = Program.compile(model, DType.DOUBLE, 3, Partitions.parse("trivial", model.layout()))) {
            program.setParameters(RawArray.of(theta));
            program.setDirection(RawArray.of(direction));
            DerivativeSummary s = program.summary(new Shard(4, RawArray.of(x), RawArray.of(y)), new int[] {0, 1, 2, 3});
            return new double[] {s.loss(), s.g()[0], s.h()[0][0], s.order3()[0]};
        }
    }
}

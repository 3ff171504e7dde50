package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.optimizer.Optimizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** f(x, y) = 0.01 (1 - x)^2 + (y - x^2)^2 from (-0.5, 2), as in arXiv 2210.06171. */
final class Rosenbrock extends ClosedFormExperiment {
    private static final double FLOOR = 0.01;
    private static final String PATH = "path";

    Rosenbrock(ExperimentFile file, RunContext context) {
        super(file, context);
    }

    @Override
    ClosedForm function(long seed) {
        return new Valley();
    }

    @Override
    double[] start() {
        return new double[] {-0.5, 2};
    }

    @Override
    String references() {
        return "none";
    }

    @Override
    @Nullable
    Optimizer reference(String name, ClosedForm function) {
        return null;
    }

    @Override
    Watch watch(OptimizerEntry entry, Optimizer optimizer, ClosedForm function) {
        return new Path(steps());
    }

    @Override
    public List<Chart> charts() {
        Chart path = new Chart(PATH, "paths from (-0.5, 2) to (1, 1)", "x", new LineChart.Axis("y", false));
        return Stream.concat(super.charts().stream(), Stream.of(path)).toList();
    }

    /** Where a run has been before it left the picture. */
    private static final class Path implements Watch {
        private static final double FARTHEST = 10;

        private final double[] x;
        private final double[] y;
        private boolean inside = true;
        private int steps;

        Path(int most) {
            x = new double[most];
            y = new double[most];
        }

        @Override
        public void step(long step, double[] theta) {
            inside &= Math.abs(theta[0]) <= FARTHEST && Math.abs(theta[1]) <= FARTHEST;
            if (inside) {
                x[steps] = theta[0];
                y[steps++] = theta[1];
            }
        }

        @Override
        public void end(Outcome outcome) {
            outcome.withCurve(PATH, Arrays.copyOf(x, steps), Arrays.copyOf(y, steps));
        }
    }

    /** The function. */
    static final class Valley extends ClosedForm {
        Valley() {
            super(2);
        }

        @Override
        void at(long step) {
            // Always the same function.
        }

        @Override
        double value(double[] x) {
            double height = height(x);
            return FLOOR * (1 - x[0]) * (1 - x[0]) + height * height;
        }

        private static double height(double[] x) {
            return x[1] - x[0] * x[0];
        }

        @Override
        double[] gradient(double[] x) {
            double height = height(x);
            return new double[] {-2 * FLOOR * (1 - x[0]) - 4 * x[0] * height, 2 * height};
        }

        @Override
        double[] product(double[] x, double[] v) {
            double xx = 2 * FLOOR - 4 * height(x) + 8 * x[0] * x[0];
            double xy = -4 * x[0];
            return new double[] {xx * v[0] + xy * v[1], xy * v[0] + 2 * v[1]};
        }

        @Override
        double third(double[] x, double[] v) {
            return 6 * (v[1] - 2 * x[0] * v[0]) * -2 * v[0] * v[0];
        }
    }
}

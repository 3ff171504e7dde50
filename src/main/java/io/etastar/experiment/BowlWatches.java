package io.etastar.experiment;

import io.etastar.experiment.ClosedFormExperiment.Watch;
import io.etastar.optimizer.Preconditioner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is looked at while an optimizer runs on a bowl. */
final class BowlWatches {
    private BowlWatches() {}

    /** Several at once. */
    record All(List<Watch> watches) implements Watch {
        @Override
        public void step(long step, double[] theta) {
            watches.forEach(watch -> watch.step(step, theta));
        }

        @Override
        public void end(Outcome outcome) {
            watches.forEach(watch -> watch.end(outcome));
        }
    }

    /** A number of the parameters, looked at every so many steps and after the last one. */
    private static final class Seen {
        private final List<double[]> points = new ArrayList<>();
        private final int every;
        private final ToDoubleFunction<double[]> number;
        private double[] parameters = {};
        private long steps;

        Seen(int every, ToDoubleFunction<double[]> number) {
            this.every = every;
            this.number = number;
        }

        /** After a step, counted from 0. Its parameters are kept, not copied. */
        void step(long step, double[] theta) {
            steps = step + 1;
            parameters = theta;
            if (steps % every == 0) {
                look();
            }
        }

        private void look() {
            points.add(new double[] {steps, number.applyAsDouble(parameters)});
        }

        void end(Outcome outcome, String metric, String chart) {
            if (steps % every != 0) {
                look();
            }
            double last = points.isEmpty() ? Double.NaN : points.get(points.size() - 1)[1];
            outcome.with(metric, last)
                    .withCurve(
                            chart,
                            points.stream().mapToDouble(point -> point[0]).toArray(),
                            points.stream().mapToDouble(point -> point[1]).toArray());
        }
    }

    /** Distance from a saddle point along negative curvature. */
    static final class Distance implements Watch {
        private final Seen seen;

        Distance(Bowl bowl, int every) {
            seen = new Seen(every, bowl::downhill);
        }

        @Override
        public void step(long step, double[] theta) {
            seen.step(step, theta);
        }

        @Override
        public void end(Outcome outcome) {
            seen.end(outcome, "distance", NoisyBowl.DISTANCE);
        }
    }

    /** |I - G H| / sqrt(P): the root of the mean of |v - G H v|^2 over unit vectors v. */
    static final class HessianError implements Watch {
        private final Preconditioner learned;
        private final Bowl bowl;
        private final Seen seen;

        HessianError(Preconditioner learned, Bowl bowl, int every) {
            this.learned = learned;
            this.bowl = bowl;
            seen = new Seen(every, theta -> error(theta.length));
        }

        @Override
        public void step(long step, double[] theta) {
            seen.step(step, theta);
        }

        private double error(int size) {
            double[] unit = new double[size];
            double[] column = new double[size];
            double square = 0;
            for (int p = 0; p < size; p++) {
                unit[p] = 1;
                learned.precondition(bowl.product(unit, unit), column);
                unit[p] = 0;
                column[p] -= 1;
                square += ClosedForm.dot(column, column);
            }
            return Math.sqrt(square / size);
        }

        @Override
        public void end(Outcome outcome) {
            seen.end(outcome, "hessian_error", NoisyBowl.ERROR);
        }
    }

    /**
     * Steps on another bowl after the run, with G as it is and the momentum of lodo.
     *
     * @param learned has G
     * @param other the other bowl, not used yet
     * @param beta share of the old gradients kept
     * @param steps how many
     */
    record Frozen(Preconditioner learned, Bowl other, double beta, int steps) implements Watch {
        @Override
        public void end(Outcome outcome) {
            int size = other.layout().size();
            double[] theta = new double[size];
            double[] momentum = new double[size];
            double[] move = new double[size];
            double loss = Double.NaN;
            for (int step = 0; step < steps; step++) {
                learned.precondition(momentum, move);
                for (int p = 0; p < size; p++) {
                    theta[p] -= move[p];
                }
                other.at(step);
                loss = other.value(theta);
                double[] gradient = other.gradient(theta);
                for (int p = 0; p < size; p++) {
                    momentum[p] = beta * momentum[p] + (1 - beta) * gradient[p];
                }
            }
            outcome.with("frozen_loss", loss);
        }
    }
}

package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partitions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Optimizers on a function of closed form; the figure is {@code mean_loss}, the mean of the losses of the last tenth of the
 * steps (of 200: steps 180 to 200, counted from 1), each where the step's gradient was taken. A run whose loss is no longer finite ends there, with infinity.
 */
abstract class ClosedFormExperiment implements Experiment {
    private static final double UNSCORED = 0.9;
    private static final String LOSS = "loss";

    private final ExperimentFile file;
    private final int steps;

    ClosedFormExperiment(ExperimentFile file, RunContext context) {
        this.file = file;
        steps = (int) Math.max(1, Math.round(file.integer("steps") * context.scale()));
    }

    /** The function of a run. */
    abstract ClosedForm function(long seed);

    /** Where runs start [P], new. */
    abstract double[] start();

    /** The references that there are, for people. */
    abstract String references();

    /** The reference of that name for a function that {@link #function} made, or null if there is none. */
    abstract @Nullable Optimizer reference(String name, ClosedForm function);

    @Override
    public final void check(OptimizerEntry optimizer) {
        optimizer(optimizer, file.firstSeed(), function(file.firstSeed()));
    }

    private Optimizer optimizer(OptimizerEntry entry, long seed, ClosedForm function) {
        if (entry.reference() == null) {
            return Optimizers.create(
                    OptimizerSpec.of(entry.settings(), seed), Partitions.parse("canonical", function.layout()));
        }
        Optimizer reference = reference(entry.reference(), function);
        if (reference == null) {
            throw entry.unknownReference(references() + " with kind " + file.kind());
        }
        return reference;
    }

    @Override
    public Outcome run(OptimizerEntry entry, long seed, Experiment.StepLosses losses) {
        return run(entry, seed, function(seed), losses);
    }

    /** A run on a function that {@link #function} or the experiment made for the seed. */
    final Outcome run(OptimizerEntry entry, long seed, ClosedForm function, Experiment.StepLosses losses) {
        Optimizer optimizer = optimizer(entry, seed, function);
        begin(optimizer, function);
        Watch watch = watch(entry, optimizer, function);
        LossCurve curve = new LossCurve(steps);
        double[] theta = start();
        long scored = (long) Math.max(0, Math.floor(steps * UNSCORED) - 1);
        double sum = 0;
        for (long step = 0; step < steps; step++) {
            StepResult result = optimizer.step(function, theta, step);
            double loss = result.loss().meanLoss();
            losses.step(step, loss);
            if (!Double.isFinite(loss)) {
                sum = Double.POSITIVE_INFINITY;
                break;
            }
            curve.add(step, loss);
            watch.step(step, theta);
            sum += step >= scored ? loss : 0;
        }
        Outcome outcome = new Outcome().with("mean_loss", sum / (steps - scored));
        watch.end(outcome);
        return outcome.withCurve(LOSS, curve.x(), curve.y());
    }

    /** Steps of a run. */
    final int steps() {
        return steps;
    }

    /** Changes an optimizer before its first step. */
    void begin(Optimizer optimizer, ClosedForm function) {
        // As it is.
    }

    /** Who looks on at a run. */
    Watch watch(OptimizerEntry entry, Optimizer optimizer, ClosedForm function) {
        return new Watch() {};
    }

    @Override
    public List<Chart> charts() {
        return List.of(new Chart(LOSS, "loss", "steps", new LineChart.Axis("mean loss", true)));
    }

    /** Looks on at a run. */
    interface Watch {
        /**
         * After a step that had a finite loss.
         *
         * @param step from 0
         * @param theta [P], the run's own
         */
        default void step(long step, double[] theta) {}

        /** Adds what was seen. */
        default void end(Outcome outcome) {}
    }

    /** Means of losses over equal parts of a run. */
    private static final class LossCurve {
        private static final int POINTS = 100;

        private final List<Double> x = new ArrayList<>();
        private final List<Double> y = new ArrayList<>();
        private final long each;
        private double sum;

        LossCurve(int steps) {
            each = Math.max(1, steps / POINTS);
        }

        void add(long step, double loss) {
            sum += loss;
            if ((step + 1) % each == 0) {
                x.add(step + 1.0);
                y.add(sum / each);
                sum = 0;
            }
        }

        double[] x() {
            return x.stream().mapToDouble(Double::doubleValue).toArray();
        }

        double[] y() {
            return y.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }
}

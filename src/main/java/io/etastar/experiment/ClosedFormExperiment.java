package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partitions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Optimizers on a function of closed form; the figure is {@code mean_loss}, the mean of the losses of the last tenth of the
 * steps (of 200: steps 180 to 200, counted from 1), each where the step's gradient was taken. A run whose loss is no longer finite ends there, with infinity.
 * Of runs that end after seconds {@code steps} is how many they have made.
 */
abstract class ClosedFormExperiment implements Experiment {
    private static final double UNSCORED = 0.9;
    private static final String LOSS = "loss";

    private final ExperimentFile file;
    private final int steps;
    private final double seconds;

    ClosedFormExperiment(ExperimentFile file, RunContext context) {
        this.file = file;
        seconds = file.number("seconds") * context.scale();
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
        Losses seen = new Losses();
        ProcessorClock clock = new ProcessorClock(seconds);
        double[] theta = start();
        boolean diverged = false;
        for (long step = 0; step < steps && !diverged && !clock.ends(step); step++) {
            StepResult result = optimizer.step(function, theta, step);
            double loss = result.loss().meanLoss();
            losses.step(step, loss);
            diverged = !Double.isFinite(loss);
            if (!diverged) {
                seen.add(loss);
                watch.step(step, theta);
            }
        }
        Outcome outcome = new Outcome().with("mean_loss", diverged ? Double.POSITIVE_INFINITY : seen.last(UNSCORED));
        if (seconds > 0) {
            outcome.with("steps", seen.size());
        }
        watch.end(outcome);
        LossCurve curve = seen.curve(seconds > 0 ? seen.size() : steps);
        return outcome.withCurve(LOSS, curve.x(), curve.y());
    }

    /** Steps of a run at most. */
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

    /** The losses of a run's steps. */
    private static final class Losses {
        private double[] values = new double[1024];
        private int size;

        void add(double loss) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = loss;
        }

        int size() {
            return size;
        }

        /** Mean of those that are left after a share of the steps. */
        double last(double share) {
            int from = (int) Math.max(0, Math.floor(size * share) - 1);
            double sum = 0;
            for (int step = from; step < size; step++) {
                sum += values[step];
            }
            return sum / (size - from);
        }

        LossCurve curve(int steps) {
            LossCurve curve = new LossCurve(steps);
            for (int step = 0; step < size; step++) {
                curve.step(step, values[step]);
            }
            return curve;
        }
    }

    /** Ends a run after seconds of this thread on a processor, so that what else a machine does takes no steps away. */
    private static final class ProcessorClock {
        private static final int STEPS = 16;

        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final double seconds;
        private final long start = threads.getCurrentThreadCpuTime();

        /** @param seconds 0 for no end */
        ProcessorClock(double seconds) {
            this.seconds = seconds;
        }

        /** Looks every few steps; at least one is made. */
        boolean ends(long step) {
            return seconds > 0
                    && step > 0
                    && step % STEPS == 0
                    && (threads.getCurrentThreadCpuTime() - start) * 1e-9 >= seconds;
        }
    }
}

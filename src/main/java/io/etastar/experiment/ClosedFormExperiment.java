package io.etastar.experiment;

import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partitions;
import io.etastar.quantity.LossSum;
import org.jspecify.annotations.Nullable;

/**
 * Optimizers on a function of closed form; the figure is {@code mean_loss}, the mean of the losses of the last tenth of the
 * steps (of 200: steps 180 to 200, counted from 1), each where the step's gradient was taken. A run whose loss is no longer finite ends there, with infinity.
 */
abstract class ClosedFormExperiment implements Experiment {
    private static final double UNSCORED = 0.9;

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
    public final Outcome run(OptimizerEntry entry, long seed, Experiment.StepLosses losses) {
        ClosedForm function = function(seed);
        Optimizer optimizer = optimizer(entry, seed, function);
        double[] theta = start();
        long scored = (long) Math.max(0, Math.floor(steps * UNSCORED) - 1);
        double sum = 0;
        for (long step = 0; step < steps; step++) {
            StepResult result = optimizer.step(function, theta, step);
            LossSum loss = result.loss();
            losses.step(step, loss.meanLoss());
            if (!Double.isFinite(loss.meanLoss())) {
                return new Outcome().with("mean_loss", Double.POSITIVE_INFINITY);
            }
            sum += step >= scored ? loss.meanLoss() : 0;
        }
        return new Outcome().with("mean_loss", sum / (steps - scored));
    }
}

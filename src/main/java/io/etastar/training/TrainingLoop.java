package io.etastar.training;

import io.etastar.UserError;
import io.etastar.optimizer.LocalOptimizer;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.LossSum;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.spark.pass.PassTimes;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import java.util.List;
import java.util.Optional;

/** The steps of a run, its checkpoints and its metrics, on the driver. */
final class TrainingLoop {
    private final TrainingPlan plan;
    private final TrainingParts parts;
    private final RunListener listener;
    private final SparkObjective objective;
    private final ShardedData test;
    private final Optimizer optimizer;
    private final long stepsPerEpoch;

    private double[] theta;
    private long step;
    private EpochProgress progress = new EpochProgress();
    private String checkpoint = "none";
    private long epochStart = System.nanoTime();
    private long checkpointTime;
    private boolean ended;

    TrainingLoop(
            TrainingPlan plan,
            TrainingParts parts,
            RunListener listener,
            SparkObjective objective,
            ShardedData test,
            Optimizer optimizer,
            long stepsPerEpoch) {
        this.plan = plan;
        this.parts = parts;
        this.listener = listener;
        this.objective = objective;
        this.test = test;
        this.optimizer = optimizer;
        this.stepsPerEpoch = stepsPerEpoch;
    }

    /**
     * Runs to the end of the last epoch, or to the last step where that comes before, and writes the model.
     *
     * @param resume whether to go on from the newest checkpoint, if there is one
     */
    TrainingResult run(boolean resume) {
        long start = System.nanoTime();
        Optional<TrainingParts.Stored> stored = resume ? parts.newestCheckpoint() : Optional.empty();
        if (stored.isPresent()) {
            restore(stored.get());
        } else {
            theta = parts.initialParameters();
            writeCheckpoint();
        }
        long steps = plan.steps();
        while (step < steps && !ended) {
            advance(steps);
        }
        parts.writeModel(theta);
        return progress.result(epochsBegun(), step, secondsSince(start));
    }

    private void restore(TrainingParts.Stored stored) {
        TrainingState state = stored.state();
        int size = objective.layout().size();
        long steps = plan.steps();
        if (state.theta().length != size) {
            throw new UserError(UserError.Subject.of(stored.path()), state.theta().length + " parameters", size);
        }
        if (state.step() > steps) {
            throw new UserError(
                    UserError.Subject.of(stored.path()),
                    "step " + state.step(),
                    "at most " + steps + ", the end of training.epochs = "
                            + plan.stopping().epochs());
        }
        theta = state.theta().clone();
        step = state.step();
        progress = EpochProgress.of(state.progress());
        optimizer.restore(state.optimizer());
        checkpoint = stored.path();
        checkpointTime = System.nanoTime();
    }

    private int epochsBegun() {
        return (int) ((step + stepsPerEpoch - 1) / stepsPerEpoch);
    }

    private void advance(long steps) {
        long start = System.nanoTime();
        long before = step;
        long unsolved = optimizer.noSolution();
        PassTimes passes = objective.totalPassTimes();
        long summaryBytes = objective.summaryBytes();
        List<StepResult> results = step(steps);
        summaryBytes = objective.summaryBytes() - summaryBytes;
        PassTimes times = objective.totalPassTimes().minus(passes);
        double seconds = secondsSince(start);
        checkParameters(results.get(results.size() - 1), before + results.size());
        for (StepResult result : results) {
            step++;
            checkFinite("loss", result.loss().meanLoss());
            checkFinite("gradient norm", result.gradientNorm());
            progress.add(result.loss(), step == before + 1 ? optimizer.noSolution() - unsolved : 0);
            listener.step(metrics(result, times.over(results.size()), seconds / results.size(), summaryBytes));
            if (result.summary() != null) {
                listener.summary(step, result.summary());
            }
        }
        if (step % stepsPerEpoch == 0 || step == steps) {
            endEpoch();
            writeCheckpoint();
        } else if (checkpointIsDue(before)) {
            writeCheckpoint();
        }
    }

    /** One step, or those up to the next average, which is at the end of the epoch at the latest. */
    private List<StepResult> step(long steps) {
        int period = plan.method().communication().period();
        if (period == 0) {
            return List.of(optimizer.step(objective, theta, step));
        }
        long epochEnd = (step / stepsPerEpoch + 1) * stepsPerEpoch;
        int count = (int) Math.min(period, Math.min(epochEnd, steps) - step);
        return ((LocalOptimizer) optimizer).period(objective, theta, step, count);
    }

    private boolean checkpointIsDue(long before) {
        return plan.checkpoints().due(before, step, secondsSince(checkpointTime));
    }

    private StepMetrics metrics(StepResult result, PassTimes times, double seconds, long summaryBytes) {
        LossSum loss = result.loss();
        return new StepMetrics(
                step,
                (int) ((step - 1) / stepsPerEpoch) + 1,
                loss.meanLoss(),
                hasClasses() ? loss.accuracy() : Double.NaN,
                result.gradientNorm(),
                Math.round(loss.samples()),
                new StepMetrics.Seconds(
                        seconds,
                        times.compute(),
                        times.broadcast(),
                        times.fetch(),
                        times.merge(),
                        times.scheduling(),
                        result.summary() == null
                                ? 0
                                : result.summary().solution().seconds()),
                times.resultBytes(),
                result.summary() == null ? 0 : summaryBytes);
    }

    private void endEpoch() {
        LossSum sums = test == null ? null : objective.evaluate(theta, test);
        if (sums != null) {
            checkFinite("test loss", sums.meanLoss());
        }
        EpochMetrics metrics = progress.end(epochsBegun(), step, sums, hasClasses(), secondsSince(epochStart));
        epochStart = System.nanoTime();
        listener.epoch(metrics);
        optimizer.endEpoch(metrics.trainLoss());
        ended = parts.endsAfter(metrics, theta);
    }

    private void writeCheckpoint() {
        checkpoint =
                parts.writeCheckpoint(new TrainingState(step, theta.clone(), optimizer.state(), progress.toArray()));
        checkpointTime = System.nanoTime();
        listener.checkpoint(step, checkpoint);
    }

    private boolean hasClasses() {
        return plan.data().train().shape().classes() > 0;
    }

    private void checkParameters(StepResult result, long at) {
        for (int i = 0; i < theta.length; i++) {
            double rounded = plan.numerics().type() == DType.FLOAT ? (float) theta[i] : theta[i];
            if (!Double.isFinite(rounded)) {
                throw new TrainingDiverged(
                        at, "loss " + result.loss().meanLoss() + ", parameter " + i + " is " + rounded, checkpoint);
            }
        }
    }

    private void checkFinite(String what, double value) {
        if (!Double.isFinite(value)) {
            throw new TrainingDiverged(step, what + " is " + value, checkpoint);
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }
}

package io.etastar.training;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.LossSum;
import io.etastar.report.EpochMetrics;
import io.etastar.report.RunListener;
import io.etastar.report.StepMetrics;
import io.etastar.spark.pass.PassTimes;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import io.etastar.storage.StoredModel;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The steps of a run with its checkpoints and metrics. */
final class TrainingLoop {
    /** Name of {@link Progress} among a checkpoint's arrays. */
    private static final String PROGRESS = "run.progress";
    /** Name of the state of {@link Stopping.Watch}, if it has one. */
    private static final String WATCH = "run.watch";
    /** Name of the parameters that become the model, if they are not the last. */
    static final String KEPT = "run.kept";
    /** Names of mean and deviation of the targets that are trained on, if they are standardised. */
    static final String TARGET_MEAN = "run.target_mean";

    static final String TARGET_DEVIATION = "run.target_deviation";
    /** What the names of all arrays that are not the optimizer's begin with. */
    static final String OF_RUN = "run.";
    /** Name of {@link TrainingPlan.Method#kind} among a checkpoint's texts. */
    static final String OPTIMIZER = "optimizer";

    /** A run whose loss has become so many times the first is said to have grown. */
    private static final double GROWTH = 100;

    private final TrainingPlan plan;
    private final RunStore store;
    private final RunListener listener;
    private final Optimizer optimizer;
    private final StepExecution execution;
    private final Test test;
    private final long stepsPerEpoch;
    private final Stopping.Watch watch;
    private final Map<String, String> data;
    private final long start = System.nanoTime();

    private double[] theta;
    private double[] kept;
    private long step;
    private Progress progress = new Progress();
    private String checkpoint = "none";
    private double epochSeconds;
    private long checkpointTime;

    /** The sums over the test rows at parameters [P]. */
    @FunctionalInterface
    interface Test {
        LossSum at(double[] theta);
    }

    /**
     * @param test null if there are no test rows
     * @param data texts that tell the rows of each data set from others, by its name; empty if nobody asks
     */
    TrainingLoop(
            TrainingPlan plan,
            RunStore store,
            RunListener listener,
            Optimizer optimizer,
            StepExecution execution,
            Test test,
            long stepsPerEpoch,
            Map<String, String> data) {
        this.data = data;
        this.plan = plan;
        this.store = store;
        this.listener = listener;
        this.optimizer = optimizer;
        this.execution = execution;
        this.test = test;
        this.stepsPerEpoch = stepsPerEpoch;
        watch = plan.stopping().watch(test != null);
    }

    /**
     * Begins with parameters [P], which the loop changes.
     *
     * @param state of the optimizer; empty for its initial one
     */
    void begin(double[] initial, Map<String, double[]> state) {
        theta = initial;
        if (!state.isEmpty()) {
            optimizer.restore(state);
        }
        writeCheckpoint();
    }

    /**
     * Resumes from a checkpoint.
     *
     * @param size number of parameters
     * @throws UserError if it is of another run
     */
    void resume(CheckpointStore.Newest newest, int size) {
        Checkpoint state = newest.checkpoint();
        if (state.theta().length != size) {
            throw new UserError(UserError.Subject.of(newest.path()), state.theta().length + " parameters", size);
        }
        if (state.step() > plan.steps()) {
            throw new UserError(
                    UserError.Subject.of(newest.path()),
                    "step " + state.step(),
                    "at most " + plan.steps() + ", the end of training.epochs = "
                            + plan.stopping().epochs());
        }
        checkData(state.metadata(), newest.path());
        Map<String, double[]> arrays = new HashMap<>(state.optimizerState());
        progress = Progress.of(arrays.remove(PROGRESS));
        double[] watched = arrays.remove(WATCH);
        double[] best = arrays.remove(KEPT);
        if (watched != null) {
            watch.resume(watched);
        }
        kept = best;
        theta = state.theta().clone();
        step = state.step();
        arrays.keySet().removeIf(name -> name.startsWith(OF_RUN));
        optimizer.restore(arrays);
        checkpoint = newest.path();
        checkpointTime = System.nanoTime();
    }

    private void checkData(Map<String, String> then, String path) {
        data.forEach((name, digest) -> {
            if (!digest.equals(then.getOrDefault(name, digest))) {
                throw new UserError(
                        UserError.Subject.of(name),
                        "other rows, or another order of them, than those of the run to resume (" + path + ")",
                        "the same rows, or a new directory for a new run");
            }
        });
    }

    /** Runs to the end of the last epoch, or to an earlier end that {@link Stopping} sets. */
    void run() {
        long last = plan.steps();
        while (step < last && !watch.ends()) {
            advance(last);
        }
    }

    /** The parameters [P] that become the model. */
    double[] kept() {
        return kept == null ? optimizer.averaged(theta) : kept;
    }

    /** The outcome, with the model of the parameters kept. */
    TrainingResult result(StoredModel model) {
        return new TrainingResult(
                progress.testAccuracy,
                progress.testLoss,
                progress.trainLoss,
                epochsBegun(),
                step,
                secondsSince(start),
                new TrainingResult.Kept(model, watch.keptEpoch()));
    }

    private int epochsBegun() {
        return (int) ((step + stepsPerEpoch - 1) / stepsPerEpoch);
    }

    private void advance(long last) {
        long before = step;
        long begin = System.nanoTime();
        long end = execution.spansEpochs() ? last : Math.min((step / stepsPerEpoch + 1) * stepsPerEpoch, last);
        int most = (int) Math.min(end - step, Integer.MAX_VALUE);
        StepExecution.Executed done = execution.execute(theta, new StepExecution.Span(step, most, progress.epoch));
        report(done, secondsSince(begin) / done.results().size());
        if (step % stepsPerEpoch == 0 || step == last) {
            writeCheckpoint();
        } else if (plan.checkpoints().due(before, step, secondsSince(checkpointTime))) {
            writeCheckpoint();
        }
    }

    /**
     * Counts steps and tells of them, and of the epochs that end.
     *
     * @param seconds of one step
     */
    private void report(StepExecution.Executed done, double seconds) {
        List<StepResult> results = done.results();
        PassTimes times = done.times().over(results.size());
        for (int i = 0; i < results.size(); i++) {
            StepResult result = results.get(i);
            step++;
            epochSeconds += seconds;
            progress.add(result.loss(), i == 0 ? done.unsolved() : 0);
            if (!result.skipped()) {
                check(result, i == results.size() - 1);
                listener.step(metrics(result, times, seconds, done.summaryBytes()));
            }
            if (result.summary() != null) {
                listener.summary(step, result.summary());
            }
            if (step % stepsPerEpoch == 0 || step == plan.steps()) {
                endEpoch();
            }
        }
    }

    /** @param last whether theta is what this step has made of it */
    private void check(StepResult result, boolean last) {
        double loss = result.loss().meanLoss();
        if (last) {
            TrainingDiverged.check(step, loss, theta, plan.numerics().type(), checkpoint);
        }
        TrainingDiverged.check(step, "loss", loss, checkpoint);
        TrainingDiverged.check(step, "gradient norm", result.gradientNorm(), checkpoint);
        if (progress.firstLoss == 0) {
            progress.firstLoss = loss;
        }
    }

    /** Says once that the loss has grown. */
    private void checkGrowth(double loss) {
        double first = progress.firstLoss;
        if (!progress.grown && first > 0 && loss > GROWTH * first) {
            progress.grown = true;
            listener.warning(String.format(
                    Locale.ROOT,
                    "warning: the training loss has grown from %.3g at the first step to %.3g in epoch %d: the steps are too long"
                            + " (a larger batch or summary batch, or a lower rate, makes them shorter)",
                    first * plan.data().lossUnit(),
                    loss * plan.data().lossUnit(),
                    epochsBegun()));
        }
    }

    private StepMetrics metrics(StepResult result, PassTimes times, double seconds, long summaryBytes) {
        LossSum loss = result.loss();
        boolean summarised = result.summary() != null;
        return new StepMetrics(
                step,
                (int) ((step - 1) / stepsPerEpoch) + 1,
                plan.data().lossUnit() * loss.meanLoss(),
                accuracy(loss),
                result.gradientNorm(),
                Math.round(loss.samples()),
                new StepMetrics.Seconds(
                        seconds,
                        times.compute(),
                        times.broadcast(),
                        times.fetch(),
                        times.merge(),
                        times.scheduling(),
                        summarised ? result.summary().solution().seconds() : 0),
                times.resultBytes(),
                summarised ? summaryBytes : 0);
    }

    private void endEpoch() {
        long begin = System.nanoTime();
        LossSum sums = test == null ? null : test.at(optimizer.averaged(theta));
        epochSeconds += secondsSince(begin);
        if (sums != null) {
            TrainingDiverged.check(step, "test loss", sums.meanLoss(), checkpoint);
        }
        if (progress.epoch.samples() > 0) {
            checkGrowth(progress.epoch.meanLoss());
            progress.trainLoss = plan.data().lossUnit() * progress.epoch.meanLoss();
        }
        progress.testLoss = plan.data().lossUnit() * of(sums, LossSum::meanLoss);
        progress.testAccuracy = of(sums, this::accuracy);
        EpochMetrics metrics = new EpochMetrics(
                epochsBegun(),
                step,
                progress.trainLoss,
                accuracy(progress.epoch),
                progress.testLoss,
                progress.testAccuracy,
                progress.noSolution,
                epochSeconds);
        epochSeconds = 0;
        listener.epoch(metrics);
        if (progress.epoch.samples() > 0) {
            execution.endEpoch(metrics.trainLoss());
        }
        progress.epoch = LossSum.ZERO;
        if (watch.keeps(metrics)) {
            kept = optimizer.averaged(theta).clone();
        }
    }

    /** NaN of no sums. */
    private static double of(LossSum sums, ToDoubleFunction<LossSum> figure) {
        return sums == null ? Double.NaN : figure.applyAsDouble(sums);
    }

    /** NaN if targets are not classes. */
    private double accuracy(LossSum sums) {
        return plan.data().train().shape().classes() > 0 ? sums.accuracy() : Double.NaN;
    }

    private void writeCheckpoint() {
        Map<String, double[]> arrays = new HashMap<>(optimizer.state());
        arrays.put(PROGRESS, progress.toArray());
        double[] watched = watch.state();
        if (watched != null) {
            arrays.put(WATCH, watched);
            if (kept != null) {
                arrays.put(KEPT, kept);
            }
        }
        Standardisation targets = plan.data().targets();
        if (targets != null) {
            arrays.put(TARGET_MEAN, targets.mean());
            arrays.put(TARGET_DEVIATION, targets.deviation());
        }
        Map<String, String> texts = new TreeMap<>(data);
        texts.put(OPTIMIZER, plan.method().kind());
        checkpoint = store.write(new Checkpoint(step, theta.clone(), arrays, Map.of(), texts));
        checkpointTime = System.nanoTime();
        listener.checkpoint(step, checkpoint);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) * 1e-9;
    }

    /** Running sums that epoch metrics are made of, and the figures of the last whole epoch; part of each checkpoint. */
    private static final class Progress {
        private LossSum epoch = LossSum.ZERO;
        private long noSolution;
        private double trainLoss = Double.NaN;
        private double testLoss = Double.NaN;
        private double testAccuracy = Double.NaN;
        /** Of the first step; 0 before it. */
        private double firstLoss;

        private boolean grown;

        void add(LossSum batch, long withoutSolution) {
            epoch = epoch.plus(batch);
            noSolution += withoutSolution;
        }

        double[] toArray() {
            return new double[] {
                epoch.samples(),
                epoch.loss(),
                epoch.correct(),
                noSolution,
                trainLoss,
                testLoss,
                testAccuracy,
                firstLoss,
                grown ? 1 : 0
            };
        }

        static Progress of(double[] saved) {
            Progress progress = new Progress();
            progress.epoch = new LossSum(saved[0], saved[1], saved[2]);
            progress.noSolution = (long) saved[3];
            progress.trainLoss = saved[4];
            progress.testLoss = saved[5];
            progress.testAccuracy = saved[6];
            if (saved.length > 7) {
                progress.firstLoss = saved[7];
                progress.grown = saved[8] == 1;
            }
            return progress;
        }
    }
}

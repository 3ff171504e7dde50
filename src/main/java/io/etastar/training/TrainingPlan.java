package io.etastar.training;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.settings.Configuration;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.OptimizerSettings.Need;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Everything a training run needs, checked.
 *
 * @param model recipe of the model
 * @param data rows to train and test on
 * @param method how parameters are updated
 * @param batches rows of a step and of a summary
 * @param stopping when the run ends
 * @param checkpoints when they are written
 * @param numerics precision and seed
 */
public record TrainingPlan(
        ModelDescription model,
        Data data,
        Method method,
        Batches batches,
        Stopping stopping,
        Checkpoints checkpoints,
        Numerics numerics) {
    /**
     * Rows to train and test on.
     *
     * @param train training rows
     * @param test test rows, or null
     * @param summaries rows of summaries alone; null if summaries take training rows
     * @param standardisation applied to features of all, or null
     * @param targets applied to targets of all, with one deviation for all elements, or null; the trained model's last layer takes it
     *     back
     * @param partitions number of shards of the training rows; results depend on it
     */
    public record Data(
            Rows train,
            Rows test,
            Rows summaries,
            Standardisation standardisation,
            Standardisation targets,
            int partitions) {
        /** Data whose targets are as they are, and whose summaries take training rows. */
        public Data(Rows train, Rows test, Standardisation standardisation, int partitions) {
            this(train, test, null, standardisation, null, partitions);
        }

        /** What a loss of the targets as they are is, times that of those that are trained on. */
        double lossUnit() {
            return targets == null ? 1 : targets.deviation()[0] * targets.deviation()[0];
        }
    }

    /**
     * How parameters are updated.
     *
     * @param optimizer what updates them
     * @param groups names of the tensors of each subset of the partition
     * @param communication when and how executors meet
     * @param state of the optimizer at the first step, by name; empty for its initial state
     */
    public record Method(
            OptimizerSpec optimizer,
            List<List<String>> groups,
            Communication communication,
            Map<String, double[]> state) {
        /** A method that begins in its initial state. */
        public Method(OptimizerSpec optimizer, List<List<String>> groups, Communication communication) {
            this(optimizer, groups, communication, Map.of());
        }

        /** The same that begins in another state. */
        Method with(Map<String, double[]> other) {
            return new Method(optimizer, groups, communication, other);
        }

        /** What optimizers have in common that can take each other's states, in words. */
        String kind() {
            OptimizerSettings settings = optimizer.settings();
            String average = ", average " + settings.average().kind();
            if (!optimizer.needs(Need.SUMMARY_BATCHES)) {
                return settings.name() + average;
            }
            String solved = settings.newton().isSolved() ? "" : " (published)";
            return settings.name() + solved + ", base " + settings.base().name() + ", curvature "
                    + Plans.curvature(settings).key() + average + ", subsets " + groups;
        }
    }

    /**
     * Rows of a step and of a summary.
     *
     * @param size rows of a training batch
     * @param summarySize rows of a summary batch
     * @param summaryRows where the rows of summaries come from
     */
    public record Batches(int size, int summarySize, SummaryRows summaryRows) {
        /** Steps of an epoch over {@code rows} rows, those of summaries taken off: its last batch may be smaller. */
        long stepsPerEpoch(int rows, int partitions) {
            return ((long) summaryRows.trainingRows(rows, partitions) + size - 1) / size;
        }
    }

    /**
     * When checkpoints are written besides the ends of epochs.
     *
     * @param everySteps steps between two checkpoints; 0 for epochs alone
     * @param everySeconds seconds after which the next step's end writes a checkpoint; 0 for none by the clock
     * @param keep how many of the newest are kept
     */
    public record Checkpoints(int everySteps, double everySeconds, int keep) {
        /** Steps from step {@code step} to where one is due by steps. */
        long stepsToNext(long step) {
            return everySteps == 0 ? Long.MAX_VALUE : everySteps - step % everySteps;
        }

        /** The shorter of {@code seconds} and the seconds between two checkpoints. */
        double shortest(double seconds) {
            return everySeconds == 0 ? seconds : Math.min(seconds, everySeconds);
        }

        /** Whether one is due after step {@code step}, {@code seconds} after the last, when {@code before} was the step before. */
        boolean due(long before, long step, double seconds) {
            return everySteps > 0 && step / everySteps != before / everySteps
                    || everySeconds > 0 && seconds >= everySeconds;
        }
    }

    /**
     * Precision, seed, and what computes.
     *
     * @param type precision of the engine
     * @param microBatch rows the engine processes at once, 0 for automatic
     * @param seed of initialisation and sampling
     * @param backend of the engine
     */
    public record Numerics(DType type, int microBatch, long seed, BackendChoice backend) {
        /** On the backend that is installed. */
        public Numerics(DType type, int microBatch, long seed) {
            this(type, microBatch, seed, BackendChoice.INSTALLED);
        }
    }

    /** This plan with another end. */
    public TrainingPlan with(Stopping other) {
        return new TrainingPlan(model, data, method, batches, other, checkpoints, numerics);
    }

    /** The job's configuration with what was automatic as this plan has it. */
    public Configuration decided(Configuration configuration) {
        return Plans.ofModel(Plans.fitted(configuration, data.train()))
                .planned(batches.size(), batches.summarySize(), data.partitions());
    }

    /** Steps of the run. */
    public long steps() {
        return stopping.steps(stepsPerEpoch());
    }

    /** Steps of an epoch of the run. */
    public long stepsPerEpoch() {
        return batches.stepsPerEpoch(data.train().count(), data.partitions());
    }

    /** Whether the optimizer draws summary batches. */
    public boolean makesSummaries() {
        return method.optimizer().needs(Need.SUMMARY_BATCHES);
    }

    /**
     * Checks sizes against the data; runs no job.
     *
     * @throws UserError naming the configuration key, what was found and what is expected
     */
    public void check() {
        int rows = data.train().count();
        int partitions = data.partitions();
        SummaryRows summaryRows = batches.summaryRows();
        expect(partitions >= 1, "data.partitions", partitions, "at least 1");
        checkLength();
        int trained = summaryRows.trainingRows(rows, partitions);
        if (makesSummaries() && summaryRows.kind().equals("apart") && (trained == 0 || trained == rows)) {
            throw new UserError(
                    UserError.Subject.setting("summary.share"),
                    summaryRows.share(),
                    "a share that leaves rows on both sides of " + rows);
        }
        checkLocalSteps();
        expectBatch("training.batch", batches.size(), trained);
        if (makesSummaries()) {
            int from = summaryRows.summaryRows(rows, partitions);
            expectBatch("summary.batch", batches.summarySize(), from);
        }
        checkSameRows(data.test());
        checkSameRows(data.summaries());
    }

    private void checkLength() {
        expect(stopping.epochs() >= 0, "training.epochs", stopping.epochs(), "at least 0");
        if (stopping.epochs() == 0) {
            String expected = "none with training.epochs = 0, which makes no step";
            if (stopping.maxSteps() > 0) {
                throw new UserError(UserError.Subject.setting("training.max_steps"), stopping.maxSteps(), expected);
            }
            expect(stopping.patience() == 0, "patience", stopping.patience(), expected);
        }
    }

    private void checkLocalSteps() {
        OptimizerSpec optimizer = method.optimizer();
        if (method.communication().period() > 0 && optimizer.needs(Need.ALL_SHARDS)) {
            String rule = makesSummaries()
                    ? " over base.name = " + optimizer.settings().base().name()
                    : "";
            throw new UserError(
                    UserError.Subject.setting("training.sync"),
                    "period",
                    "step with optimizer.name = " + optimizer.settings().name() + rule
                            + ", whose steps need all shards");
        }
    }

    private void checkSameRows(Rows other) {
        Rows train = data.train();
        if (other != null
                && !Arrays.equals(other.stored().features(), train.stored().features())) {
            throw new UserError(
                    UserError.Subject.of(other.shape().description()),
                    "features of shape " + Arrays.toString(other.stored().features()),
                    Arrays.toString(train.stored().features()) + " as in "
                            + train.shape().description());
        }
    }

    private void expectBatch(String key, int size, int rows) {
        boolean own = key.equals("summary.batch") && batches.summaryRows().areOwn();
        Rows train = own ? data.summaries() : data.train();
        String which = rows == train.count() ? "" : " that summary.rows = apart leaves for it";
        String expected =
                "1 to " + rows + ", the number of rows of " + train.shape().description() + which;
        expect(size >= 1 && size <= rows, key, size, expected);
    }

    private static void expect(boolean good, String key, int found, String expected) {
        if (!good) {
            throw new UserError(UserError.Subject.of(key), found, expected);
        }
    }
}

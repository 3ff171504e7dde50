package io.etastar.training;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.settings.OptimizerSettings.Need;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.tensor.DType;
import java.util.Arrays;
import java.util.List;

/**
 * Everything a training run needs, checked.
 *
 * @param model recipe of the model
 * @param train training data
 * @param test test data, or null
 * @param standardisation applied to features of both, or null
 * @param groups names of the tensors of each subset of the partition
 * @param optimizer what updates the parameters
 * @param type precision of the engine
 * @param partitions number of shards of the training data; results depend on it
 * @param batch samples of a training batch
 * @param hgBatch samples of a summary batch
 * @param summaryRows where the rows of summaries come from
 * @param epochs passes over the training data
 * @param microBatch rows the engine processes at once, 0 for automatic
 * @param seed of initialisation and sampling
 * @param checkpointEverySteps steps between two checkpoints (one more at each end of an epoch); 0 for epochs alone
 * @param checkpointEverySeconds seconds after which the next step's end writes a checkpoint; 0 for none by the clock
 * @param keepCheckpoints how many of the newest are kept
 * @param maxSteps steps after which the run ends though epochs may not be done, 0 for no such end
 * @param communication when and how executors meet
 */
public record TrainingPlan(
        ModelDescription model,
        Rows train,
        Rows test,
        Standardisation standardisation,
        List<List<String>> groups,
        OptimizerSpec optimizer,
        DType type,
        int partitions,
        int batch,
        int hgBatch,
        SummaryRows summaryRows,
        int epochs,
        int microBatch,
        long seed,
        int checkpointEverySteps,
        double checkpointEverySeconds,
        int keepCheckpoints,
        int maxSteps,
        Communication communication) {
    /** Steps of an epoch over {@code rows} rows, those of summaries taken off: its last batch may be smaller. */
    public static long stepsPerEpoch(SummaryRows summaryRows, int rows, int partitions, int batch) {
        return ((long) summaryRows.trainingRows(rows, partitions) + batch - 1) / batch;
    }

    /** Steps of the run. */
    public long steps() {
        long steps = epochs * stepsPerEpoch();
        return maxSteps == 0 ? steps : Math.min(steps, maxSteps);
    }

    /** Steps of an epoch of the run. */
    public long stepsPerEpoch() {
        return stepsPerEpoch(summaryRows, train.count(), partitions, batch);
    }

    /** Whether the optimizer draws summary batches. */
    public boolean makesSummaries() {
        return optimizer.needs(Need.SUMMARY_BATCHES);
    }

    /**
     * Checks sizes against the data; runs no job.
     *
     * @throws UserError naming the configuration key, what was found and what is expected
     */
    public void check() {
        int rows = train.count();
        expect(partitions >= 1, "data.partitions", partitions, "at least 1");
        expect(epochs >= 1, "training.epochs", epochs, "at least 1");
        int trained = summaryRows.trainingRows(rows, partitions);
        if (makesSummaries() && summaryRows.kind().equals("apart") && (trained == 0 || trained == rows)) {
            throw new UserError("training.hg_share: found " + summaryRows.share() + ", expected a share that leaves "
                    + "rows on both sides of " + rows);
        }
        if (communication.period() > 0 && optimizer.needs(Need.ALL_SHARDS)) {
            String rule = makesSummaries()
                    ? " over base.name = " + optimizer.settings().base().name()
                    : "";
            throw new UserError("training.sync: found period, expected step with optimizer.name = "
                    + optimizer.settings().name() + rule + ", whose steps need all shards");
        }
        expectBatch("training.batch", batch, trained);
        if (makesSummaries()) {
            expectBatch("training.hg_batch", hgBatch, summaryRows.summaryRows(rows, partitions));
        }
        if (test != null
                && !Arrays.equals(test.stored().features(), train.stored().features())) {
            throw new UserError(test.shape().description() + ": found features of shape "
                    + Arrays.toString(test.stored().features()) + ", expected "
                    + Arrays.toString(train.stored().features())
                    + " as in " + train.shape().description());
        }
    }

    private void expectBatch(String key, int size, int rows) {
        String which = rows == train.count() ? "" : " that training.hg_data = apart leaves for it";
        String expected =
                "1 to " + rows + ", the number of rows of " + train.shape().description() + which;
        expect(size >= 1 && size <= rows, key, size, expected);
    }

    private static void expect(boolean good, String key, int found, String expected) {
        if (!good) {
            throw new UserError(key + ": found " + found + ", expected " + expected);
        }
    }
}

package io.etastar.spark.pass;

import io.etastar.optimizer.LocalSteps;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.rows.Carried;
import io.etastar.spark.rows.RowSelection;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;

/**
 * The local steps of one shard.
 *
 * @param sent start of the steps
 * @param type of the engine
 * @param batches rows of each step
 * @param seeds of each step's pass, null for nothing random
 * @param total number of rows of all steps over all shards, of which each shard has its share
 * @param summary rows of the summary; null if none is due
 * @param summarySeed of the summary's pass, or null
 */
record LocalPass(
        Broadcast<Carried<LocalPass.Start>> sent,
        DType type,
        RowSelection[] batches,
        Long[] seeds,
        long total,
        RowSelection summary,
        Long summarySeed)
        implements ShardCall<PeriodSum> {
    /**
     * The start of the steps.
     *
     * @param state parameters, and state of the base rule
     * @param steps what to do
     */
    record Start(TrainingState state, LocalSteps steps) implements Serializable {}

    @Override
    public PeriodSum apply(ShardContext on) {
        int[][] rows = new int[batches.length][];
        long count = 0;
        for (int i = 0; i < batches.length; i++) {
            rows[i] = batches[i].of(on.index());
            count += rows[i].length;
        }
        if (count == 0) {
            return null;
        }
        Start start = on.fetch(sent).value();
        LocalSteps steps = start.steps();
        Rows local = new Rows(on, rows, steps.partition());
        return steps.run(local, start.state().theta().doubles(), start.state().state(), (double) count / total);
    }

    /** The shard's rows, by the engines of its task. */
    private final class Rows implements LocalSteps.LocalRows {
        private final ShardContext on;
        private final int[][] rows;
        private final Partition partition;
        private RawArray rounded;

        Rows(ShardContext on, int[][] rows, Partition partition) {
            this.on = on;
            this.rows = rows;
            this.partition = partition;
        }

        @Override
        public GradientSum gradient(double[] theta, int i) {
            if (rows[i].length == 0) {
                return null;
            }
            return on.evaluate(new Quantity.Gradient(), rows[i], new Point<>(round(theta), null, seeds[i]));
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction) {
            int[] chosen = summary.of(on.index());
            if (chosen.length == 0) {
                return null;
            }
            Point<RawArray> point = new Point<>(round(theta), RawArray.copyOf(type, direction), summarySeed);
            return on.evaluate(new Quantity.Summary(partition), chosen, point);
        }

        /** In the engine's precision; one array for all steps. */
        private RawArray round(double[] theta) {
            if (rounded == null) {
                rounded = RawArray.zeros(type, theta.length);
            }
            rounded.assign(theta);
            return rounded;
        }
    }
}

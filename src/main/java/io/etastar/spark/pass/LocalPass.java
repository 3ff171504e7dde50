package io.etastar.spark.pass;

import io.etastar.optimizer.LocalSteps;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
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
 * @param along rows of the derivatives along the shard's first direction; null if none are due
 */
record LocalPass(
        Broadcast<Carried<LocalPass.Start>> sent,
        DType type,
        RowSelection[] batches,
        Long[] seeds,
        long total,
        LocalPass.Along along)
        implements ShardCall<PeriodSum> {
    /**
     * The start of the steps.
     *
     * @param state parameters, and state of the base rule
     * @param steps what to do
     */
    record Start(TrainingState state, LocalSteps steps) implements Serializable {}

    /**
     * Rows of derivatives.
     *
     * @param summary those of the summary
     * @param others than those of each step; empty if none are asked for
     */
    record Along(BatchRows.Drawn summary, BatchRows.Drawn[] others) implements Serializable {}

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
        Rows local = new Rows(on, rows, steps);
        return steps.run(local, start.state().theta().doubles(), start.state().state(), (double) count / total);
    }

    /** The shard's rows, by the engines of its task. */
    private final class Rows implements LocalSteps.LocalRows {
        private final ShardContext on;
        private final int[][] rows;
        private final LocalSteps steps;
        private RawArray rounded;

        Rows(ShardContext on, int[][] rows, LocalSteps steps) {
            this.on = on;
            this.rows = rows;
            this.steps = steps;
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
            return evaluate(steps.asked().summary(), along.summary(), theta, direction);
        }

        @Override
        public DerivativeTensor slopes(double[] theta, double[] direction, int i) {
            return evaluate(new Quantity.Derivatives(steps.partition(), 1), along.others()[i], theta, direction);
        }

        private <T extends Sum<T>> T evaluate(
                Quantity<T> quantity, BatchRows.Drawn drawn, double[] theta, double[] direction) {
            int[] chosen = drawn.rows().of(on.index());
            return chosen.length == 0
                    ? null
                    : on.evaluate(
                            quantity,
                            chosen,
                            new Point<>(round(theta), RawArray.copyOf(type, direction), drawn.seed()));
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

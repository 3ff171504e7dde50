package io.etastar.training;

import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.SplittableRandom;

/** Plans of linear regressions, whose loss is a quadratic function of the parameters with a Hessian of about 2. */
public final class LinearPlans {
    /** Where the loss is least, but for noise of 0.1: three weights and a bias. */
    public static final double[] BEST = {1, -2, 0.5, 0.25};

    private LinearPlans() {}

    /** Rows of three normal numbers and their target. */
    private record Source(int rows) implements DataSource {
        @Override
        public RowShape shape() {
            return RowShape.ofNumbers("a line", new int[] {3});
        }

        @Override
        public Shard read(int from, int to) {
            float[] x = new float[3 * (to - from)];
            float[] y = new float[to - from];
            for (int i = 0; i < to - from; i++) {
                // Of neighbouring seeds, whose numbers are apart; those of Random are not.
                SplittableRandom random = new SplittableRandom(77L + from + i);
                double target = BEST[3] + 0.1 * random.nextGaussian();
                for (int j = 0; j < 3; j++) {
                    x[3 * i + j] = (float) random.nextGaussian();
                    target += BEST[j] * x[3 * i + j];
                }
                y[i] = (float) target;
            }
            return new Shard(to - from, RawArray.of(x), RawArray.of(y));
        }

        @Override
        public Standardisation inspect() {
            throw new UnsupportedOperationException("nothing to inspect");
        }
    }

    /** A plan that begins at zeros, in double precision, four epochs long. */
    public static TrainingPlan plan(OptimizerSpec optimizer, int rows, int partitions, int batch) {
        ModelDescription model = new ModelDescription(
                "{\"activation\":\"tanh\",\"layers\":[3,1],\"loss\":\"mse\",\"model\":\"perceptron\"}");
        return new TrainingPlan(
                model.startingFrom(RawArray.of(new double[4])),
                new TrainingPlan.Data(Rows.of(new Source(rows)), null, null, partitions),
                new TrainingPlan.Method(
                        optimizer,
                        List.of(List.of("layers.0.weight"), List.of("layers.0.bias")),
                        Communication.NEAR_DATA),
                new TrainingPlan.Batches(batch, batch, SummaryRows.DRAWN),
                Stopping.after(4, 0),
                new TrainingPlan.Checkpoints(0, 0, 1),
                new TrainingPlan.Numerics(DType.DOUBLE, 0, 1));
    }
}

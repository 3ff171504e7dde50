package io.etastar.training;

import io.etastar.graph.ModelDescription;
import io.etastar.graph.Statistic;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.MeanSums;
import io.etastar.quantity.Quantity;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.ShardedData;
import io.etastar.taylor.BatchMeans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The model with which rows are predicted: a graph that takes means over the rows of a batch, as batch norm does, takes their
 * values over all training rows instead. Other models predict as they train.
 *
 * <p>One forward pass over micro-batches like those of training gives the means. The variance of a norm is that of all rows: the
 * mean of the variances of micro-batches and the variance of their means.
 */
final class PredictionModel {
    private final ModelDescription model;
    private final List<BatchMeans.Mean> means;
    private final SparkObjective objective;
    private final Function<ModelDescription, DistributedPass> passes;

    private double[] at;
    private ModelDescription known;

    /**
     * @param model as it is trained
     * @param means that it takes over the rows of a batch
     * @param objective over the training rows
     * @param passes of a model, which the caller closes
     */
    PredictionModel(
            ModelDescription model,
            List<BatchMeans.Mean> means,
            SparkObjective objective,
            Function<ModelDescription, DistributedPass> passes) {
        this.model = model;
        this.objective = objective;
        this.passes = passes;
        this.means = means;
        known = model;
    }

    /** The model at parameters [P]; a pass over the training rows, if it takes means over rows and the parameters are new. */
    ModelDescription at(double[] theta) {
        if (!means.isEmpty() && !Arrays.equals(theta, at)) {
            known = measured(theta);
            at = theta.clone();
        }
        return known;
    }

    /** The sums over test rows at parameters [P]. */
    LossSum loss(double[] theta, ShardedData test) {
        if (means.isEmpty()) {
            return objective.evaluate(theta, test);
        }
        try (DistributedPass pass = passes.apply(at(theta))) {
            return pass.loss(test, theta);
        }
    }

    private ModelDescription measured(double[] theta) {
        List<String> names = means.stream().map(BatchMeans.Mean::name).toList();
        return model.withStatistics(statistics(objective.everyRow(new Quantity.Means(names), theta)));
    }

    private List<Statistic> statistics(MeanSums sums) {
        List<Statistic> statistics = new ArrayList<>();
        int[] starts = new int[means.size() + 1];
        for (int i = 0; i < means.size(); i++) {
            BatchMeans.Mean mean = means.get(i);
            int from = starts[i];
            int centre = mean.centre() < 0 ? -1 : starts[mean.centre()];
            double[] values = IntStream.range(0, mean.length())
                    .mapToDouble(
                            j -> sums.values()[from + j] / sums.rows() + (centre < 0 ? 0 : spread(sums, centre + j)))
                    .toArray();
            statistics.add(new Statistic(mean.name(), mean.shape(), values));
            starts[i + 1] = from + values.length;
        }
        return statistics;
    }

    /** Variance of the means of micro-batches: added to the mean of their variances, it makes the variance of all rows. */
    private static double spread(MeanSums sums, int i) {
        double mean = sums.values()[i] / sums.rows();
        return Math.max(0, sums.squares()[i] / sums.rows() - mean * mean);
    }
}

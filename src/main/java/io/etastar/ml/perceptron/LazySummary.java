package io.etastar.ml.perceptron;

import org.apache.spark.ml.classification.ClassificationSummary;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationTrainingSummary;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The training summary of MLlib's perceptron, whose predictions are planned when they or a metric are first asked for. Spark takes as long to plan
 * them as some 200 steps on a small table take, and most summaries are asked for losses at most.
 *
 * <p>Predictions and metrics are those of {@link MultilayerPerceptronClassificationModel#evaluate} on the training rows. It is public for Python,
 * which calls methods of public classes alone.
 */
public final class LazySummary implements MultilayerPerceptronClassificationTrainingSummary {
    private static final long serialVersionUID = 1L;

    private final MultilayerPerceptronClassificationModel model;
    private final double[] losses;
    private final transient Dataset<?> rows;
    private transient @Nullable ClassificationSummary evaluated;

    /**
     * @param model that was trained; what is set of it later changes nothing here
     * @param rows that it was trained on
     * @param losses mean loss at the start, then of each pass
     */
    LazySummary(MultilayerPerceptronClassificationModel model, Dataset<?> rows, double... losses) {
        this.model = model.copy(ParamMap.empty());
        this.rows = rows;
        this.losses = losses;
    }

    private synchronized ClassificationSummary evaluated() {
        ClassificationSummary of = evaluated == null ? model.evaluate(rows) : evaluated;
        evaluated = of;
        return of;
    }

    @Override
    public double[] objectiveHistory() {
        return losses;
    }

    @Override
    public Dataset<Row> predictions() {
        return evaluated().predictions();
    }

    @Override
    public String predictionCol() {
        return evaluated().predictionCol();
    }

    @Override
    public String labelCol() {
        return evaluated().labelCol();
    }

    @Override
    public String weightCol() {
        return evaluated().weightCol();
    }

    /** What Scala calls the trait's private value, which all its metrics are read from. */
    @Override
    public MulticlassMetrics org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics() {
        return evaluated().org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics();
    }

    /** For the trait's initialisation, which is not run. */
    @Override
    public void
            org$apache$spark$ml$classification$ClassificationSummary$_setter_$org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics_$eq(
                    MulticlassMetrics metrics) {
        throw new UnsupportedOperationException();
    }
}

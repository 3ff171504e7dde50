package io.etastar.ml;

import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.lit;

import io.etastar.frame.FrameField;
import io.etastar.table.ClassValues;
import org.apache.spark.ml.classification.ClassificationSummary;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple3;

/**
 * How training a classifier went, with the measures that Spark's own classifiers have: accuracy, precision and recall over the
 * training rows, computed when one is first asked for.
 */
public final class NeuralNetworkClassificationTrainingSummary extends NeuralNetworkTrainingSummary
        implements ClassificationSummary {
    private static final long serialVersionUID = 1L;

    private final transient NeuralNetworkClassificationModel model;
    private final transient Dataset<Row> rows;
    private transient MulticlassMetrics metrics;

    /** Of a model and the rows that it was trained on. */
    NeuralNetworkClassificationTrainingSummary(
            NeuralNetworkTrainingSummary training, NeuralNetworkClassificationModel model, Dataset<Row> rows) {
        super(training);
        this.model = model;
        this.rows = rows;
    }

    /** The training rows with the model's columns. */
    @Override
    public Dataset<Row> predictions() {
        return model.transform(rows);
    }

    @Override
    public String predictionCol() {
        return model.getPredictionCol();
    }

    @Override
    public String labelCol() {
        return model.getLabelCol();
    }

    /** Empty if all rows weigh 1. */
    @Override
    public String weightCol() {
        return FrameFit.isGiven(model, model.weightCol()) ? model.getWeightCol() : "";
    }

    /** For Spark alone: what its measures are read from. */
    @Override
    @SuppressWarnings("checkstyle:MethodName")
    public synchronized MulticlassMetrics
            org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics() {
        if (metrics == null) {
            metrics = new MulticlassMetrics(pairs());
        }
        return metrics;
    }

    /** For Spark alone: it would set them when a Scala object is made. */
    @Override
    @SuppressWarnings("checkstyle:MethodName")
    public void
            org$apache$spark$ml$classification$ClassificationSummary$_setter_$org$apache$spark$ml$classification$ClassificationSummary$$multiclassMetrics_$eq(
                    MulticlassMetrics other) {
        throw new UnsupportedOperationException("metrics are computed");
    }

    /** Prediction, class index and weight of each row. */
    private RDD<Tuple3<Object, Object, Object>> pairs() {
        Column weight = weightCol().isEmpty() ? lit(1.0) : column(weightCol()).cast("double");
        Dataset<Row> predictions = predictions();
        return predictions
                .select(FrameField.column(predictions.schema(), predictionCol()).cast("double"), index(), weight)
                .toJavaRDD()
                .map(NeuralNetworkClassificationTrainingSummary::triple)
                .rdd();
    }

    private static Tuple3<Object, Object, Object> triple(Row row) {
        return new Tuple3<>(row.getDouble(0), row.getDouble(1), row.getDouble(2));
    }

    /** The index of the label's class. */
    private Column index() {
        ClassValues classes = model.stored().classValues();
        Column label = column(labelCol());
        return switch (classes.kind()) {
            case INDEX -> label.cast("double");
            case BOOLEAN -> label.cast("int").cast("double");
            case TEXT -> place(classes.names().toArray(String[]::new), label.cast("string"));
            case NUMBER ->
                place(classes.names().stream().mapToDouble(Double::parseDouble).toArray(), label.cast("double"));
        };
    }

    private static Column place(Object values, Column label) {
        return array_position(lit(values), label).minus(1).cast("double");
    }

    private Column column(String name) {
        return FrameField.column(rows.schema(), name);
    }
}

package io.etastar.ml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Predicts on executors by a broadcast model, by one in a closure, in a UDF, and by transform: MODEL OUT, on any master. */
public final class PredictInTasksMain {
    /** Rows of random features. */
    private static final int ROWS = 500;

    private PredictInTasksMain() {}

    /**
     * Predictions of the same rows.
     *
     * @param ofDriver by the driver
     * @param ofTasks by tasks, in each of the ways
     */
    record Predictions(List<Double> ofDriver, List<List<Double>> ofTasks) {}

    public static void main(String[] args) throws IOException {
        try (SparkSession session = SparkSession.builder().getOrCreate()) {
            Predictions predictions = predict(session, NeuralNetworkClassificationModel.load(args[0]), 64);
            boolean same = predictions.ofTasks().stream().allMatch(each -> each.equals(predictions.ofDriver()));
            Files.writeString(
                    Path.of(args[1]),
                    predictions.ofTasks().size() + " ways, " + (same ? "all as the driver" : predictions.toString()));
        }
    }

    static Predictions predict(SparkSession session, NeuralNetworkClassificationModel model, int features) {
        List<Vector> rows = IntStream.range(0, ROWS)
                .mapToObj(row -> Vectors.dense(
                        new Random(row).doubles(features).map(x -> 16 * x).toArray()))
                .toList();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        JavaRDD<Vector> sent = context.parallelize(rows, 4);
        Broadcast<NeuralNetworkClassificationModel> broadcast = context.broadcast(model);
        Dataset<Row> frame = session.createDataFrame(
                rows.stream().map(RowFactory::create).toList(),
                new StructType().add("features", SQLDataTypes.VectorType()));
        UserDefinedFunction udf = functions.udf((UDF1<Vector, Double>) model::predict, DataTypes.DoubleType);
        List<Double> ofUdf = sorted(frame.repartition(3).select(udf.apply(functions.col("features"))));
        List<Double> ofTransform = sorted(model.transform(frame.repartition(3)).select("prediction"));
        List<Double> ofDriver = rows.stream().map(model::predict).toList();
        List<Double> ofDriverSorted = ofDriver.stream().sorted().toList();
        return new Predictions(
                ofDriver,
                List.of(
                        sent.map(row -> broadcast.value().predict(row)).collect(),
                        sent.map(model::predict).collect(),
                        ofUdf.equals(ofDriverSorted) ? ofDriver : ofUdf,
                        ofTransform.equals(ofDriverSorted) ? ofDriver : ofTransform));
    }

    private static List<Double> sorted(Dataset<Row> column) {
        return column.collectAsList().stream()
                .map(row -> row.getDouble(0))
                .sorted()
                .toList();
    }
}

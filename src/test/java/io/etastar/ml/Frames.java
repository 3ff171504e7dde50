package io.etastar.ml;

import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.RegressionSource;
import io.etastar.spark.SparkTestSession;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A session on local[2] and embedded data as frames of features and label. */
public final class Frames implements AutoCloseable {
    static final StructType SCHEMA =
            new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);

    private final SparkTestSession test = SparkTestSession.open("local[2]");
    private final SparkSession session =
            SparkSession.builder().sparkContext(test.context().sc()).getOrCreate();

    public SparkSession session() {
        return session;
    }

    /** Training rows of the digits with seed 1: 1500. */
    public Dataset<Row> digits() {
        return of(DigitsSource.train(1), 1500);
    }

    /** The first of them. */
    public Dataset<Row> digits(int rows) {
        return of(DigitsSource.train(1), rows);
    }

    public Dataset<Row> testDigits() {
        return of(DigitsSource.test(1), 297);
    }

    Dataset<Row> regression(boolean train) {
        return of(RegressionSource.open(1, train), train ? 1000 : 200);
    }

    private Dataset<Row> of(DataSource source, int count) {
        Shard all = source.read(0, count);
        int length = all.featureLength();
        double[] values = all.features().toDoubles();
        List<Row> rows = IntStream.range(0, count)
                .mapToObj(i -> RowFactory.create(
                        Vectors.dense(Arrays.copyOfRange(values, i * length, (i + 1) * length)),
                        all.targets().get(i)))
                .toList();
        return session.createDataFrame(rows, SCHEMA);
    }

    Dataset<Row> of(StructType schema, Row... rows) {
        return session.createDataFrame(List.of(rows), schema);
    }

    /** A classifier of the digits that trains in some seconds. */
    public static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setBatchSize(100)
                .setNumPartitions(2)
                .setLayers(new int[] {64, 24, 10})
                .setBatchSize(100)
                .setNumPartitions(2)
                .setPeriod(5)
                .setMaxIter(3)
                .setSummaryBatchSize(500);
    }

    @Override
    public void close() {
        session.stop();
        test.close();
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
    }
}

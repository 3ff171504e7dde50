package io.etastar.benchmarks;

import io.etastar.data.Shard;
import io.etastar.data.format.IdxSource;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** MLlib's half of {@code benchmarks/versus_mllib.sh}: the perceptron 784-200-100-10 on IDX files, a whole job. */
public final class MllibPerceptron {
    private static final int[] LAYERS = {784, 200, 100, 10};

    private MllibPerceptron() {}

    /**
     * Arguments: DIRECTORY of the IDX files, ITERATIONS of L-BFGS, BLOCK_SIZE, SEED. Prints {@code result test_accuracy=A
     * iterations=N}.
     */
    public static void main(String[] args) throws IOException {
        try (SparkSession session = SparkSession.builder()
                .appName("MLlib perceptron")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            Dataset<Row> train = read(session, IdxSource.open(args[0], true)).cache();
            Dataset<Row> test = read(session, IdxSource.open(args[0], false));
            MultilayerPerceptronClassificationModel model = new MultilayerPerceptronClassifier()
                    .setLayers(LAYERS)
                    .setMaxIter(Integer.parseInt(args[1]))
                    .setBlockSize(Integer.parseInt(args[2]))
                    .setSeed(Long.parseLong(args[3]))
                    .fit(train);
            double accuracy = new MulticlassClassificationEvaluator()
                    .setMetricName("accuracy")
                    .evaluate(model.transform(test));
            System.out.printf(
                    Locale.ROOT,
                    "result test_accuracy=%.4f iterations=%d%n",
                    accuracy,
                    model.summary().totalIterations());
        }
    }

    /** Columns label and features, pixels in [0, 1], in as many partitions as there are cores; read by executors. */
    static Dataset<Row> read(SparkSession session, IdxSource source) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        int partitions = context.defaultParallelism();
        List<Integer> indices = IntStream.range(0, partitions).boxed().toList();
        JavaRDD<Row> rows = context.parallelize(indices, partitions).flatMap(index -> rows(source, index, partitions));
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType, false)
                .add("features", SQLDataTypes.VectorType(), false);
        return session.createDataFrame(rows, schema);
    }

    private static Iterator<Row> rows(IdxSource source, int index, int partitions) {
        int from = (int) ((long) index * source.rows() / partitions);
        Shard shard = source.read(from, (int) ((index + 1L) * source.rows() / partitions));
        int length = shard.featureLength();
        // One after the other, as a reader of files gives them.
        return IntStream.range(0, shard.rows())
                .mapToObj(row -> row(shard, row, length))
                .iterator();
    }

    private static Row row(Shard shard, int row, int length) {
        double[] features = new double[length];
        for (int i = 0; i < length; i++) {
            features[i] = shard.features().get(row * length + i);
        }
        return RowFactory.create(shard.targets().get(row), Vectors.dense(features));
    }
}

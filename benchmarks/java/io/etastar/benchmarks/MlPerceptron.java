package io.etastar.benchmarks;

import io.etastar.data.format.IdxSource;
import io.etastar.ml.NeuralNetworkClassificationModel;
import io.etastar.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The estimator's half of {@code benchmarks/ml_versus_train.sh}: a DataFrame of IDX files, the settings of
 * {@code conf/fashion-mnist-perceptron.conf}, a whole job.
 */
public final class MlPerceptron {
    private MlPerceptron() {}

    /** Arguments: DIRECTORY of the IDX files, SEED. Prints {@code result test_accuracy=A fit_seconds=S transform_seconds=S}. */
    public static void main(String[] args) throws IOException {
        try (SparkSession session = SparkSession.builder()
                .appName("EtaStar estimator")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            Dataset<Row> train = MllibPerceptron.read(session, IdxSource.open(args[0], true));
            Dataset<Row> test = MllibPerceptron.read(session, IdxSource.open(args[0], false));
            long start = System.nanoTime();
            NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                    .setLayers(new int[] {784, 200, 100, 10})
                    .setInputShape(new int[] {1, 28, 28})
                    .setDamping(1)
                    .setMaxIter(8)
                    .setBatchSize(500)
                    .setSeed(Long.parseLong(args[1]))
                    .fit(train);
            double fit = (System.nanoTime() - start) * 1e-9;
            start = System.nanoTime();
            double accuracy = new MulticlassClassificationEvaluator()
                    .setMetricName("accuracy")
                    .evaluate(model.transform(test));
            System.out.printf(
                    Locale.ROOT,
                    "result test_accuracy=%.4f fit_seconds=%.1f transform_seconds=%.1f%n",
                    accuracy,
                    fit,
                    (System.nanoTime() - start) * 1e-9);
        }
    }
}

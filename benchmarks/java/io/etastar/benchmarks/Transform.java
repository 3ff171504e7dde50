package io.etastar.benchmarks;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.randn;

import io.etastar.ml.NeuralNetworkClassificationModel;
import io.etastar.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code transform} of the classifier's model and of MLlib's perceptron of the same layers, by turns. */
public final class Transform {
    private static final int[] LAYERS = {30, 64, 32, 2};
    private static final int WARM_UP = 3;

    private Transform() {}

    /**
     * Arguments: ROWS, ROUNDS. Prints {@code transform rows=N ours_s=A mllib_s=B ratio=B/A outputs=O}, medians of the rounds, for all
     * outputs and for the prediction alone.
     */
    public static void main(String[] args) throws IOException {
        int rows = Integer.parseInt(args[0]);
        int rounds = Integer.parseInt(args[1]);
        try (SparkSession session = SparkSession.builder()
                .appName("transform")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            Dataset<Row> table = table(session, rows);
            Dataset<Row> few = table.limit(2000);
            NeuralNetworkClassificationModel ours = new NeuralNetworkClassifier()
                    .setLayers(LAYERS)
                    .setStandardise(false)
                    .setBatchSize(500)
                    .setMaxIter(1)
                    .fit(few);
            Transformer theirs = new MultilayerPerceptronClassifier()
                    .setLayers(LAYERS)
                    .setMaxIter(2)
                    .fit(few);
            for (String outputs : new String[] {"all", "prediction"}) {
                double[][] seconds = new double[2][rounds];
                for (int round = -WARM_UP; round < rounds; round++) {
                    double a = seconds(ours.transform(table), outputs);
                    double b = seconds(theirs.transform(table), outputs);
                    if (round >= 0) {
                        seconds[0][round] = a;
                        seconds[1][round] = b;
                    }
                }
                double a = median(seconds[0]);
                double b = median(seconds[1]);
                System.out.printf(
                        Locale.ROOT,
                        "transform rows=%d ours_s=%.3f mllib_s=%.3f ratio=%.2f outputs=%s%n",
                        rows,
                        a,
                        b,
                        b / a,
                        outputs);
            }
        }
    }

    /** Cached columns id, features and label. */
    private static Dataset<Row> table(SparkSession session, int rows) {
        Column[] numbers = IntStream.range(0, LAYERS[0]).mapToObj(i -> randn(i)).toArray(Column[]::new);
        Dataset<Row> table = session.range(rows)
                .select(
                        expr("id"),
                        functions.array_to_vector(array(numbers)).as("features"),
                        expr("cast(id % 2 as double) as label"))
                .cache();
        table.count();
        return table;
    }

    /** All rows computed and thrown away. */
    private static double seconds(Dataset<Row> predicted, String outputs) {
        Dataset<Row> read = outputs.equals("all") ? predicted : predicted.select(outputs);
        long start = System.nanoTime();
        read.write().format("noop").mode("overwrite").save();
        return (System.nanoTime() - start) * 1e-9;
    }

    private static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

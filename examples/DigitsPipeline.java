import io.etastar.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Handwritten digits from a CSV file through a Pipeline: columns into a vector, standardised, into a network whose hidden layer is
 * chosen by cross validation. {@code fit} saves the best model, {@code predict} loads it.
 */
public final class DigitsPipeline {
    private static final int PIXELS = 64;
    private static final int CLASSES = 10;
    private static final int[] HIDDEN = {16, 48};
    private static final double TRAINING_SHARE = 0.8;

    private DigitsPipeline() {}

    /** Arguments: {@code fit} or {@code predict}, the CSV file, the model's directory. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3 || !args[0].matches("fit|predict")) {
            System.err.println("error: expected fit|predict DIGITS_CSV MODEL_DIRECTORY");
            System.exit(2);
        }
        try (SparkSession session = SparkSession.builder().getOrCreate()) {
            Dataset<Row>[] parts = digits(session, args[1]);
            if (args[0].equals("fit")) {
                fit(parts[0], args[2], System.out);
            }
            predict(parts[1], args[2], System.out);
        }
    }

    /** Rows for training and rows for testing; the same ones each time. */
    private static Dataset<Row>[] digits(SparkSession session, String file) {
        Dataset<Row> rows =
                session.read().option("inferSchema", true).csv(file).withColumnRenamed("_c" + PIXELS, "label");
        return rows.randomSplit(new double[] {TRAINING_SHARE, 1 - TRAINING_SHARE}, 0);
    }

    private static void fit(Dataset<Row> training, String directory, PrintStream out) throws IOException {
        String[] pixels = IntStream.range(0, PIXELS).mapToObj(i -> "_c" + i).toArray(String[]::new);
        VectorAssembler vector = new VectorAssembler().setInputCols(pixels).setOutputCol("pixels");
        StandardScaler scaler = new StandardScaler()
                .setInputCol("pixels")
                .setOutputCol("features")
                .setWithMean(true);
        NeuralNetworkClassifier network =
                new NeuralNetworkClassifier().setMaxIter(10).setSeed(1);
        ParamMap[] grid = IntStream.of(HIDDEN)
                .mapToObj(hidden -> new ParamMap().put(network.layers(), new int[] {PIXELS, hidden, CLASSES}))
                .toArray(ParamMap[]::new);
        CrossValidatorModel found = new CrossValidator()
                .setEstimator(new Pipeline().setStages(new PipelineStage[] {vector, scaler, network}))
                .setEstimatorParamMaps(grid)
                .setEvaluator(accuracy())
                .setNumFolds(2)
                .setSeed(0)
                .fit(training);
        for (int i = 0; i < HIDDEN.length; i++) {
            out.printf(Locale.ROOT, "hidden units %d: accuracy %.4f%n", HIDDEN[i], found.avgMetrics()[i]);
        }
        found.save(directory);
    }

    private static void predict(Dataset<Row> test, String directory, PrintStream out) {
        Dataset<Row> predicted = CrossValidatorModel.load(directory).transform(test);
        List<Row> predictions = predicted.select("prediction", "probability").collectAsList();
        // The last figure changes with any bit of any prediction.
        out.printf(
                Locale.ROOT,
                "result test_accuracy=%.4f rows=%d predictions=%08x%n",
                accuracy().evaluate(predicted),
                predictions.size(),
                predictions.toString().hashCode());
    }

    private static MulticlassClassificationEvaluator accuracy() {
        return new MulticlassClassificationEvaluator().setMetricName("accuracy");
    }
}

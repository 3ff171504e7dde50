package io.etastar.benchmarks;

import io.etastar.ml.NeuralNetworkClassificationModel;
import io.etastar.ml.NeuralNetworkClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The work of {@code benchmarks/drift.sh}: a stream whose classes wander, each batch predicted by the model so far and then trained on by
 * a fit with {@code initialModel}.
 *
 * <p>A row of class k is normal around its class's two centres c = +-r (cos a, sin a), a = pi k / 3 + turn t / batches, in two of its
 * columns, and noise in the others; from the middle of the stream on all columns are {@link #SCALE} times as large.
 */
public final class Drift {
    private static final int CLASSES = 3;
    private static final int COLUMNS = 8;
    private static final double RADIUS = 2.5;
    private static final double SCALE = 3;
    private static final StructType SCHEMA =
            new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType);

    private final SparkSession session;
    private final int batches;
    private final int rows;
    private final double turn;

    private Drift(SparkSession session, int batches, int rows, double turn) {
        this.session = session;
        this.batches = batches;
        this.rows = rows;
        this.turn = turn;
    }

    /** Arguments: number of batches, rows of each, seeds (1 to N), degrees of the turn, then NAME=OPTIMIZER:RATE:MIB for each trainer. */
    public static void main(String[] args) throws IOException {
        try (SparkSession session = SparkSession.builder()
                .appName("drift")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            Drift drift = new Drift(session, Integer.parseInt(args[0]), Integer.parseInt(args[1]), Math.toRadians(Double.parseDouble(args[3])));
            for (String trainer : Arrays.asList(args).subList(4, args.length)) {
                List<double[]> losses = new ArrayList<>();
                for (int seed = 1; seed <= Integer.parseInt(args[2]); seed++) {
                    losses.add(drift.losses(trainer, seed));
                }
                say(trainer, losses);
            }
        }
    }

    private static void say(String trainer, List<double[]> losses) {
        int length = losses.get(0).length;
        int change = (length + 1) / 2 - 1;
        System.out.printf(
                Locale.ROOT,
                "drift trainer=%s loss=%.4f before=%.4f after=%.4f seeds=%s%n",
                trainer,
                mean(losses, 0, length),
                mean(losses, 0, change),
                mean(losses, change, length),
                losses.stream()
                        .map(of -> String.format(
                                Locale.ROOT, "%.4f", Arrays.stream(of).average().orElseThrow()))
                        .toList());
    }

    private static double mean(List<double[]> losses, int from, int to) {
        return losses.stream()
                .flatMapToDouble(of -> Arrays.stream(of, from, to))
                .average()
                .orElseThrow();
    }

    /** Mean loss of each batch but the first, before it is trained on. */
    private double[] losses(String trainer, int seed) throws IOException {
        Path directory = Files.createTempDirectory("drift");
        double[] losses = new double[batches - 1];
        NeuralNetworkClassificationModel model = null;
        for (int t = 0; t < batches; t++) {
            Dataset<Row> batch = batch(t, seed);
            NeuralNetworkClassifier classifier = classifier(trainer, seed);
            if (model != null) {
                losses[t - 1] = loss(model.transform(batch).collectAsList());
                classifier.setInitialModel(directory.resolve("" + (t - 1)).toString());
            }
            model = classifier.fit(batch);
            model.save(directory.resolve("" + t).toString());
        }
        return losses;
    }

    private static NeuralNetworkClassifier classifier(String trainer, int seed) {
        String[] parts = trainer.split(":");
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                .setHiddenLayers(new int[] {32})
                .setBatchSize(50)
                .setNumPartitions(1)
                .setMaxIter(1)
                .setSeed(seed)
                .setMaxStateInMb(Integer.parseInt(parts[2]));
        return switch (parts[0]) {
            case "solved" -> classifier;
            case "published" -> classifier.setPreset("published").setDecay("none");
            default -> classifier.setOptimizer(parts[0]).setLr(Double.parseDouble(parts[1]));
        };
    }

    private Dataset<Row> batch(int t, int seed) {
        Random random = new Random(1000L * seed + t);
        double scale = t < batches / 2 ? 1 : SCALE;
        List<Row> made = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int label = random.nextInt(CLASSES);
            double angle = Math.PI * label / CLASSES + turn * t / batches;
            double side = random.nextBoolean() ? RADIUS : -RADIUS;
            double[] x = new double[COLUMNS];
            for (int c = 0; c < COLUMNS; c++) {
                x[c] = random.nextGaussian();
            }
            x[0] += side * Math.cos(angle);
            x[1] += side * Math.sin(angle);
            made.add(RowFactory.create(Vectors.dense(Arrays.stream(x).map(v -> scale * v).toArray()), (double) label));
        }
        return session.createDataFrame(made, SCHEMA).coalesce(1);
    }

    /** Mean of -log p of the label. */
    private static double loss(List<Row> predicted) {
        return predicted.stream()
                .mapToDouble(row -> -Math.log(Math.max(
                        Double.MIN_NORMAL,
                        row.<Vector>getAs("probability").apply(row.<Double>getAs("label").intValue()))))
                .average()
                .orElseThrow();
    }
}

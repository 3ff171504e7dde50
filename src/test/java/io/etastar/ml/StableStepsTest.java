package io.etastar.ml;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.graph.onnx.OnnxFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small batches of rare classes, outliers and noise: no model is worse than one that knows nothing. Without its bound the published
 * rule ends nine of the tables at losses from 8 to 345.
 */
class StableStepsTest {
    private static final String[] FEATURES = {
        "randn(%d)", "exp(3 * randn(%d))", "cast(if(rand(%d) < 0.03, 1, 0) as int)"
    };

    @TempDir
    static Path directory;

    private static SparkSession session;

    @BeforeAll
    static void open() {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
    }

    @AfterAll
    static void close() {
        session.stop();
    }

    private static int one(Random random, int... of) {
        return of[random.nextInt(of.length)];
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 6, 10, 20, 23, 28, 32, 46, 48, 58})
    void solvedLengthsEndBelowTheLossOfNoKnowledge(int seed) {
        assertStable("solved", seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 20, 36, 48, 54, 62, 72, 95, 126, 187, 191})
    void thePublishedRuleEndsBelowTheLossOfNoKnowledge(int seed) {
        assertStable("published", seed);
    }

    /** Nothing shortens steps by their noise there. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 6, 10, 20, 23, 28, 32, 46, 48, 58})
    void solvedLengthsWithBatchNormEndBelowTheLossOfNoKnowledge(int seed) {
        assertStable(seed, (width, classifier) -> classifier.setPreset("solved").setModel(batchNormNetwork(width)));
    }

    /** H of 26 subsets, over fewer rows than g. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 6, 10, 20, 23, 28, 32, 46, 48, 58})
    void solvedLengthsOfManySubsetsEndBelowTheLossOfNoKnowledge(int seed) {
        int[] layers = new int[12];
        Arrays.fill(layers, 8);
        assertStable(seed, (width, classifier) -> classifier.setPreset("solved").setHiddenLayers(layers));
    }

    private static void assertStable(String preset, int seed) {
        assertStable(seed, (width, classifier) -> classifier.setPreset(preset));
    }

    private static void assertStable(int seed, BiConsumer<Integer, NeuralNetworkClassifier> settings) {
        Random random = new Random(seed);
        int rows = one(random, 60, 200, 600, 2000, 6000);
        int rare = one(random, 2, 3, 10, 50, 87);
        int width = 1 + random.nextInt(8);
        int batch = Math.min(rows, one(random, 4, 8, 16, 30, 100, 500));
        int epochs = Math.min(one(random, 5, 10, 30), Math.max(2, 6000 * batch / rows));
        boolean told = random.nextBoolean();
        String feature = FEATURES[random.nextInt(3)];
        String[] columns = new String[width + 1];
        for (int i = 0; i < width; i++) {
            columns[i] = feature.replace("%d", "" + (seed * 100 + i)) + " as x" + i;
        }
        // Told by the first column's own normal number, or by nothing.
        columns[width] = (told ? "int(randn(" + seed * 100 + ") > 1.5)" : "int(id % " + rare + " = 0)") + " as label";
        Dataset<Row> table = session.range(0, rows, 1, 2).selectExpr(columns);
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setSeed(seed).setBatchSize(batch).setMaxIter(epochs);
        settings.accept(width, classifier);
        NeuralNetworkClassificationModel model = classifier.fit(table);
        double loss = model.transform(table)
                .withColumn("shares", vector_to_array(col("probability"), "float64"))
                .select(avg(expr("-ln(greatest(shares[label], 1e-300))")))
                .head()
                .getDouble(0);
        assertTrue(loss < 1.05 * Math.log(2), seed + ": " + loss + " of " + rows + " rows in batches of " + batch);
    }

    /** Two layers of 16 units, each with batch norm. */
    private static String batchNormNetwork(int width) {
        OnnxFiles network = new OnnxFiles(width);
        String input = "x";
        int from = width;
        for (int layer = 0; layer < 2; layer++) {
            network.array("w" + layer, new long[] {16, from}, drawn(16 * from, Math.sqrt(2.0 / from), layer))
                    .node("Gemm", input + ",w" + layer, "z" + layer, "transB=1")
                    .array("scale" + layer, new long[] {16}, drawn(16, 0, 1))
                    .array("shift" + layer, new long[] {16}, drawn(16, 0, 0))
                    .array("mean" + layer, new long[] {16}, drawn(16, 0, 0))
                    .array("var" + layer, new long[] {16}, drawn(16, 0, 1));
            String norm =
                    String.join(",", "z" + layer, "scale" + layer, "shift" + layer, "mean" + layer, "var" + layer);
            network.node("BatchNormalization", norm, "n" + layer).node("Relu", "n" + layer, "h" + layer);
            input = "h" + layer;
            from = 16;
        }
        network.array("w", new long[] {2, 16}, drawn(32, 0.25, 2)).node("Gemm", input + ",w", "logits", "transB=1");
        try {
            Path file = network.write(directory.resolve("net" + width + ".onnx"), "logits");
            return "model = onnx, batch_norm = true, loss = nll, file = \"" + file + "\"";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Normal numbers of deviation {@code scale} from {@code seed}; all {@code seed} for a scale of 0. */
    private static double[] drawn(int length, double scale, int seed) {
        Random random = new Random(seed);
        return IntStream.range(0, length)
                .mapToDouble(i -> scale == 0 ? seed : scale * random.nextGaussian())
                .toArray();
    }
}

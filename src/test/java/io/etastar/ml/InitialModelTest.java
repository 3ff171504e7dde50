package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitialModelTest {
    private static final StructType TABLE = new StructType()
            .add("colour", DataTypes.StringType)
            .add("size", DataTypes.DoubleType)
            .add("label", DataTypes.StringType);

    private static Frames frames;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    /** Whose batches are all rows, so that one epoch is like the other. */
    private static NeuralNetworkClassifier adam() {
        return new NeuralNetworkClassifier("c")
                .setOptimizer("adam")
                .setLr(0.01)
                .setLayers(new int[] {64, 12, 10})
                .setDtype("double")
                .setBatchSize(0)
                .setNumPartitions(2);
    }

    private static double[] theta(NeuralNetworkClassificationModel model) {
        return model.stored().theta().doubles();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void twoEpochsAndTwoMoreAreFour() throws IOException {
        Dataset<Row> rows = frames.digits(300);
        double[] four = theta(adam().setMaxIter(4).fit(rows));
        adam().setMaxIter(2).fit(rows).save(path("two"));
        NeuralNetworkClassifier more = adam().setMaxIter(2).setInitialModel(path("two"));
        double[] twoMore = theta(more.fit(rows));
        // Rows come in the order of the first two epochs, not of the third and the fourth: sums differ in their last
        // digits.
        assertArrayEquals(four, twoMore, 1e-12);
        assertArrayEquals(twoMore, theta(more.fit(rows)));

        NeuralNetworkClassificationModel.load(path("two")).save(path("again"));
        assertArrayEquals(twoMore, theta(more.setInitialModel(path("again")).fit(rows)));
        assertEquals(
                -1,
                Files.mismatch(
                        directory.resolve("two/optimizer/state.ckpt"),
                        directory.resolve("again/optimizer/state.ckpt")));

        adam().setMaxIter(2).setCheckpointDir(path("run")).fit(rows);
        assertArrayEquals(twoMore, theta(more.setInitialModel(path("run")).fit(rows)));
    }

    @Test
    void solvedLengthsGoOnFromTheStepsThemselvesNotFromTheirAverage() throws IOException {
        Dataset<Row> rows = frames.digits(300);
        NeuralNetworkClassifier solved = new NeuralNetworkClassifier("c")
                .setHiddenLayers(new int[] {12})
                .setBatchSize(0)
                .setNumPartitions(1)
                .setMaxIter(5);
        double[] ten = solved.copy(new org.apache.spark.ml.param.ParamMap())
                .setMaxIter(6)
                .fit(rows)
                .summary()
                .objectiveHistory();
        solved.fit(rows).save(path("five"));
        double[] more = solved.setInitialModel(path("five")).fit(rows).summary().objectiveHistory();
        assertEquals(ten[5], more[0]);
        assertTrue(more[4] < more[0], Arrays.toString(more));
    }

    @Test
    void withoutAStateTheParametersAloneGoOn() throws IOException {
        Dataset<Row> rows = frames.digits(300);
        NeuralNetworkClassificationModel two =
                adam().setMaxIter(2).setMaxStateInMb(0).fit(rows);
        two.save(path("two"));
        assertFalse(Files.exists(directory.resolve("two/optimizer")));
        double[] four = adam().setMaxIter(4).fit(rows).summary().objectiveHistory();
        NeuralNetworkClassificationModel more =
                adam().setMaxIter(2).setInitialModel(path("two")).fit(rows);
        assertEquals(four[2], more.summary().objectiveHistory()[0], 1e-6 * four[2]);
        assertTrue(Math.abs(four[3] - more.summary().objectiveHistory()[1]) > 1e-4 * four[3]);

        adam().setMaxIter(2).fit(rows).save(path("adam"));
        NeuralNetworkClassifier sgd = adam().setOptimizer("sgd").setMaxIter(1).setInitialModel(path("adam"));
        assertEquals(four[2], sgd.fit(rows).summary().objectiveHistory()[0], 1e-6 * four[2]);
        int size = two.stored().theta().length();
        assertTrue(two.estimatedSize() < (8 + 2) * size);
        assertTrue(adam().setMaxIter(1).fit(rows).estimatedSize() >= (8 + 3 * 8) * size);
    }

    @Test
    void theEarlierStandardisationIsTaken() throws IOException {
        Dataset<Row> rows = frames.digits(300);
        adam().setMaxIter(2).fit(rows).save(path("two"));
        NeuralNetworkClassificationModel more =
                adam().setMaxIter(1).setInitialModel(path("two")).fit(frames.testDigits());
        NeuralNetworkClassificationModel two = NeuralNetworkClassificationModel.load(path("two"));
        assertArrayEquals(two.stored().mean(), more.stored().mean());
        assertArrayEquals(two.stored().deviation(), more.stored().deviation());
    }

    private static Dataset<Row> table(String[] colours, String... labels) {
        return frames.of(
                TABLE,
                IntStream.range(0, 60)
                        .mapToObj(i -> RowFactory.create(
                                colours[i % colours.length], (double) (i % 7), labels[i % labels.length]))
                        .toArray(Row[]::new));
    }

    @Test
    void columnsClassesAndLayersAreThoseOfTheEarlierModel() throws IOException {
        NeuralNetworkClassifier first =
                new NeuralNetworkClassifier("c").setHiddenLayers(new int[] {5}).setMaxIter(2);
        NeuralNetworkClassificationModel earlier =
                first.fit(table(new String[] {"red", "green", "blue"}, "a", "b", "c"));
        earlier.save(path("table"));
        NeuralNetworkClassifier next =
                new NeuralNetworkClassifier("c").setMaxIter(1).setInitialModel(path("table"));
        Dataset<Row> others = table(new String[] {"blue", "red"}, "c", "b");
        NeuralNetworkClassificationModel later = next.fit(others.selectExpr("size", "label", "colour", "1 as more"));
        assertArrayEquals(new String[] {"a", "b", "c"}, later.classNames());
        assertEquals(earlier.stored().table(), later.stored().table());
        assertEquals(earlier.stored().description(), later.stored().description());

        String newClass = refused(next, table(new String[] {"blue"}, "a", "d"));
        assertTrue(newClass.startsWith("column 'label': found 'd', expected one of 'a', 'b', 'c'"), newClass);
        String missing = refused(next, others.drop("colour"));
        assertTrue(missing.startsWith("column 'colour': found none of that name, expected one of "), missing);
        String layers = refused(next.setHiddenLayers(new int[] {6}), others);
        assertTrue(layers.startsWith("c: parameter hiddenLayers: found [6], expected those of {"), layers);
    }

    private static String refused(NeuralNetworkClassifier classifier, Dataset<Row> rows) {
        String message = assertThrows(IllegalArgumentException.class, () -> classifier.fit(rows))
                .getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void otherModelsAreRefusedInOneLine() throws IOException {
        Dataset<Row> rows = frames.digits(100);
        adam().setMaxIter(1).fit(rows).save(path("c"));
        assertEquals(
                "c: parameter layers: found [64,8,10], expected [64,12,10], as in the model of " + path("c"),
                refused(adam().setLayers(new int[] {64, 8, 10}).setInitialModel(path("c")), rows));
        assertEquals(
                "c: parameter activation: found \"relu\", expected \"tanh\", as in the model of " + path("c"),
                refused(adam().setActivation("relu").setInitialModel(path("c")), rows));
        String none = refused(adam().setInitialModel(path("none")), rows);
        assertEquals(path("none") + ": no such file; expected the directory of a trained model", none);
        assertEquals(
                "r: parameter initialModel: found a model of classes in " + path("c")
                        + ", expected one whose targets are numbers",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new NeuralNetworkRegressor("r")
                                        .setInitialModel(path("c"))
                                        .fit(rows))
                        .getMessage());
    }

    /** Mean of (prediction - label)^2 over the rows. */
    private static double squares(NeuralNetworkRegressionModel model, Dataset<Row> rows) {
        return model.transform(rows)
                .selectExpr("avg(pow(prediction - label, 2))")
                .first()
                .getDouble(0);
    }

    @Test
    void standardisedTargetsOfAnotherRangeChangeNothing() throws IOException {
        Dataset<Row> rows = frames.regression(true).selectExpr("features", "1000 + 50 * label as label");
        Dataset<Row> far = frames.regression(false).selectExpr("features", "700 + 9 * label as label");
        for (int kept : new int[] {0, 64}) {
            NeuralNetworkRegressor regressor = new NeuralNetworkRegressor("r")
                    .setOptimizer("adam")
                    .setLr(0.01)
                    .setHiddenLayers(new int[] {8})
                    .setBatchSize(0)
                    .setMaxStateInMb(kept)
                    .setMaxIter(3);
            NeuralNetworkRegressionModel earlier = regressor.fit(rows);
            earlier.save(path("r" + kept));
            double[] losses = regressor
                    .setInitialModel(path("r" + kept))
                    .fit(far)
                    .summary()
                    .objectiveHistory();
            double expected = squares(earlier, far);
            assertEquals(expected, losses[0], 1e-4 * expected, "state " + kept);
            assertTrue(losses[2] < losses[0]);
        }
    }
}

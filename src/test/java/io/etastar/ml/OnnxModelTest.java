package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.graph.onnx.OnnxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks from ONNX files in estimators; the file travels in a Param. */
class OnnxModelTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "onnx");
    private static Frames frames;

    @BeforeAll
    static void open() {
        frames = new Frames();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static String description(String name, String loss) throws IOException {
        ObjectNode keys = new ObjectMapper().createObjectNode();
        byte[] file = Files.readAllBytes(RESOURCES.resolve(name + ".onnx"));
        keys.put("model", "onnx").put("content", Base64.getEncoder().encodeToString(file));
        return keys.put("loss", loss).toString();
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.path("values").size())
                .mapToDouble(i -> array.path("values").get(i).asDouble())
                .toArray();
    }

    private static Vector row(double[] values, int i, int rows) {
        int length = values.length / rows;
        return Vectors.dense(Arrays.copyOfRange(values, i * length, (i + 1) * length));
    }

    private static Dataset<Row> frame(JsonNode golden) {
        int rows = golden.path("x").path("shape").get(0).asInt();
        double[] x = numbers(golden.path("x"));
        double[] y = numbers(golden.path("y"));
        List<Row> made = IntStream.range(0, rows)
                .mapToObj(i -> RowFactory.create(row(x, i, rows), row(y, i, rows)))
                .toList();
        StructType schema =
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", SQLDataTypes.VectorType());
        return frames.session().createDataFrame(made, schema);
    }

    /** x [N, 3] through {@code width} frozen units to y [N, 2]; the weights that train are some numbers, -0 and 0. */
    private static String frozen(int width) {
        double[] first = new Random(1).doubles(3L * width, -1, 1).toArray();
        double[] second =
                new Random(2).doubles((long) width * width, -0.01, 0.01).toArray();
        double[] third = new Random(3).doubles(2L * width, -0.1, 0.1).toArray();
        third[0] = -0.0;
        third[1] = 0;
        byte[] file = new OnnxFiles(3)
                .array("first", new long[] {3, width}, first)
                .array("second", new long[] {width, width}, second)
                .array("third", new long[] {width, 2}, third)
                .node("MatMul", "x,first", "a")
                .node("Tanh", "a", "b")
                .node("MatMul", "b,second", "c")
                .node("Tanh", "c", "d")
                .node("MatMul", "d,third", "out")
                .bytes("out");
        return new ObjectMapper()
                .createObjectNode()
                .put("model", "onnx")
                .put("content", Base64.getEncoder().encodeToString(file))
                .put("loss", "mse")
                .set("trainable", new ObjectMapper().createArrayNode().add("third"))
                .toString();
    }

    private static Dataset<Row> pairs(int rows) {
        Random random = new Random(4);
        List<Row> made = IntStream.range(0, rows)
                .mapToObj(i -> RowFactory.create(
                        Vectors.dense(random.nextDouble(), random.nextDouble(), random.nextDouble()),
                        Vectors.dense(random.nextDouble(), random.nextDouble())))
                .toList();
        StructType schema =
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", SQLDataTypes.VectorType());
        return frames.session().createDataFrame(made, schema);
    }

    private static List<Row> predictions(NeuralNetworkRegressionModel model, Dataset<Row> frame) {
        return model.transform(frame).select("prediction").collectAsList();
    }

    /** 2 million frozen numbers, 16 MB in double precision: more than a graph may have in itself. */
    @Test
    void aLongFrozenPartTrainsAndIsSavedWithTheModel(@TempDir Path directory) throws IOException {
        Dataset<Row> frame = pairs(12);
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setModel(frozen(1420))
                .setOptimizer("sgd")
                .setLr(0.01)
                .setMaxIter(2)
                .setBatchSize(6)
                .setNumPartitions(2)
                .setStandardise(false)
                .fit(frame);
        assertEquals(2 * 1420, model.stored().theta().length());
        double[] losses = model.summary().objectiveHistory();
        assertTrue(losses[3] < losses[0], Arrays.toString(losses));
        String path = directory.resolve("model").toString();
        model.write().save(path);
        NeuralNetworkRegressionModel read = NeuralNetworkRegressionModel.load(path);
        assertEquals(predictions(model, frame), predictions(read, frame));
    }

    @Test
    void withoutEpochsTheModelHasTheValuesThatWereGiven() throws IOException {
        NeuralNetworkRegressor estimator =
                new NeuralNetworkRegressor().setModel(frozen(4)).setMaxIter(0).setStandardise(false);
        NeuralNetworkRegressionModel model = estimator.fit(pairs(12));
        double[] expected = new Random(3).doubles(8, -0.1, 0.1).toArray();
        expected[0] = -0.0;
        expected[1] = 0;
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.floatToIntBits((float) expected[i]), Float.floatToIntBits((float)
                    model.stored().theta().get(i)));
        }
        assertEquals(0, model.summary().objectiveHistory().length);
        assertEquals(0, model.summary().totalIterations());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> estimator.setMaxSteps(3).fit(pairs(12)))
                .getMessage();
        assertTrue(message.contains("maxSteps: found 3, expected none with maxIter = 0, which makes no step"), message);
    }

    @Test
    void classesOfSeveralPositionsAreTheRegressors() throws IOException {
        JsonNode golden =
                new ObjectMapper().readTree(RESOURCES.resolve("gpt.json").toFile());
        int rows = golden.path("x").path("shape").get(0).asInt();
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setModel(description("gpt", "nll"))
                .setOptimizer("sgd")
                .setLr(1e-30)
                .setMaxIter(1)
                .setBatchSize(rows)
                .setNumPartitions(1)
                .setStandardise(false)
                .setDtype("double")
                .fit(frame(golden));
        assertEquals(golden.path("value").asDouble(), model.summary().objectiveHistory()[0], 1e-9);
        double[] output = numbers(golden.path("output"));
        assertEquals(output.length / rows, model.numOutputs());
        List<Row> predicted = model.transform(frame(golden)).collectAsList();
        for (int i = 0; i < rows; i++) {
            assertArrayEquals(
                    row(output, i, rows).toArray(),
                    predicted.get(i).<Vector>getAs("prediction").toArray(),
                    1e-9);
        }
    }
}

package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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

package io.etastar.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.graph.ModelDescription;
import io.etastar.inference.NetworkCall.Output;
import io.etastar.ml.Frames;
import io.etastar.quantity.Point;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.RawArray;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Plans of outputs of a network by hand: x W + b with W = [[1, 0, -1], [0, 2, 0.5]], b = [0.5, 0, -0.5]. */
class BatchedEvaluationTest {
    private static Frames frames;
    private static Broadcast<Carried<TrainedNetwork>> network;
    private static Dataset<Row> frame;

    @BeforeAll
    static void open() {
        frames = new Frames();
        String json =
                "{\"model\":\"perceptron\",\"layers\":[2,3],\"activation\":\"identity\",\"loss\":\"nll\",\"input\":[2]}";
        RawArray theta = RawArray.of(new float[] {1, 0, -1, 0, 2, 0.5f, 0.5f, 0, -0.5f});
        TrainedNetwork trained =
                new TrainedNetwork(new ModelDescription(json), Point.at(theta), new int[] {2}, 1, null);
        network = JavaSparkContext.fromSparkContext(frames.session().sparkContext())
                .broadcast(Carried.of(trained));
        BatchedEvaluation.install((SparkSession) frames.session());
        frame = frames.session()
                .range(0, 3000, 1, 2)
                .selectExpr("id", "array(cast(id % 7 as float), cast(id % 5 as float)) as x", "id % 3 as part");
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static NetworkCall call(double[] thresholds, boolean mixesRows) {
        return new NetworkCall(network, "m", "x", 3, 3, thresholds, mixesRows);
    }

    private static Dataset<Row> with(Dataset<Row> rows, NetworkCall call, Output output, String name) {
        NetworkOutput made = new NetworkOutput(call, output, ExpressionUtils.expression(rows.col("x")));
        return rows.withColumn(name, ExpressionUtils.column(made));
    }

    private static String plan(Dataset<Row> rows) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
                .queryExecution()
                .executedPlan()
                .toString();
    }

    private static int evaluations(Dataset<Row> rows) {
        return plan(rows).split("EvaluateNetwork", -1).length - 1;
    }

    @Test
    void valuesAreThoseOfTheNetwork() {
        Dataset<Row> logits = with(frame, call(null, false), Output.RAW, "y");
        for (Row row : logits.select("id", "y").collectAsList()) {
            double u = row.getLong(0) % 7;
            double v = row.getLong(0) % 5;
            double[] expected = {u + 0.5, 2 * v, -u + 0.5 * v - 0.5};
            assertArrayEquals(expected, row.<Vector>getAs(1).toArray(), 1e-6);
        }
    }

    @Test
    void filtersStayAboveNetworksThatMixRows() {
        Dataset<Row> apart =
                with(frame, call(null, false), Output.PREDICTION, "y").where("part = 1");
        Dataset<Row> mixed =
                with(frame, call(null, true), Output.PREDICTION, "y").where("part = 1");
        assertTrue(plan(apart).indexOf("EvaluateNetwork") < plan(apart).indexOf("Filter"), plan(apart));
        assertTrue(plan(mixed).indexOf("EvaluateNetwork") > plan(mixed).indexOf("Filter"), plan(mixed));
        assertEquals(apart.collectAsList(), mixed.collectAsList());
    }

    @Test
    void callsThatDifferAreEvaluatedEachAndEqualOnesOnce() {
        Dataset<Row> twice =
                with(with(frame, call(null, false), Output.PREDICTION, "y"), call(null, false), Output.RAW, "z");
        assertEquals(1, evaluations(twice), plan(twice));
        double[] thresholds = {1, 1e-9, 1};
        Dataset<Row> other = with(
                with(frame, call(null, false), Output.PREDICTION, "y"),
                call(thresholds, false),
                Output.PREDICTION,
                "z");
        assertEquals(2, evaluations(other), plan(other));
        assertEquals(3000, other.where("z = 1").count());
        assertNotEquals(3000, other.where("y = 1").count());
        Dataset<Row> filtered = other.where("y = 1 and z = 1 and part = 0").select("id");
        assertEquals(2, evaluations(filtered), plan(filtered));
        assertEquals(
                other.select("id", "y", "part").collectAsList().stream()
                        .filter(row -> row.getDouble(1) == 1 && row.getLong(2) == 0)
                        .map(row -> row.getLong(0))
                        .toList(),
                filtered.collectAsList().stream().map(row -> row.getLong(0)).toList());
    }

    @Test
    void outputsOfOutputsAreEvaluatedOneAfterTheOther() {
        Dataset<Row> first = with(frame, call(null, false), Output.PROBABILITY, "p");
        Dataset<Row> next = first.select(
                first.col("id"),
                functions
                        .slice(org.apache.spark.ml.functions.vector_to_array(first.col("p"), "float32"), 1, 2)
                        .as("x"));
        Dataset<Row> second =
                with(next, call(null, false), Output.PREDICTION, "y").select("id", "y");
        assertEquals(2, evaluations(second), plan(second));
        List<Row> rows = second.collectAsList();
        assertEquals(3000, rows.size());
        // Shares p: y is 1 if 2 p_1 > p_0 + 0.5.
        for (Row row : with(next, call(null, false), Output.PREDICTION, "y")
                .where("id < 100")
                .collectAsList()) {
            List<Float> shares = row.getList(1);
            assertEquals(2 * shares.get(1) > shares.get(0) + 0.5 ? 1.0 : 0.0, row.<Double>getAs("y"));
        }
    }

    @Test
    void unionsAndSubqueriesAreRewritten() {
        Dataset<Row> one = with(frame, call(null, false), Output.PREDICTION, "y");
        one.createOrReplaceTempView("scored");
        Dataset<Row> united = frames.session()
                .sql("select id, y from scored where part = 0 union all"
                        + " select id, y from scored where y > (select min(y) from scored)");
        long expected = one.where("part = 0").count() + one.where("y > 0").count();
        assertEquals(expected, united.count());
        assertEquals(0, plan(united).split("prediction\\(m", -1).length - 1, plan(united));
    }
}

package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Predictions of networks with batch norm: those of a row do not depend on the rows beside it. */
@Tag("rough")
class BatchNormTest {
    private static Frames frames;
    private static NeuralNetworkClassificationModel model;
    private static List<Row> rows;
    private static Dataset<Row> table;

    @BeforeAll
    static void train() {
        frames = new Frames();
        model = new NeuralNetworkClassifier()
                .setModel("model = vgg, cfg = [6, M, 8, M], batch_norm = true, in_channels = 1, image_size = 8,"
                        + " classes = 10, activation = relu")
                .setOptimizer("adam")
                .setLr(0.02)
                .setBatchSize(50)
                .setNumPartitions(2)
                .setMaxIter(3)
                .fit(frames.digits());
        table = frames.digits(1000).withColumn("id", functions.monotonically_increasing_id());
        rows = table.collectAsList();
        table = frames.session().createDataFrame(rows, table.schema());
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static Map<Long, Vector> raw(Dataset<Row> frame) {
        return model.transform(frame).collectAsList().stream()
                .collect(Collectors.toMap(row -> row.<Long>getAs("id"), row -> row.<Vector>getAs("rawPrediction")));
    }

    private static Dataset<Row> first(int count) {
        return frames.session().createDataFrame(rows.subList(0, count), table.schema());
    }

    @Test
    void aRowIsPredictedTheSameWhateverComesWithIt() {
        Map<Long, Vector> all = raw(table);
        Map<Long, Vector> repartitioned = raw(table.repartition(3));
        assertEquals(1000, all.size());
        all.forEach((id, expected) ->
                assertArrayEquals(expected.toArray(), repartitioned.get(id).toArray()));
        for (int count : new int[] {1, 7}) {
            raw(first(count))
                    .forEach((id, found) -> assertArrayEquals(all.get(id).toArray(), found.toArray()));
        }
        for (int i : IntStream.range(0, 20).toArray()) {
            Vector alone = model.predictRaw(rows.get(i).getAs("features"));
            assertArrayEquals(all.get(rows.get(i).<Long>getAs("id")).toArray(), alone.toArray());
        }
    }

    @Test
    void itHasLearned() {
        Dataset<Row> predicted = model.transform(frames.testDigits());
        long right = predicted.where("prediction = label").count();
        assertTrue(right >= 0.8 * 297, right + " of 297");
    }
}

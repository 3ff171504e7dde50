package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on streaming frames, and training that goes on batch by batch. */
class StreamTest {
    private static final int BATCHES = 3;
    private static Frames frames;

    @TempDir
    static Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
        Dataset<Row> all = frames.session()
                .range(0, 300, 1, 1)
                .selectExpr(
                        "id",
                        "id % 7 - 3.0 as x",
                        "cast(case id % 3 when 0 then 'red' else 'blue' end as string) as colour",
                        "if((id % 7 > 3) = (id % 3 = 0), 'yes', 'no') as label",
                        "id % 7 * 2.0 + id % 3 as number");
        for (int i = 0; i < BATCHES; i++) {
            all.where("id div 100 = " + i).coalesce(1).write().parquet(part(i));
        }
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    private static String part(int i) {
        return directory.resolve("stream/part=" + i).toString();
    }

    private static Dataset<Row> batch(int i) {
        return frames.session().read().parquet(part(i));
    }

    /** One file a batch, in the order in which they were written. */
    private static Dataset<Row> stream() {
        return frames.session()
                .readStream()
                .schema(batch(0).schema())
                .option("maxFilesPerTrigger", 1)
                .parquet(directory.resolve("stream/part=*").toString());
    }

    private static void runs(DataStreamWriter<Row> writer) throws TimeoutException, StreamingQueryException {
        StreamingQuery query = writer.start();
        try {
            query.processAllAvailable();
        } finally {
            query.stop();
        }
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier("c")
                .setFeaturesCols(new String[] {"x", "colour"})
                .setHiddenLayers(new int[] {6})
                .setBatchSize(20)
                .setMaxIter(2);
    }

    @Test
    void modelsOfTablesTransformStreams() throws TimeoutException, StreamingQueryException {
        NeuralNetworkClassificationModel classes =
                classifier().setPredictedLabelCol("said").fit(batch(0));
        NeuralNetworkRegressionModel numbers = new NeuralNetworkRegressor("r")
                .setFeaturesCols(new String[] {"x", "colour"})
                .setHiddenLayers(new int[] {6})
                .setLabelCol("number")
                .setPredictionCol("guess")
                .setMaxIter(2)
                .fit(batch(0));
        String[] columns = {"id", "probability", "said", "guess"};
        runs(numbers.transform(classes.transform(stream()))
                .selectExpr(columns)
                .writeStream()
                .format("memory")
                .queryName("said"));
        Dataset<Row> all = batch(0).union(batch(1)).union(batch(2));
        Dataset<Row> expected = numbers.transform(classes.transform(all)).selectExpr(columns);
        assertEquals(
                expected.orderBy("id").collectAsList(),
                frames.session().table("said").orderBy("id").collectAsList());
    }

    @Test
    void trainingGoesOnBatchByBatch() throws Exception {
        String models = directory.resolve("models").toString();
        VoidFunction2<Dataset<Row>, Long> trains = (rows, id) -> {
            NeuralNetworkClassifier next = classifier();
            if (id > 0) {
                next.setInitialModel(models + "/" + (id - 1));
            }
            next.fit(rows).write().overwrite().save(models + "/" + id);
        };
        runs(stream().writeStream().foreachBatch(trains));

        NeuralNetworkClassificationModel model = null;
        for (int i = 0; i < BATCHES; i++) {
            NeuralNetworkClassifier next = classifier().copy(ParamMap.empty());
            if (i > 0) {
                String path = directory.resolve("plain" + i).toString();
                model.save(path);
                next.setInitialModel(path);
            }
            model = next.fit(batch(i));
        }
        NeuralNetworkClassificationModel last = NeuralNetworkClassificationModel.load(models + "/" + (BATCHES - 1));
        assertArrayEquals(model.stored().theta().floats(), last.stored().theta().floats());
        assertArrayEquals(new String[] {"no", "yes"}, last.classNames());
    }
}

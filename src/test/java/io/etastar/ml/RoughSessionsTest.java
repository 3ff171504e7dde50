package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.SparkTestSession;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.reflect.ClassTag$;

/** Sessions with settings as people have them. */
@Tag("rough")
class RoughSessionsTest {
    @TempDir
    Path directory;

    /** A session of its own; closed with it. */
    private static final class Session implements AutoCloseable {
        private final SparkTestSession test;
        final SparkSession session;

        Session(Map<String, String> settings) {
            test = SparkTestSession.open("local[2]", settings);
            session = SparkSession.builder().sparkContext(test.context().sc()).getOrCreate();
        }

        @Override
        public void close() {
            session.stop();
            test.close();
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
        }
    }

    private static Dataset<Row> rows(SparkSession session) {
        return session.range(0, 90, 1, 3)
                .selectExpr("array(rand(1), rand(2)) as features", "cast(id % 3 as double) as label");
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier("c")
                .setLayers(new int[] {2, 4, 3})
                .setBatchSize(30)
                .setNumPartitions(2)
                .setMaxIter(2);
    }

    /** Parameters, and the predictions of the model once it was saved and loaded. */
    private record Outcome(float[] theta, List<Row> predictions) {
        static Outcome of(SparkSession session, String path) throws IOException {
            NeuralNetworkClassificationModel model = classifier().fit(rows(session));
            model.save(path);
            return new Outcome(
                    model.stored().theta().floats(),
                    NeuralNetworkClassificationModel.load(path)
                            .transform(rows(session))
                            .collectAsList());
        }
    }

    @Test
    void kryoCarriesFitsAndModels() throws IOException {
        Outcome plain;
        try (Session session = new Session(Map.of())) {
            plain = Outcome.of(session.session, directory.resolve("plain").toString());
        }
        String kryo = "org.apache.spark.serializer.KryoSerializer";
        try (Session session = new Session(Map.of("spark.serializer", kryo, "spark.rdd.compress", "true"))) {
            Outcome carried =
                    Outcome.of(session.session, directory.resolve("kryo").toString());
            assertArrayEquals(plain.theta(), carried.theta());
            assertEquals(plain.predictions(), carried.predictions());
        }
        try (Session session = new Session(Map.of("spark.serializer", kryo))) {
            Dataset<Row> table = session.session
                    .range(0, 90, 1, 3)
                    .selectExpr("rand(1) as x", "string(id % 4) as kind", "cast(id % 3 as double) as label");
            new NeuralNetworkClassifier()
                    .setFeaturesCols(new String[] {"x", "kind"})
                    .setMaxIter(1)
                    .fit(table)
                    .transform(table)
                    .collectAsList();
            new NeuralNetworkRegressor()
                    .setFeaturesCols(new String[] {"x", "kind"})
                    .setMaxIter(1)
                    .fit(table)
                    .transform(table)
                    .collectAsList();
        }
        SerializerInstance instance = new KryoSerializer(new SparkConf()).newInstance();
        var tag = ClassTag$.MODULE$.<Carried<RawArray>>apply(Carried.class);
        ByteBuffer bytes = instance.serialize(Carried.of(RawArray.of(new float[] {1, 2.5f})), tag);
        assertArrayEquals(
                new float[] {1, 2.5f},
                instance.<Carried<RawArray>>deserialize(bytes, tag).value().floats());
    }

    @Test
    void hadoopSettingsOfRunTimeCountEverywhere() throws IOException {
        try (Session session = new Session(Map.of())) {
            var hadoop = session.session.sparkContext().hadoopConfiguration();
            hadoop.set("fs.viewfs.impl", "org.apache.hadoop.fs.viewfs.ViewFileSystem");
            hadoop.set("fs.AbstractFileSystem.viewfs.impl", "org.apache.hadoop.fs.viewfs.ViewFs");
            hadoop.set("fs.viewfs.mounttable.team.link./data", directory.toUri().toString());
            NeuralNetworkClassificationModel model =
                    classifier().setCheckpointDir("viewfs://team/data/run").fit(rows(session.session));
            model.save("viewfs://team/data/model");
            assertTrue(Files.exists(directory.resolve("run/model/model.json")));
            assertTrue(Files.exists(directory.resolve("model/model/parameters.bin")));
            for (NeuralNetworkClassificationModel read : List.of(
                    NeuralNetworkClassificationModel.load("viewfs://team/data/model"),
                    NeuralNetworkClassificationModel.fromRun("viewfs://team/data/run"))) {
                assertArrayEquals(
                        model.stored().theta().floats(), read.stored().theta().floats());
            }
        }
    }
}

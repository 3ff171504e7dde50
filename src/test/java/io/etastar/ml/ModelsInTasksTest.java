package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.spark.StandaloneCluster;
import io.etastar.spark.Submitted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in broadcasts, closures and UDFs. */
class ModelsInTasksTest {
    private static Frames frames;
    private static NeuralNetworkClassificationModel model;

    @TempDir
    static Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
        model = Frames.classifier().setSummaryBatchSize(100).setMaxIter(1).fit(frames.digits(300));
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    @Test
    void broadcastsAndUdfsPredictAsTheDriverDoes() throws IOException {
        PredictInTasksMain.Predictions predictions = PredictInTasksMain.predict(frames.session(), model, 64);
        assertEquals(4, predictions.ofTasks().size());
        predictions.ofTasks().forEach(each -> assertEquals(predictions.ofDriver(), each));
    }

    @Test
    void aSerialisedModelIsItsParametersAndItsParams() throws IOException, ClassNotFoundException {
        model.predict(frames.digits(1).first().getAs("features"));
        model.transform(frames.digits(10)).collectAsList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(model);
        }
        int parameters = 4 * model.stored().theta().length();
        assertTrue(bytes.size() < parameters + 60_000, bytes.size() + " bytes for " + parameters);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            NeuralNetworkClassificationModel read = (NeuralNetworkClassificationModel) in.readObject();
            assertFalse(read.hasSummary());
            assertEquals(model.uid(), read.uid());
            assertEquals(
                    model.transform(frames.testDigits()).collectAsList(),
                    read.transform(frames.testDigits()).collectAsList());
        }
    }

    @Test
    @Tag("cluster")
    void executorsOfAClusterPredictTheSame() throws IOException {
        Path[] classes =
                StandaloneCluster.classPath().filter(Files::isDirectory).toArray(Path[]::new);
        Path jar = StandaloneCluster.jar(directory.resolve("app.jar"), classes);
        String saved = directory.resolve("model").toString();
        model.save(saved);
        Path out = directory.resolve("predictions");
        try (StandaloneCluster cluster = StandaloneCluster.start(2, "1200m", each -> true)) {
            Submitted submitted =
                    cluster.submit(PredictInTasksMain.class.getName(), List.of(), jar, List.of(saved, out.toString()));
            assertEquals(0, submitted.exitCode(), submitted.err());
        }
        assertEquals("4 ways, all as the driver", Files.readString(out));
    }
}

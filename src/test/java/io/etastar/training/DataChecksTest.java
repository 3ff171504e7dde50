package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.settings.Configuration;
import io.etastar.spark.rows.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DataChecksTest {
    @TempDir
    Path directory;

    private record Source(int rows, int classes, int... features) implements DataSource {
        @Override
        public RowShape shape() {
            return RowShape.ofClasses("rows", features, classes);
        }

        @Override
        public Shard read(int from, int to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Standardisation inspect() {
            throw new UnsupportedOperationException();
        }
    }

    private static Rows rows(int count, int classes, int... features) {
        return Rows.of(new Source(count, classes, features));
    }

    private Configuration configuration(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("a.conf"), "model.layers = [64, 10]\n" + text);
        return Configuration.load(file.toString(), List.of());
    }

    private String error(Executable check) {
        return assertThrows(UserError.class, check).getMessage().replace(directory + "/", "");
    }

    @Test
    void rowsThatFitPass() throws IOException {
        Configuration configuration = configuration("");
        assertDoesNotThrow(
                () -> DataChecks.fit(configuration, ModelShape.of(configuration.model()), rows(5, 10, 1, 8, 8)));
        assertDoesNotThrow(() -> DataChecks.batch(configuration, "training.batch", 100, rows(100, 10, 64)));
    }

    @Test
    void rowsThatDoNotFitNameTheKeyThatWasGiven() throws IOException {
        Rows images = rows(5, 10, 1, 28, 28);
        assertEquals(
                "a.conf:1: key 'model.layers': found [64,10], expected 784 units in the first layer: rows of rows are"
                        + " [1, 28, 28]",
                error(configuration(""), images));
        assertEquals(
                "a.conf:2: key 'model.input': found [8,8], expected [1, 28, 28]: rows of rows are [1, 28, 28]",
                error(configuration("model.input = [8, 8]"), images));
        assertEquals(
                "a.conf:1: key 'model.layers': found [64,10], expected 7 units in the last layer: rows has 7 classes",
                error(configuration(""), rows(5, 7, 64)));
        assertEquals(
                "a.conf:2: key 'model.classes': found 10, expected 7: rows has 7 classes",
                error(configuration("model.classes = 10"), rows(5, 7, 64)));
        assertEquals(
                "a.conf:2: key 'model.loss': found \"mse\", expected nll: targets of rows are classes",
                error(configuration("model.loss = mse"), rows(5, 10, 64)));
    }

    @Test
    void imagesMustHaveTheModelsSidesAndChannels() throws IOException {
        Configuration lenet =
                configuration("model { model = lenet, layers = [3, 2, 2, 4, 4, 10], image_size = 14, kernel = 3 }");
        assertDoesNotThrow(() -> DataChecks.fit(lenet, ModelShape.of(lenet.model()), rows(5, 10, 3, 14, 14)));
        assertEquals(
                "a.conf:2: key 'model.image_size': found 14, expected 28: rows of rows are [3, 28, 28]",
                error(lenet, rows(5, 10, 3, 28, 28)));
        assertEquals(
                "a.conf:2: key 'model.layers': found [3,2,2,4,4,10], expected 1 input channels: rows of rows are"
                        + " [1, 14, 14]",
                error(lenet, rows(5, 10, 1, 14, 14)));
    }

    @Test
    void batchesAreNotLargerThanTheData() throws IOException {
        Configuration configuration = configuration("training.batch = 101");
        assertEquals(
                "a.conf:2: key 'training.batch': found 101, expected at most 100, the rows of rows",
                error(() -> DataChecks.batch(configuration, "training.batch", 101, rows(100, 10, 64))));
    }

    private String error(Configuration configuration, Rows rows) {
        return error(() -> DataChecks.fit(configuration, ModelShape.of(configuration.model()), rows));
    }

    @Test
    void newerModelsNameTheirOwnKeys() throws IOException {
        String image = "model = { model = resnet18, in_channels = 3, image_size = 8, classes = 10 }\n";
        assertEquals(
                "a.conf:2: key 'model.in_channels': found 3, expected 1 input channels: rows of rows are [1, 8, 8]",
                error(model(image), rows(5, 10, 1, 8, 8)));
        assertEquals(
                "a.conf:2: key 'model.image_size': found 8, expected 9: rows of rows are [3, 9, 9]",
                error(model(image), rows(5, 10, 3, 9, 9)));
        assertEquals(
                "a.conf:2: key 'model.classes': found 10, expected 7: rows has 7 classes",
                error(model(image), rows(5, 7, 3, 8, 8)));
        String words = "model = { model = transformer, vocabulary = 17, length = 64, classes = 10 }\n";
        assertEquals(
                "a.conf: key 'data.standardise': found true, expected false: model.vocabulary makes rows indices of"
                        + " tokens",
                error(model(words), rows(5, 10, 64)));
        assertEquals(
                "a.conf:2: key 'model.length': found 64, expected sequences of 50 elements: rows of rows are [50]",
                error(model(words + "data.standardise = false"), rows(5, 10, 50)));
    }

    private Configuration model(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("a.conf"), "seed = 1\n" + text);
        return Configuration.load(file.toString(), List.of());
    }
}

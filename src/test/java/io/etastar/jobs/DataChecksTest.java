package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.config.Configuration;
import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
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

    private record Rows(int rows, int classes, int... featureShape) implements DataSource {
        @Override
        public String description() {
            return "rows";
        }

        @Override
        public int[] targetShape() {
            return new int[0];
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
        assertDoesNotThrow(() -> DataChecks.fit(configuration, new Rows(5, 10, 1, 8, 8)));
        assertDoesNotThrow(() -> DataChecks.batch(configuration, "training.batch", 100, new Rows(100, 10, 64)));
    }

    @Test
    void rowsThatDoNotFitNameTheKey() throws IOException {
        Configuration configuration = configuration("training.batch = 101");
        assertEquals(
                "a.conf: key 'model.input': found [64], expected the shape of a row of rows, [1, 28, 28]",
                error(() -> DataChecks.fit(configuration, new Rows(5, 10, 1, 28, 28))));
        assertEquals(
                "a.conf: key 'model.classes': found 10, expected 7, the classes of rows",
                error(() -> DataChecks.fit(configuration, new Rows(5, 7, 64))));
        assertEquals(
                "a.conf:2: key 'training.batch': found 101, expected at most 100, the rows of rows",
                error(() -> DataChecks.batch(configuration, "training.batch", 101, new Rows(100, 10, 64))));
        Configuration regression = configuration("model.loss = mse");
        assertEquals(
                "a.conf:2: key 'model.loss': found \"mse\", expected nll: targets of rows are classes",
                error(() -> DataChecks.fit(regression, new Rows(5, 10, 64))));
    }
}

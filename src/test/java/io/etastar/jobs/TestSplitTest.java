package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations held against that of a run whose test rows are the last tenth. */
class TestSplitTest {
    @TempDir
    Path directory;

    private String conf;

    @BeforeEach
    void run() throws IOException {
        conf = Files.writeString(
                        directory.resolve("a.conf"),
                        "model { model = perceptron, layers = [64, 10], loss = nll }\n"
                                + "data { source = idx, path = here, test_share = 0.1 }\n")
                .toString();
        Files.writeString(
                directory.resolve("config.json"),
                Configuration.load(conf, List.of()).resolved());
    }

    private void check(String... sets) {
        Configuration given = Configuration.load(conf, List.of(sets));
        TestSplit.check("a.conf", given, directory + "/model");
    }

    private void refused(String key, String found, String expected, String... sets) {
        assertEquals(
                "a.conf: key '" + key + "': found " + found + ", expected " + expected + " as in " + directory
                        + "/model: rows that it was trained on would be test rows",
                assertThrows(UserError.class, () -> check(sets)).getMessage());
    }

    @Test
    void testRowsThatWereTrainedOnAreRefused() {
        refused("data.test_share", "0.2", "0.1", "data.test_share=0.2");
        refused("data.files", "t10k", "train", "data.files=t10k");
    }

    @Test
    void otherTestRowsAreNot() {
        assertDoesNotThrow(() -> check());
        assertDoesNotThrow(() -> check("data.test_share=0.05"));
        assertDoesNotThrow(() -> check("data.test_share=null"));
        assertDoesNotThrow(() -> check("seed=5"));
        assertDoesNotThrow(() -> check("data.path=there", "data.test_share=0.5"));
    }

    @Test
    void aModelWithoutARunIsNotHeldAgainstAnything() throws IOException {
        Files.delete(directory.resolve("config.json"));
        assertDoesNotThrow(() -> check("data.test_share=0.5"));
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.experiment.ExperimentFile;
import io.etastar.settings.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is what the code says today. */
class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("docs", "configuration.md");

    @Test
    void pageIsUpToDate() throws IOException {
        assertEquals(
                ConfigurationReference.markdown(),
                Files.readString(PAGE),
                PAGE + " is behind the code; to renew it: make docs");
    }

    @Test
    void everyKeyHasOneRow() {
        String page = ConfigurationReference.markdown();
        String jobs = page.substring(0, page.indexOf("# Experiment files"));
        for (String path : JobSettings.schema().settings().keySet()) {
            assertEquals(2, jobs.split("\n\\| `" + path.replace(".", "\\.") + "` \\|", -1).length, path);
        }
        for (String path : ExperimentFile.schema().settings().keySet()) {
            assertTrue(page.substring(jobs.length()).contains("\n| `" + path + "` |"), path);
        }
    }

    @Test
    void defaultsAndChoicesAreShown() {
        String page = ConfigurationReference.markdown();
        assertTrue(page.contains("| `optimizer.damping` | number > 0 | `0.35` |"), page);
        assertTrue(page.contains("| `dtype` | `float`, `double` | `float` |"), page);
        assertTrue(page.contains("| `data.path` | string | - |"), page);
        assertTrue(page.contains("| `lenet` | `layers`, `image_size` | `kernel`, `activation`"), page);
    }
}

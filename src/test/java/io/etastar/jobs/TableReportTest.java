package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on the table that comes along, and what they leave for the report. */
class TableReportTest {
    private static final String PENGUINS = "conf/penguins.conf";

    @TempDir
    Path directory;

    @Test
    void nothingIsSetButTheLabel() {
        String run = directory.resolve("run").toString();
        JobRun trained = JobRun.good(Train::run, PENGUINS, "--output", run);
        assertTrue(trained.figure("test_accuracy") > 0.95, trained.out());
    }
}

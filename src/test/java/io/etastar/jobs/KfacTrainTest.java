package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** K-FAC from a job file: it learns, resumes to the same bytes, and says before Spark starts where it cannot. */
class KfacTrainTest {
    private static final String KFAC = "optimizer { name = k-fac, lr = 0.1, kfac { factor_period = 4,"
            + " inverse_period = 7 } }\ntraining { epochs = %d, batch = 100 }";

    @TempDir
    Path directory;

    private JobRun train(String output, int epochs, String... more) throws IOException {
        String conf = JobRun.digits(directory, String.format(Locale.ROOT, KFAC, epochs));
        String[] args = new String[more.length + 3];
        args[0] = conf;
        args[1] = "--output";
        args[2] = directory.resolve(output).toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return JobRun.good(Train::run, args);
    }

    @Test
    void learnsAndResumes() throws IOException {
        JobRun whole = train("whole", 3);
        assertTrue(whole.figure("test_accuracy") > 0.9, whole.out());
        train("whole again", 3);
        Map<String, String> model = JobRun.files(directory.resolve("whole/model"));
        assertEquals(model, JobRun.files(directory.resolve("whole again/model")));
        Files.delete(newestCheckpoint(directory.resolve("whole again")));
        train("whole again", 3, "--resume");
        assertEquals(model, JobRun.files(directory.resolve("whole again/model")));
    }

    private static Path newestCheckpoint(Path run) throws IOException {
        try (var entries = Files.list(run.resolve("checkpoints"))) {
            return entries.sorted().reduce((a, b) -> b).orElseThrow();
        }
    }

    @Test
    void aLossThatIsNoLikelihoodWantsTheEmpiricalMatrix() throws IOException {
        String conf = JobRun.digits(directory, String.format(Locale.ROOT, KFAC, 1), "model.label_smoothing = 0.1");
        String run = directory.resolve("run").toString();
        String error = JobRun.error(Train::run, conf, "--output", run);
        assertTrue(error.startsWith("optimizer.kfac.fisher: found sampled for loss 'loss', expected empirical"), error);
        JobRun.good(Train::run, conf, "--output", run, "--set", "optimizer.kfac.fisher=empirical");
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.NpzFile;
import io.etastar.storage.Checkpoint;
import io.etastar.storage.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs on the embedded digits. */
class TrainTest {
    @TempDir
    Path directory;

    private JobRun train(String conf, Path output, String... more) {
        String[] args = {conf, "--output", output.toString()};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return JobRun.good(Train::run, all);
    }

    @Test
    void theSameSeedWritesTheSameModel() throws IOException {
        String conf = JobRun.digits(directory);
        train(conf, directory.resolve("a"));
        train(conf, directory.resolve("b"), "--master", "local[1]");
        train(conf, directory.resolve("c"), "--set", "seed=2");
        Map<String, String> model = JobRun.files(directory.resolve("a/model"));
        assertEquals(Set.of("model.json", "parameters.bin"), model.keySet());
        assertEquals(model, JobRun.files(directory.resolve("b/model")));
        assertNotEquals(
                model.get("parameters.bin"),
                JobRun.files(directory.resolve("c/model")).get("parameters.bin"));
        String c = directory.resolve("c").toString();
        for (String run : new String[] {c, c + "/model"}) {
            assertEquals(
                    conf + ": key 'seed': found 1, expected 2 as in " + run
                            + ": rows that it was trained on would be test rows",
                    JobRun.error(Evaluate::run, conf, "--model", run));
        }
    }

    @Test
    void theShippedJobFileTrainsAndOtherJobsReadItsRun() throws IOException {
        Path run = directory.resolve("run");
        JobRun trained = train("conf/digits.conf", run);
        assertTrue(trained.figure("test_accuracy") >= 0.96, trained.out());
        assertEquals(trained.err().lines().reduce((first, last) -> last).orElse(""), "model: " + run.resolve("model"));
        for (String model : new String[] {run.toString(), run.resolve("model").toString()}) {
            JobRun evaluated =
                    JobRun.good(Evaluate::run, run.resolve("config.json").toString(), "--model", model);
            assertEquals(
                    trained.result().get("test_accuracy"), evaluated.result().get("test_accuracy"));
            // Another micro-batch rounds otherwise, which may show in the last of six digits.
            double loss = trained.figure("test_loss");
            assertEquals(loss, evaluated.figure("test_loss"), 1.1e-5 * loss);
        }
        assertEquals(
                trained.figure("test_loss"), summarizedLoss(run), 1.1e-5 * trained.figure("test_loss"), "summarize");
    }

    /** Loss of the run's model on the test rows, by the job Summarize. */
    private double summarizedLoss(Path run) throws IOException {
        Shard rows = DigitsSource.test(1).read(0, DigitsSource.test(1).rows());
        int n = rows.rows();
        String data = directory.resolve("test.npz").toString();
        NpzFile.write(
                data,
                Map.of(
                        "x",
                                new NpzFile.Array(
                                        new int[] {n, 64}, rows.features().toDoubles(), false),
                        "y", new NpzFile.Array(new int[] {n}, rows.targets().toDoubles(), true)));
        Path output = directory.resolve("new/summary.json");
        JobRun.good(Summarize::run, "--model", run.toString(), "--data", data, "--output", output.toString());
        JsonNode summary = new ObjectMapper().readTree(output.toFile());
        assertEquals(summary.get("groups").size(), summary.get("H").size());
        return summary.get("loss").asDouble();
    }

    @Test
    void aRunThatDivergesKeepsAGoodCheckpointAndNamesIt() throws IOException {
        String conf = JobRun.digits(directory, "training.checkpoint_steps = 1");
        Path run = directory.resolve("run");
        JobRun ended = JobRun.of(
                Train::run,
                conf,
                "--output",
                run.toString(),
                "--set",
                "optimizer.name=sgd",
                "--set",
                "optimizer.lr=1e300");
        assertEquals(1, ended.exitCode());
        assertEquals("", ended.out());
        Matcher line = Pattern.compile(
                        "plan: .*\nerror: training diverged at step (\\d+): .*(loss|gradient|parameter).*;"
                                + " the last good checkpoint is (.*)\n")
                .matcher(ended.err());
        assertTrue(line.matches(), ended.err());
        Checkpoint checkpoint = CheckpointStore.read(line.group(3));
        assertTrue(checkpoint.step() < Long.parseLong(line.group(1)), ended.err());
        assertTrue(Arrays.stream(checkpoint.theta()).allMatch(Double::isFinite));
        assertTrue(Files.notExists(run.resolve("model")));
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.storage.CheckpointStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints by the clock, and runs that go on with other partitions. */
class CheckpointTest {
    @TempDir
    static Path directory;

    private static Path whole;
    private static String conf;

    @TempDir
    Path place;

    @BeforeAll
    static void train() throws IOException {
        whole = directory.resolve("whole");
        conf = JobRun.digits(directory, "training.epochs = 2", "training.keep_checkpoints = 100");
        JobRun.good(Train::run, conf, "--output", whole.toString());
    }

    /** The run as it is in the middle of its way: without what comes after the first epoch. */
    private Path breakOff() throws IOException {
        Path run = place.resolve("run");
        JobRun.good(Train::run, conf, "--output", run.toString());
        Files.delete(run.resolve("checkpoints/step-00000030.ckpt"));
        for (String file : JobRun.files(run.resolve("model")).keySet()) {
            Files.delete(run.resolve("model").resolve(file));
        }
        Files.delete(run.resolve("model"));
        return run;
    }

    @Test
    void theClockChangesNothing() throws IOException {
        Path run = place.resolve("run");
        JobRun.good(Train::run, conf, "--set", "training.checkpoint_seconds=0.000001", "--output", run.toString());
        assertEquals(31, new CheckpointStore(run.toString(), 1).list().size());
        assertEquals(3, new CheckpointStore(whole.toString(), 1).list().size());
        Map<String, String> expected = JobRun.files(whole.resolve("checkpoints"));
        Map<String, String> found = JobRun.files(run.resolve("checkpoints"));
        assertEquals(expected.get("step-00000030.ckpt"), found.get("step-00000030.ckpt"));
        assertEquals(JobRun.files(whole.resolve("model")), JobRun.files(run.resolve("model")));
        Path longer = place.resolve("longer");
        JobRun.good(Train::run, conf, "--set", "training.checkpoint_seconds=1000", "--output", longer.toString());
        assertEquals(3, new CheckpointStore(longer.toString(), 1).list().size());
    }

    @Test
    void aRunGoesOnByThePlanThatItsConfigurationHolds() throws IOException {
        String job = Files.writeString(
                        place.resolve("automatic.conf"),
                        "model { layers = [64, 24, 10] }\ntraining { epochs = 2, keep_checkpoints = 100 }\n")
                .toString();
        Path run = place.resolve("run");
        JobRun begun = JobRun.good(Train::run, job, "--output", run.toString());
        assertTrue(begun.err().contains("plan: 1 shard, 33 steps a job, batch 46: "), begun.err());
        Map<String, String> model = JobRun.files(run.resolve("model"));
        Files.delete(run.resolve("checkpoints/step-00000066.ckpt"));
        for (String file : model.keySet()) {
            Files.delete(run.resolve("model").resolve(file));
        }
        Files.delete(run.resolve("model"));
        JobRun.good(Train::run, job, "--output", run.toString(), "--resume", "--master", "local[1]");
        assertEquals(model, JobRun.files(run.resolve("model")));
    }

    @Test
    void aRunGoesOnWithOtherPartitionsWhereThatIsWanted() throws IOException {
        Path run = breakOff();
        List<String> again = List.of(conf, "--output", run.toString(), "--resume", "--set", "data.partitions=4");
        String refused = JobRun.error(Train::run, again.toArray(String[]::new));
        assertTrue(refused.contains("key 'data.partitions': found 2 in the run to resume, expected 4"), refused);
        assertTrue(refused.contains("--allow-other-partitions"), refused);
        String[] allowed = {
            conf, "--output", run.toString(), "--resume", "--set", "data.partitions=4", "--allow-other-partitions"
        };
        JobRun resumed = JobRun.good(Train::run, allowed);
        assertTrue(
                resumed.err()
                        .startsWith(
                                "data.partitions: 4 from here on, 2 before: the result is no longer bit-equal to that"
                                        + " of the undisturbed run\nresume from: "
                                        + run.resolve("checkpoints/step-00000015.ckpt")),
                resumed.err());
        assertEquals("30", resumed.result().get("steps"));
        assertNotEquals(JobRun.files(whole.resolve("model")), JobRun.files(run.resolve("model")));
        JobRun.good(Train::run, again.toArray(String[]::new));
    }

    @Test
    void otherPartitionsAreForRunsThatGoOn() {
        assertEquals(
                "command line: --allow-other-partitions: found no --resume, expected both",
                JobRun.error(
                        Train::run, conf, "--output", place.resolve("run").toString(), "--allow-other-partitions"));
    }

    @Test
    void whereNoCheckpointIsWholeTheRunBeginsAgain() throws IOException {
        Path run = breakOff();
        for (String file : JobRun.files(run.resolve("checkpoints")).keySet()) {
            Files.write(run.resolve("checkpoints").resolve(file), new byte[100]);
        }
        JobRun resumed = JobRun.good(Train::run, conf, "--output", run.toString(), "--resume");
        assertTrue(resumed.err().contains("resume from: the start"), resumed.err());
        assertEquals(JobRun.files(whole.resolve("model")), JobRun.files(run.resolve("model")));
    }
}

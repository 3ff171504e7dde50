package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etastar.storage.CheckpointStore;
import io.etastar.testing.DiskFault;
import io.etastar.testing.DiskFault.Effect;
import io.etastar.testing.Faults;
import io.etastar.testing.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A disk that fails ends the run with one line; the last good checkpoint stays, and the run can go on from it. */
@Tag("cluster")
class DiskFaultTest {
    private static final String CHECKPOINT = "checkpoints/\\.tmp-step-.*";

    static final List<DiskFault> FAULTS = List.of(
            new DiskFault("mkdirs", "[^/]*/checkpoints", 1, 0, Effect.DISK_ERROR),
            new DiskFault("create", CHECKPOINT, 3, 0, Effect.DISK_ERROR),
            new DiskFault("write", CHECKPOINT, 1, 0, Effect.NO_SPACE),
            new DiskFault("write", CHECKPOINT, 1, 150_000, Effect.NO_SPACE),
            new DiskFault("write", CHECKPOINT, 1, 111_111, Effect.DISK_ERROR),
            new DiskFault("rename", "checkpoints/step-.*", 3, 0, Effect.DISK_ERROR),
            new DiskFault("delete", "checkpoints/step-.*", 1, 0, Effect.DISK_ERROR),
            new DiskFault("list", "[^/]*/checkpoints", 3, 0, Effect.DISK_ERROR),
            new DiskFault("create", "[^/]*/metrics.jsonl", 1, 0, Effect.NO_SPACE),
            new DiskFault("write", "[^/]*/\\.tmp-plan.txt", 1, 10, Effect.NO_SPACE),
            new DiskFault("write", "[^/]*/metrics.jsonl", 1, 2345, Effect.NO_SPACE),
            new DiskFault("write", "[^/]*/metrics.jsonl", 1, 3210, Effect.DISK_ERROR),
            new DiskFault("write", "[^/]*/summaries.jsonl", 1, 1000, Effect.NO_SPACE),
            new DiskFault("create", ".model-new/model.json", 1, 0, Effect.DISK_ERROR),
            new DiskFault("write", ".model-new/parameters.bin", 1, 1000, Effect.NO_SPACE),
            new DiskFault("rename", "[^/]*/model", 1, 0, Effect.DISK_ERROR));

    static final List<DiskFault> FAULTS_OF_RESUMED = List.of(
            new DiskFault("append", "[^/]*/metrics.jsonl", 1, 0, Effect.DISK_ERROR),
            new DiskFault("append", "[^/]*/summaries.jsonl", 1, 0, Effect.DISK_ERROR),
            new DiskFault("create", "[^/]*/\\.metrics.jsonl.tmp", 1, 0, Effect.NO_SPACE),
            new DiskFault("rename", "[^/]*/metrics.jsonl", 1, 0, Effect.DISK_ERROR));

    @TempDir
    static Path directory;

    private static String conf;
    private static Map<String, String> undisturbed;
    private static int runs;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        for (String setting : FaultyFileSystem.settings()) {
            System.setProperty(setting.split("=")[0], setting.split("=")[1]);
        }
        conf = JobRun.digits(directory, "training.epochs = 1", "training.checkpoint_steps = 4");
        Path output = directory.resolve("undisturbed");
        JobRun.good(Train::run, conf, "--output", output.toString());
        undisturbed = results(output);
    }

    @AfterAll
    static void forgetTheFileSystem() {
        FaultyFileSystem.settings().forEach(setting -> System.clearProperty(setting.split("=")[0]));
    }

    /** Model and checkpoints. */
    private static Map<String, String> results(Path run) throws IOException {
        Map<String, String> files = JobRun.files(run);
        files.keySet().removeIf(name -> !name.startsWith("model/") && !name.startsWith("checkpoints/"));
        return files;
    }

    private static Path newRun() {
        return directory.resolve("run-" + ++runs);
    }

    private static JobRun train(String output, String... more) {
        List<String> args = new ArrayList<>(List.of(conf, "--output", output));
        args.addAll(List.of(more));
        return JobRun.of(Train::run, args.toArray(String[]::new));
    }

    /** The run must have ended with one line; the checkpoint that it names must be whole. */
    private static String failure(JobRun run, String place) {
        assertEquals(1, run.exitCode(), run.err());
        List<String> errors =
                run.err().lines().filter(line -> line.startsWith("error: ")).toList();
        assertEquals(1, errors.size(), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        String line = errors.get(0);
        assertTrue(run.err().endsWith(line + "\n"), run.err());
        assertTrue(line.startsWith("error: " + place), line);
        String checkpoint = line.replaceFirst(".*; the last good checkpoint is ", "");
        if (!checkpoint.equals("none") && !checkpoint.startsWith("unknown, for ")) {
            assertNotNull(CheckpointStore.read(checkpoint).theta(), line);
        }
        return line;
    }

    private static void goOn(Path run, String output) throws IOException {
        JobRun.good(Train::run, conf, "--output", output, "--resume");
        assertEquals(undisturbed, results(run));
    }

    @ParameterizedTest
    @FieldSource("FAULTS")
    void aRunEndsWithOneLineAndGoesOn(DiskFault fault) throws IOException {
        Path run = newRun();
        String output = FaultyFileSystem.path(run);
        DiskFault.set(fault);
        try {
            String line = failure(train(output), output);
            assertTrue(line.contains("No space left") || line.contains("Input/output error"), line);
            assertTrue(DiskFault.happened() > 0, "the fault did not happen");
        } finally {
            DiskFault.set(null);
        }
        goOn(run, output);
        Faults.injectedAndSurvived("disk: " + fault);
    }

    @ParameterizedTest
    @FieldSource("FAULTS_OF_RESUMED")
    void aRunThatGoesOnEndsWithOneLineAndGoesOn(DiskFault fault) throws IOException {
        Path run = newRun();
        String output = FaultyFileSystem.path(run);
        DiskFault.set(new DiskFault("create", CHECKPOINT, 3, 0, Effect.DISK_ERROR));
        try {
            failure(train(output), output);
            // What was not yet whole when the run broke off: a line beyond the last checkpoint, and half a line.
            Files.writeString(run.resolve("metrics.jsonl"), "{\"kind\":\"st", java.nio.file.StandardOpenOption.APPEND);
            DiskFault.set(fault);
            failure(train(output, "--resume"), output);
            assertTrue(DiskFault.happened() > 0, "the fault did not happen");
        } finally {
            DiskFault.set(null);
        }
        goOn(run, output);
        Faults.injectedAndSurvived("disk, run resumed: " + fault);
    }

    @Test
    void aRunDoesNotBeginWhereItsConfigurationCannotBeWritten() {
        String output = FaultyFileSystem.path(newRun());
        DiskFault.set(new DiskFault("write", "[^/]*/\\.tmp-config.json", 1, 10, Effect.NO_SPACE));
        try {
            String message = JobRun.error(Train::run, conf, "--output", output);
            assertEquals(
                    "output " + output + ": found a place that cannot be used (No space left on device), expected a"
                            + " directory that can be written",
                    message);
        } finally {
            DiskFault.set(null);
        }
        JobRun.good(Train::run, conf, "--output", output);
        Faults.injectedAndSurvived("disk: full at the start");
    }

    @Test
    void aCheckpointMayBeDamagedAnywhere() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 6; i++) {
            Path run = newRun();
            DiskFault.set(new DiskFault("create", CHECKPOINT, 4, 0, Effect.DISK_ERROR));
            String line = failure(train(FaultyFileSystem.path(run)), FaultyFileSystem.path(run));
            DiskFault.set(null);
            Path newest = Path.of(line.replaceFirst(".*checkpoint is faulty:", ""));
            byte[] bytes = Files.readAllBytes(newest);
            int at = i == 0 ? 0 : random.nextInt(bytes.length);
            if (i % 2 == 0) {
                Files.write(newest, java.util.Arrays.copyOf(bytes, at));
            } else {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(newest, bytes);
            }
            JobRun resumed = JobRun.good(Train::run, conf, "--output", run.toString(), "--resume");
            assertTrue(resumed.err().startsWith("skipped: " + newest + ": "), "seed " + seed + ": " + resumed.err());
            assertEquals(undisturbed, results(run), "seed " + seed);
            Faults.injectedAndSurvived("newest checkpoint " + (i % 2 == 0 ? "cut off" : "altered") + " at byte " + at);
        }
    }

    @Test
    void aDirectoryMayBecomeReadOnly() throws IOException, InterruptedException {
        assumeTrue(call("chattr", "-i", directory.toString()), "chattr cannot be used here");
        Path run = newRun();
        DiskFault.set(new DiskFault("create", CHECKPOINT, 3, 0, Effect.DISK_ERROR));
        failure(train(FaultyFileSystem.path(run)), FaultyFileSystem.path(run));
        DiskFault.set(null);
        Path checkpoints = run.resolve("checkpoints");
        assertTrue(call("chattr", "+i", checkpoints.toString()));
        try {
            failure(train(run.toString(), "--resume"), checkpoints.toString());
        } finally {
            assertTrue(call("chattr", "-i", checkpoints.toString()));
        }
        goOn(run, run.toString());
        Faults.injectedAndSurvived("directory of checkpoints read-only");
    }

    @Test
    void theDiskMayBeFull() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                call("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk.toString()),
                "no file system can be mounted here");
        try {
            Path run = disk.resolve("run");
            String line = failure(train(run.toString()), run.toString());
            assertTrue(line.contains("No space left on device"), line);
            assertTrue(line.contains("checkpoint is " + run.resolve("checkpoints/step-")), line);
            try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
                assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith(".tmp")), "left behind");
            }
            assertTrue(call("mount", "-o", "remount,size=16m", disk.toString()));
            goOn(run, run.toString());
            Faults.injectedAndSurvived("disk full");
        } finally {
            call("umount", disk.toString());
        }
    }

    private static boolean call(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}

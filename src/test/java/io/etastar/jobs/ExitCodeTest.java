package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.storage.StorageFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitCodeTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8);

    private interface Main {
        int run(String[] args, PrintStream out, PrintStream err);
    }

    private String error(Main main, String... args) {
        errBytes.reset();
        assertEquals(2, main.run(args, out, err));
        String text = errBytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("error: ") && text.indexOf('\n') == text.length() - 1, text);
        assertEquals("", outBytes.toString(StandardCharsets.UTF_8));
        return text.substring("error: ".length(), text.length() - 1);
    }

    @Test
    void codesFollowTheKindOfFailure() {
        assertEquals(0, Job.exitCode(err, () -> {}));
        assertEquals("", errBytes.toString(StandardCharsets.UTF_8));
        assertEquals(2, Job.exitCode(err, () -> {
            throw new UserError("key 'a': found 1, expected 2");
        }));
        assertEquals("error: key 'a': found 1, expected 2\n", errBytes.toString(StandardCharsets.UTF_8));
        errBytes.reset();
        assertEquals(1, Job.exitCode(err, () -> {
            throw new IOException("disk");
        }));
        String trace = errBytes.toString(StandardCharsets.UTF_8);
        assertTrue(trace.startsWith("java.io.IOException: disk\n\tat "), trace);
        errBytes.reset();
        assertEquals(1, Job.exitCode(err, () -> {
            throw new StorageFailure(new org.apache.hadoop.fs.Path("file:/a/b"), new IOException("disk full\nmore"))
                    .and("and so on");
        }));
        assertEquals("error: /a/b: disk full; and so on\n", errBytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void helpListsTheOptionsAndEndsWell() {
        for (Main main : List.<Main>of(Train::run, Evaluate::run, Summarize::run)) {
            outBytes.reset();
            assertEquals(0, main.run(new String[] {"--help"}, out, err));
            String text = outBytes.toString(StandardCharsets.UTF_8);
            assertTrue(text.contains("Usage: jobs/") && text.contains("--master"), text);
        }
        assertEquals("", errBytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void argumentsThatDoNotFitAreOneLine() {
        assertTrue(
                error(Train::run).startsWith("command line: Missing argument CONF, expected jobs/train.sh [options]"));
        assertTrue(error(Train::run, "a.conf", "--epochs", "3").startsWith("command line: Unknown option --epochs"));
        assertTrue(error(Train::run, "a.conf", "--output").contains("output"));
        assertEquals("command line: --model: found nothing, expected the directory of a run", error(Evaluate::run));
        assertEquals("command line: --output: found nothing, expected the JSON file to write", error(Summarize::run));
    }

    @Test
    void mistakesInFilesAreOneLine() throws IOException {
        Path conf = Files.writeString(directory.resolve("a.conf"), "model.layers = [64, 10]\ntraining.epoch = 3\n");
        assertEquals(
                conf + ":2: unknown key 'training.epoch': found 3, expected a known key; the nearest is"
                        + " 'training.epochs'",
                error(Train::run, conf.toString()));
        String absent = directory.resolve("absent.conf").toString();
        assertEquals(absent + ": found nothing, expected a configuration file", error(Train::run, absent));
        Files.writeString(conf, "model.layers = [64, 10]\n");
        assertEquals(
                "--set seed=-3: key 'seed': found -3, expected int >= 0",
                error(Train::run, conf.toString(), "--set", "seed=-3"));
        Files.createDirectories(directory.resolve("run/model"));
        assertTrue(error(
                        Train::run,
                        conf.toString(),
                        "--output",
                        directory.resolve("run").toString())
                .contains("found a run (model), expected a new directory"));
    }

    @Test
    void summarizeNeedsParametersOrAModelAndGoodNumbers() {
        String output = directory.resolve("out.json").toString();
        assertTrue(error(Summarize::run, "--output", output).contains("found neither of --parameters and --model"));
        assertTrue(error(Summarize::run, "--output", output, "--parameters", "p.npz")
                .startsWith("command line: CASE: found nothing"));
        assertEquals(
                "command line: --damping-int: found '1,0', expected numbers > 0 with commas",
                error(Summarize::run, "--output", output, "--damping-int", "1,0"));
        assertEquals(
                "dtype: found 'half', expected float or double",
                error(Summarize::run, "--output", output, "--dtype", "half"));
    }

    @Test
    void aMasterThatSparkDoesNotKnowIsAMistake() {
        String message = org.junit.jupiter.api.Assertions.assertThrows(
                        UserError.class, () -> Job.conf("test", "sparks:/x", java.util.Map.of()))
                .getMessage();
        assertTrue(message.startsWith("--master: found 'sparks:/x', expected local,"), message);
    }
}

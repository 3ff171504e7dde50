package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in a job file or at the output: one line, exit code 2, no Spark, nothing written. */
class BadTrainInputTest {
    @TempDir
    Path directory;

    private String conf;

    @BeforeEach
    void write() throws IOException {
        conf = JobRun.digits(directory);
    }

    /** The error of the job file with these overrides; the run's directory must not appear. */
    private String error(String... sets) {
        List<String> args = new ArrayList<>(
                List.of(conf, "--output", directory.resolve("run").toString()));
        for (String set : sets) {
            args.addAll(List.of("--set", set));
        }
        String error = JobRun.error(Train::run, args.toArray(new String[0]));
        assertTrue(Files.notExists(directory.resolve("run")), "the run's directory");
        return error.replace(directory + "/", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.epoch=3 | unknown key 'training.epoch': found 3, expected a known key;"
                        + " the nearest is 'training.epochs'",
                "optimiser.period=3 | unknown key 'optimiser': found {\"period\":3}, expected a known key;"
                        + " the nearest is 'optimizer'",
                "training.batch=ten | key 'training.batch': found \"ten\", expected int >= 1, all or auto",
                "training.batch=2.5 | key 'training.batch': found 2.5, expected int >= 1, all or auto",
                "training=3 | key 'training': found 3, expected a block of keys",
                "optimizer.damping=-1 | key 'optimizer.damping': found -1, expected number > 0",
                "optimizer.mom_lrs=1 | key 'optimizer.mom_lrs': found 1, expected number in [0, 1)",
                "optimizer.name=lbfgs | key 'optimizer.name': found \"lbfgs\", expected one of newton-summary,"
                        + " newton-stochastic-hv, gen, lodo, l-bfgs, o-lbfgs, k-fac, sgd, adam, adamw, nadamw, rmsprop,"
                        + " yogi, lars, muon, schedule-free-adamw, prodigy, d-adapted-adam",
                "optimizer.name=sgd | digits.conf: key 'optimizer.lr': found nothing,"
                        + " expected number > 0: optimizer sgd needs it",
                "model.model=resnet | key 'model.model': found \"resnet\","
                        + " expected one of perceptron, lenet, vgg, resnet18, image_generator,"
                        + " transformer, autoencoder, samediff, onnx",
                "model.layers=[100,24,10] | key 'model.layers': found [100,24,10], expected 64 units in the first"
                        + " layer: rows of digits (embedded), train are [1, 8, 8]",
                "model.layers=[64,24,7] | key 'model.layers': found [64,24,7], expected 10 units in the last layer:"
                        + " digits (embedded), train has 10 classes",
                "model.layers=[64] | key 'model.layers': found [64], expected two or more layers for model perceptron",
                "training.batch=1501 | key 'training.batch': found 1501, expected at most 1500,"
                        + " the rows of digits (embedded), train",
                "summary.batch=1501 | key 'summary.batch': found 1501, expected at most 1500,"
                        + " the rows of digits (embedded), train",
                "partition=names:gamma | partition: found 'names:gamma', but no parameter's name ends in 'gamma',"
                        + " expected suffixes of [layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias]",
                "partition=blocks-9 | partition: found 'blocks-9', expected a whole number from 1 to 4"
                        + " (the number of parameter tensors) after '-'",
                "partition=[[layers.7.weight]] | partition: no parameter is named 'layers.7.weight', expected names"
                        + " among [layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias]",
            })
    void aValueThatDoesNotFitNamesItsKey(String set, String message) {
        String found = error(set);
        // An override is named before its key; a partition by its key alone.
        assertTrue(found.equals("--set " + set + ": " + message) || found.equals(message), found);
    }

    @Test
    void imagesTooSmallForTheirModelNameTheSize() {
        String lenet = "model={ model = lenet, layers = [1, 2, 2, 8, 8, 10], image_size = 8 }";
        assertTrue(
                error("model=null", lenet).contains("key 'model.image_size': found 8, expected a larger image"),
                error("model=null", lenet));
        String vgg = "model={ model = vgg, cfg = [2, M, M, M, M], in_channels = 1, image_size = 8, classes = 10 }";
        assertTrue(
                error("model=null", vgg).contains("key 'model.image_size': found 8, expected at least 16"),
                error("model=null", vgg));
    }

    @Test
    void aFileThatIsNoJobFileNamesItsLine() throws IOException {
        Files.writeString(Path.of(conf), "model {\n  layers = [64, 10\n");
        assertTrue(error().matches("digits.conf:\\d+: found a syntax error, expected HOCON or JSON: .*"), error());
        Files.delete(Path.of(conf));
        assertEquals("digits.conf: found nothing, expected a configuration file", error());
    }

    @Test
    void commandLines() {
        assertTrue(JobRun.error(Train::run).startsWith("command line: Missing argument CONF"));
        assertTrue(JobRun.error(Train::run, conf, "--epoch", "3").startsWith("command line: Unknown option --epoch"));
        assertEquals(
                "--master: found 'sparky', expected local, local[N], local[*], spark://HOST:PORT, yarn or"
                        + " k8s://ADDRESS",
                JobRun.error(
                        Train::run,
                        conf,
                        "--master",
                        "sparky",
                        "--output",
                        directory.resolve("run").toString()));
        assertTrue(Files.notExists(directory.resolve("run")));
    }

    @Test
    void anOutputThatCannotBeMade() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        String inside = file.resolve("run").toString();
        String error = JobRun.error(Train::run, conf, "--output", inside);
        assertTrue(error.startsWith("output " + inside + ": found a place that cannot be used ("), error);
        assertEquals(
                "output " + file + ": found a file, expected a new directory",
                JobRun.error(Train::run, conf, "--output", file.toString()));
        assertEquals(
                "output " + inside.replace("file", "none") + ": found no config.json, expected a run to resume",
                JobRun.error(Train::run, conf, "--resume", "--output", inside.replace("file", "none")));
    }

    @Test
    void anOutputThatHoldsARun() throws IOException {
        String run = directory.resolve("run").toString();
        JobRun.good(Train::run, conf, "--output", run, "--set", "training.epochs=1");
        Set<String> before = JobRun.files(Path.of(run)).keySet();
        assertEquals(
                "output " + run + ": found a run (config.json), expected a new directory, or --resume to go on with"
                        + " that run",
                JobRun.error(Train::run, conf, "--output", run));
        assertEquals(
                run + "/config.json: key 'training.epochs': found 1 in the run to resume, expected 3 as in the"
                        + " configuration now",
                JobRun.error(Train::run, conf, "--output", run, "--resume"));
        assertEquals(before, JobRun.files(Path.of(run)).keySet());
    }

    @Test
    void evaluateNeedsARunAndItsModel() throws IOException {
        String none = directory.resolve("none").toString();
        assertEquals(
                none + "/model.json: no such file; expected the directory of a trained model",
                JobRun.error(Evaluate::run, "--model", none));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    Set.of("digits.conf"),
                    files.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
        }
    }
}

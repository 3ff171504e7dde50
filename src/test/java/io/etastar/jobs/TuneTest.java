package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuneTest {
    private static final int ROWS = 200;
    private static final String[] ADAM = {"--set", "optimizer.name=adam", "--set", "training.epochs=2"};

    @TempDir
    Path directory;

    private String[] digits(String... more) {
        return Stream.of(
                        Stream.of("conf/digits.conf", "--output", directory + "/tune"),
                        Stream.of(ADAM),
                        Stream.of(more))
                .flatMap(part -> part)
                .toArray(String[]::new);
    }

    @Test
    void aRateThatTrainsIsFoundAmongOnesThatDoNot() {
        JobRun run =
                JobRun.good(Tune::run, digits("--search", "grid", "--vary", "optimizer.lr=[1.0e-7, 0.01, 1.0e-6]"));
        List<String> lines = run.out().lines().toList();
        assertEquals(4, lines.size(), run.out());
        assertTrue(lines.get(3).startsWith("best validation_loss="), lines.get(3));
        assertTrue(lines.get(3).endsWith(" optimizer.lr=0.01"), lines.get(3));
        assertTrue(
                run.err()
                        .endsWith("train with them: jobs/train.sh conf/digits.conf --set optimizer.name=adam"
                                + " --set training.epochs=2 --set optimizer.lr=0.01\n"),
                run.err());
    }

    @Test
    void aDivergedTrialIsSaidAndPassedOver() {
        JobRun run = JobRun.good(
                Tune::run,
                digits("--search", "grid", "--vary", "optimizer.lr=[1.0e300, 0.01]", "--set", "optimizer.name=sgd"));
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.get(0).startsWith("trial 1 of 2 diverged at step "), lines.get(0));
        assertTrue(lines.get(2).endsWith(" optimizer.lr=0.01"), lines.get(2));
    }

    /** Rows that the job tests with have other labels: figures of the search are the same to the last bit. */
    @Test
    void testRowsHaveNoSay() throws IOException {
        assertEquals(figures("a", 0, 0), figures("b", 0.8, 1));
        // The check above would not fail if no label had a say.
        assertNotEquals(figures("c", 0, 0), figures("d", 0.6, 0.8));
    }

    /** What trials.json says of a table of which the labels in a part are turned. */
    private String figures(String name, double from, double to) throws IOException {
        StringBuilder csv = new StringBuilder("x,y,label\n");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ROWS; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            boolean turned = i >= from * ROWS && i < to * ROWS;
            csv.append(x)
                    .append(',')
                    .append(y)
                    .append(',')
                    .append(x + y > 0 != turned ? 1 : 0)
                    .append('\n');
        }
        Path table = Files.writeString(directory.resolve("table.csv"), csv);
        Path conf = Files.writeString(
                directory.resolve("table.conf"),
                "model { model = perceptron, hidden_layers = [8], loss = nll }\n"
                        + "data { source = csv, path = \"" + table + "\", label = label, test_share = 0.2 }\n"
                        + "optimizer { name = adam }\ntraining { epochs = 3, batch = 20 }\n");
        JobRun.good(
                Tune::run,
                conf.toString(),
                "--search",
                "grid",
                "--vary",
                "optimizer.lr=[0.01, 0.1]",
                "--validation-share",
                "0.25",
                "--output",
                directory + "/" + name);
        return Files.readString(directory.resolve(name + "/trials.json")).replaceAll("\"seconds\" : [0-9.E-]+", "");
    }

    @Test
    void aModelWithoutClassesHasNoAccuracy() {
        String error = JobRun.error(
                Tune::run,
                digits(
                        "--set", "data.targets=features",
                        "--set", "data.standardise=false",
                        "--set", "model={model=autoencoder,layers=[64,8],loss=mse}",
                        "--vary", "optimizer.lr=[0.01, 0.1]",
                        "--measure", "validation_accuracy"));
        assertEquals(
                "command line: --measure: found validation_accuracy of a model without classes, expected validation_loss",
                error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--vary optimizer.lr=3|command line: --vary: found 'optimizer.lr=3', expected KEY=uniform",
                "--vary optimizer.rate=[1,2]|--set optimizer.rate=1: unknown key 'optimizer.rate': found 1, expected ",
                "--vary optimizer.lr=[1,-3,2]|--set optimizer.lr=-3: key 'optimizer.lr': found -3, expected ",
                "--vary optimizer.lr=[1,-2]|--set optimizer.lr=-2: key 'optimizer.lr': found -2, expected ",
                "--vary seed=[1,2] --vary optimizer.lr=[1,2]|command line: --vary: found key 'seed', expected another key",
                "--trials 3 --search grid --vary optimizer.lr=[1,2]|command line: --trials: found it with --search grid",
                "--search grid --vary optimizer.lr=uniform(1,2)|command line: --vary: found optimizer.lr as a range",
                "--vary optimizer.lr=[1,2] --measure test_loss|command line: --measure: found 'test_loss', expected one of",
                "--vary optimizer.lr=[1,2] --validation-share 1|command line: --validation-share: found '1', expected",
                "--vary optimizer.lr=[1,2] --resume|output ",
                "--trials 3|command line: --vary: found nothing, expected KEY=uniform"
            })
    void aMistakeIsOneLineBeforeAnythingIsRun(String options, String message) {
        String error = JobRun.error(Tune::run, digits(options.split(" ")));
        assertTrue(error.startsWith(message), error);
    }
}

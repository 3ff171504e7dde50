package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.storage.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A data set of its own for summaries: drawn from as training rows would be, and never trained on. */
class SummaryDataTest {
    @TempDir
    static Path directory;

    private static Path conf;

    @BeforeAll
    static void write() throws IOException {
        Shard rows = DigitsSource.train(1).read(0, 500);
        csv("train.csv", rows, 0, 240);
        csv("test.csv", rows, 240, 300);
        csv("other.csv", rows, 300, 500);
        conf = Files.writeString(
                directory.resolve("a.conf"),
                "model { model = perceptron, layers = [64, 10], activation = tanh, loss = nll }\n"
                        + "data { source = csv, path = \"" + directory.resolve("train.csv") + "\", test_path = \""
                        + directory.resolve("test.csv") + "\", partitions = 3 }\n"
                        + "optimizer { name = newton-summary, period = 2, damping = 0.5 }\n"
                        + "training { epochs = 2, batch = 40 }\nsummary { batch = 60, rows = drawn }\n");
    }

    private static void csv(String name, Shard rows, int from, int to) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder header = new StringBuilder("label");
        for (int j = 0; j < rows.featureLength(); j++) {
            header.append(",p").append(j);
        }
        lines.add(header.toString());
        for (int i = from; i < to; i++) {
            StringBuilder line = new StringBuilder().append((int) rows.targets().get(i));
            for (int j = 0; j < rows.featureLength(); j++) {
                line.append(',').append(rows.features().get(i * rows.featureLength() + j));
            }
            lines.add(line.toString());
        }
        Files.write(directory.resolve(name), lines);
    }

    private static double[] trained(String name, String... sets) {
        List<String> arguments = new ArrayList<>(
                List.of(conf.toString(), "--output", directory.resolve(name).toString()));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        JobRun.good(Train::run, arguments.toArray(new String[0]));
        return ModelDirectory.read(directory.resolve(name).toString()).theta().toDoubles();
    }

    private static String own(String file) {
        return "summary.data.path=" + directory.resolve(file);
    }

    @Test
    void theTrainingRowsThemselvesGiveTheSameBytes() {
        double[] expected = trained("drawn");
        assertArrayEquals(expected, trained("own", own("train.csv")));
        assertArrayEquals(expected, trained("step", own("train.csv"), "training.sync=step"));
    }

    @Test
    void otherRowsGiveOtherRatesWhereverStepsAreMade() throws IOException {
        double[] expected = trained("other", own("other.csv"));
        assertFalse(Arrays.equals(expected, trained("drawn again")));
        assertArrayEquals(expected, trained("other, by steps", own("other.csv"), "training.sync=step"));
        double[] period = trained("other, by periods", own("other.csv"), "training.sync=period");
        assertTrue(Arrays.stream(period).allMatch(Double::isFinite));
        String config = Files.readString(directory.resolve("other/config.json"));
        assertTrue(config.contains("other.csv"), config);
    }

    @Test
    void aRunIsResumedWithTheSameRowsAlone() throws IOException {
        String[] run = {
            conf.toString(), "--output", directory.resolve("resumed").toString(), "--set", own("o.csv")
        };
        Path own = directory.resolve("o.csv");
        Files.copy(directory.resolve("other.csv"), own);
        JobRun.good(Train::run, run);
        String[] again = Arrays.copyOf(run, run.length + 1);
        again[run.length] = "--resume";
        JobRun.good(Train::run, again);
        List<String> lines = new ArrayList<>(Files.readAllLines(own));
        lines.set(7, lines.get(8));
        Files.write(own, lines);
        JobRun resumed = JobRun.of(Train::run, again);
        assertEquals(2, resumed.exitCode(), resumed.err());
        assertTrue(resumed.err().contains("summary rows"), resumed.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "summary.data.source=csv | key 'summary.data.path': found nothing, expected a CSV file",
                "summary.data.path=none.csv | none.csv",
                "summary.data.path=PATH,summary.rows=apart | key 'summary.rows': found \"apart\", expected drawn:"
                        + " summary.data holds the rows of summaries",
                "summary.data.path=PATH,summary.batch=201 | key 'summary.batch': found 201, expected at most 200, the"
                        + " rows of ",
                "summary.data.path=PATH,summary.data.files=t10k | key 'summary.data.files': found \"t10k\", expected no"
                        + " such key: a data set csv has no such files",
            })
    void aMistakeIsOneLine(String sets, String message) {
        List<String> arguments = new ArrayList<>(
                List.of(conf.toString(), "--output", directory.resolve("wrong").toString()));
        for (String set : sets.split(",")) {
            arguments.addAll(List.of(
                    "--set", set.replace("PATH", directory.resolve("other.csv").toString())));
        }
        JobRun run = JobRun.of(Train::run, arguments.toArray(new String[0]));
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }
}

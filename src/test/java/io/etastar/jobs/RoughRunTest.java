package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs as people have them. */
@Tag("rough")
class RoughRunTest {
    @TempDir
    Path directory;

    private String conf(Path data, String... more) throws IOException {
        String text = "model { model = perceptron, layers = [2, 4, 2], loss = nll }\n"
                + "data { source = csv, path = \"" + data + "\", test_share = 0.2, partitions = 2 }\n"
                + "optimizer { name = newton-summary }\nsummary.batch = 20\ntraining { epochs = 2, batch = 20 }\n";
        return Files.writeString(directory.resolve("job.conf"), text + String.join("\n", more) + "\n")
                .toString();
    }

    private static List<String> lines(int factor) {
        return Stream.concat(
                        Stream.of("a,b,label"),
                        IntStream.range(0, 100).mapToObj(i -> factor * i % 17 + "," + i * i % 23 + "," + i % 2))
                .toList();
    }

    @Test
    void aRunIsNotResumedWithAFileThatWasReplaced() throws IOException {
        Path data = Files.write(directory.resolve("train.csv"), lines(3));
        Path run = directory.resolve("run");
        String conf = conf(data);
        JobRun whole = JobRun.good(Train::run, conf, "--output", run.toString());
        try (Stream<Path> files = Files.walk(run.resolve("model"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.write(data, lines(5));
        JobRun other = JobRun.of(Train::run, conf, "--output", run.toString(), "--resume");
        assertEquals(2, other.exitCode(), other.err());
        assertTrue(
                other.err()
                        .contains(
                                "error: training rows: found other rows, or another order of them, than those of the run"
                                        + " to resume ("),
                other.err());
        Files.write(data, lines(3));
        JobRun same = JobRun.good(Train::run, conf, "--output", run.toString(), "--resume");
        assertEquals(whole.result().get("train_loss"), same.result().get("train_loss"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"float", "double"})
    void secondsSince1970AreToldApart(String type) throws IOException {
        Path data = Path.of("src/test/resources/rough/unix-seconds.csv").toAbsolutePath();
        String text = "model { model = perceptron, layers = [1, 8, 2], loss = nll }\ndtype = " + type + "\n"
                + "data { source = csv, path = \"" + data + "\", test_share = 0.2 }\n"
                + "optimizer { name = newton-summary }\ntraining { epochs = 20 }\n";
        String conf = Files.writeString(directory.resolve("seconds.conf"), text).toString();
        JobRun run = JobRun.good(
                Train::run, conf, "--output", directory.resolve("run").toString());
        assertTrue(run.figure("test_accuracy") > 0.9, run.out());
    }

    @Test
    void aLossThatGrowsHundredfoldIsOneLineOfStderr() throws IOException {
        List<String> numbers = Stream.concat(
                        Stream.of("a,b,label"),
                        IntStream.range(0, 100).mapToObj(i -> i % 17 + "," + i * i % 23 + "," + i))
                .toList();
        Path data = Files.write(directory.resolve("train.csv"), numbers);
        String text = "model { model = perceptron, layers = [2, 1], loss = mse }\n"
                + "data { source = csv, path = \"" + data + "\", test_share = 0.2, partitions = 1 }\n"
                + "optimizer { name = sgd, lr = 1 }\ntraining { epochs = 3, batch = 10 }\n";
        String conf = Files.writeString(directory.resolve("grows.conf"), text).toString();
        JobRun run =
                JobRun.of(Train::run, conf, "--output", directory.resolve("run").toString());
        List<String> said =
                run.err().lines().filter(line -> line.contains("has grown")).toList();
        assertEquals(1, said.size(), run.err());
        assertTrue(said.get(0).startsWith("warning: the training loss has grown from "), said.get(0));
    }

    @Test
    void aSecondRunInTheSameDirectoryIsRefused() throws IOException {
        Path data = Files.write(directory.resolve("train.csv"), lines(3));
        Path run = directory.resolve("run");
        String conf = conf(data);
        JobRun.good(Train::run, conf, "--output", run.toString());
        // This process, as if it were another one that trains there: its parent lives.
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        String host = java.lang.management.ManagementFactory.getRuntimeMXBean()
                .getName()
                .replaceAll(".*@", "");
        long started = parent.info().startInstant().orElseThrow().toEpochMilli();
        Files.writeString(
                run.resolve("lock"),
                "{\"name\":\"other\",\"host\":\"" + host + "\",\"process\":" + parent.pid() + ",\"started\":" + started
                        + ",\"since\":\"2026-01-01T00:00:00Z\",\"id\":\"x\"}");
        JobRun refused = JobRun.of(Train::run, conf, "--output", run.toString(), "--resume");
        assertEquals(2, refused.exitCode(), refused.err());
        assertTrue(
                refused.err()
                        .contains(
                                "error: output " + run + ": found the run other (process " + parent.pid() + " on "
                                        + host
                                        + ", since 2026-01-01T00:00:00Z) at work there, expected a directory of its own for each run"),
                refused.err());
        assertTrue(Files.exists(run.resolve("lock")), "another's lock stays");
    }
}

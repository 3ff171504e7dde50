package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirTest {
    @TempDir
    Path directory;

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier("c")
                .setLayers(new int[] {64, 10})
                .setBatchSize(100)
                .setSummaryBatchSize(100)
                .setCheckpointInterval(1)
                .setKeepCheckpoints(9);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anUnfinishedRunGoesOnAndAFinishedOneIsRefused() throws IOException {
        Path run = directory.resolve("run");
        try (Frames frames = new Frames()) {
            Dataset<Row> digits = frames.digits(200);
            float[] plain =
                    classifier().setMaxIter(2).fit(digits).stored().theta().floats();
            NeuralNetworkClassifier written = classifier().setMaxIter(2).setCheckpointDir(run.toString());
            assertArrayEquals(plain, written.fit(digits).stored().theta().floats());
            assertEquals(
                    List.of("checkpoints", "config.json", "metrics.jsonl", "model", "plan.txt", "summaries.jsonl"),
                    names(run));
            List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
            assertEquals(6, metrics.size());
            assertEquals(
                    "c: parameter checkpointDir: found a finished run in " + run + ", expected a new directory",
                    assertThrows(IllegalArgumentException.class, () -> written.fit(digits))
                            .getMessage());

            // As if it had been killed in its third step of four.
            delete(run.resolve("model"));
            Path checkpoints = run.resolve("checkpoints");
            List<String> kept = names(checkpoints);
            for (String late : kept.subList(kept.size() - 2, kept.size())) {
                Files.delete(checkpoints.resolve(late));
                Files.deleteIfExists(checkpoints.resolve("." + late + ".crc"));
            }
            NeuralNetworkClassificationModel resumed = written.fit(digits);
            assertArrayEquals(plain, resumed.stored().theta().floats());
            assertEquals(2, resumed.summary().objectiveHistory().length);
            assertEquals(6, Files.readAllLines(run.resolve("metrics.jsonl")).size());

            delete(run.resolve("model"));
            String other = assertThrows(
                            IllegalArgumentException.class,
                            () -> classifier()
                                    .setMaxIter(3)
                                    .setCheckpointDir(run.toString())
                                    .fit(digits))
                    .getMessage();
            assertTrue(other.contains("maxIter"), other);
        }
    }
}

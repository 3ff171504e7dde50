package io.etastar.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits that resume, and fits in one directory. */
@Tag("rough")
class RoughResumeTest {
    private static Frames frames;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        frames = new Frames();
    }

    @AfterAll
    static void close() {
        frames.close();
    }

    @AfterEach
    void nothingStaysCached() {
        assertEquals(0, frames.session().sparkContext().getPersistentRDDs().size());
    }

    private static Dataset<Row> rows(int seed) {
        return frames.session()
                .range(0, 90, 1, 2)
                .selectExpr(
                        "array(rand(" + seed + "), rand(" + (seed + 1) + ")) as features",
                        "cast(id % 3 as double) as label");
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier("c")
                .setLayers(new int[] {2, 4, 3})
                .setBatchSize(30)
                .setMaxIter(2);
    }

    private static String refused(NeuralNetworkClassifier classifier, Dataset<Row> frame) {
        return assertThrows(IllegalArgumentException.class, () -> classifier.fit(frame))
                .getMessage();
    }

    /** As if a run had been killed behind the checkpoint of a step. */
    private static void kill(Path run, int step) throws IOException {
        delete(run.resolve("model"));
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            for (Path file : files.toList()) {
                if (Integer.parseInt(file.getFileName().toString().replaceAll("[^0-9]", "")) > step) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aRunIsNotResumedWithOtherRows() throws IOException {
        String run = directory.resolve("run").toString();
        NeuralNetworkClassifier written = classifier().setCheckpointDir(run).setKeepCheckpoints(9);
        float[] whole = written.fit(rows(1)).stored().theta().floats();
        kill(directory.resolve("run"), 3);
        String message = refused(written, rows(5));
        assertTrue(
                message.startsWith("training rows: found other rows, or another order of them, than those of the run to"
                        + " resume (" + run),
                message);
        assertTrue(
                refused(written, rows(1).orderBy(functions.desc("features"))).startsWith("training rows: found other"));
        assertArrayEquals(
                whole,
                written.fit(rows(1).repartition(1)
                                .orderBy(functions.expr("rand()"))
                                .limit(0)
                                .union(rows(1)))
                        .stored()
                        .theta()
                        .floats());
    }

    @Test
    void aResumedFitRemembersItsBestEpoch() throws IOException {
        Random random = new Random(3);
        List<Row> noise = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            noise.add(RowFactory.create(
                    Vectors.dense(random.nextGaussian(), random.nextGaussian()), (double) random.nextInt(3)));
        }
        Dataset<Row> all = frames.of(Frames.SCHEMA, noise.toArray(Row[]::new))
                .withColumn("held", functions.expr("features is not null and label = 2 or label = 1"));
        Path run = directory.resolve("run");
        NeuralNetworkClassifier patient = classifier()
                .setBatchSize(10)
                .setMaxIter(12)
                .setPatience(6)
                .setValidationIndicatorCol("held")
                .setKeepCheckpoints(99)
                .setCheckpointDir(run.toString());
        NeuralNetworkClassificationModel whole = patient.fit(all);
        long best = whole.summary().bestEpoch();
        long epochs = whole.summary().totalIterations();
        assertTrue(best < epochs, best + " of " + epochs);
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            int last = files.mapToInt(file ->
                            Integer.parseInt(file.getFileName().toString().replaceAll("[^0-9]", "")))
                    .max()
                    .orElseThrow();
            kill(run, last - 1);
        }
        NeuralNetworkClassificationModel resumed = patient.fit(all);
        assertArrayEquals(
                whole.stored().theta().floats(), resumed.stored().theta().floats());
        assertEquals(best, resumed.summary().bestEpoch());
    }

    @Test
    void twoFitsAtOnceInOneDirectoryAreOne() throws Exception {
        String run = directory.resolve("run").toString();
        NeuralNetworkClassifier first =
                classifier().setCheckpointDir(run).setMaxIter(400).setCheckpointInterval(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<NeuralNetworkClassificationModel> whole = other.submit(() -> first.fit(rows(1)));
            while (!Files.exists(directory.resolve("run/lock"))) {
                Thread.sleep(5);
            }
            String message = refused(first, rows(1));
            assertTrue(
                    message.startsWith("output " + run + ": found the run c (process "
                            + ProcessHandle.current().pid() + " on "),
                    message);
            assertArrayEquals(
                    classifier().setMaxIter(400).fit(rows(1)).stored().theta().floats(),
                    whole.get().stored().theta().floats());
        } finally {
            other.shutdown();
        }
        assertTrue(Files.notExists(directory.resolve("run/lock")));
    }

    @Test
    void theLockOfAProcessThatHasEndedIsTakenOver() throws IOException {
        Path run = directory.resolve("run");
        NeuralNetworkClassifier fit =
                classifier().setCheckpointDir(run.toString()).setKeepCheckpoints(9);
        float[] whole = fit.fit(rows(1)).stored().theta().floats();
        kill(run, 2);
        String host = java.lang.management.ManagementFactory.getRuntimeMXBean()
                .getName()
                .replaceAll(".*@", "");
        Files.writeString(
                run.resolve("lock"),
                "{\"name\":\"c\",\"host\":\"" + host
                        + "\",\"process\":999999999,\"started\":1,\"since\":\"\",\"id\":\"x\"}");
        assertArrayEquals(whole, fit.fit(rows(1)).stored().theta().floats());
        assertTrue(Files.notExists(run.resolve("lock")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR", "de-DE"})
    void localesWithDigitsOfTheirOwnResume(String tag) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(tag));
        try {
            Path run = directory.resolve("run");
            NeuralNetworkClassifier fit = classifier()
                    .setCheckpointDir(run.toString())
                    .setKeepCheckpoints(2)
                    .setBatchSize(10);
            NeuralNetworkClassificationModel whole = fit.fit(rows(1));
            try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
                List<String> names = files.map(file -> file.getFileName().toString())
                        .filter(name -> !name.endsWith(".crc"))
                        .sorted()
                        .toList();
                assertEquals(List.of("step-00000009.ckpt", "step-00000018.ckpt"), names);
            }
            kill(run, 9);
            NeuralNetworkClassificationModel resumed = fit.fit(rows(1));
            assertArrayEquals(
                    whole.stored().theta().floats(), resumed.stored().theta().floats());
            assertEquals(1, resumed.summary().totalEpochs() - 1);
            assertEquals(9, resumed.summary().objectiveHistory().length);
            String saved = directory.resolve("model").toString();
            whole.save(saved);
            assertEquals(
                    whole.transform(rows(1)).collectAsList(),
                    NeuralNetworkClassificationModel.load(saved)
                            .transform(rows(1))
                            .collectAsList());
        } finally {
            Locale.setDefault(before);
        }
    }
}

package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.DataSource;
import io.etastar.data.Shard;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.prepared.Checksums;
import io.etastar.data.prepared.Manifest;
import io.etastar.data.prepared.ManifestFile;
import io.etastar.data.prepared.PreparedSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data of several formats, prepared and trained on. */
class PrepareDataTest {
    @TempDir
    Path directory;

    private JobRun prepare(String... args) {
        return JobRun.good(PrepareData::run, args);
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void preparedDigitsTrainToTheSameBytes() throws IOException {
        JobRun prepared = prepare("digits", "--seed", "1", "--output", at("digits"), "--rows-per-file", "400");
        assertEquals("1500", prepared.result().get("train_rows"));
        assertEquals("0", prepared.result().get("validation_rows"));
        assertEquals("297", prepared.result().get("test_rows"));
        assertEquals("5", prepared.result().get("files"));
        Manifest manifest = ManifestFile.read(at("digits"));
        assertEquals("uint8", manifest.features().type());
        assertEquals(1, manifest.features().divisor());
        assertEquals(1500, Arrays.stream(manifest.part("train").classCounts()).sum());
        assertEquals(4, manifest.part("train").files().size());
        assertEquals(5, Checksums.verify(at("digits")));
        String conf = JobRun.digits(directory, "data.partitions = 3", "seed = 1", "training.epochs = 2");
        JobRun.good(Train::run, conf, "--output", at("direct"));
        String[] source = {"--set", "data.source=prepared", "--set", "data.path=" + at("digits")};
        JobRun.good(Train::run, conf, source[0], source[1], source[2], source[3], "--output", at("run"));
        assertEquals(JobRun.files(directory.resolve("direct/model")), JobRun.files(directory.resolve("run/model")));
        JobRun.good(Evaluate::run, "--model", at("run"), "--set", "data.verify=true");
    }

    @Test
    void anyRangeIsReadAsItWas() throws IOException {
        prepare("digits", "--seed", "1", "--output", at("digits"), "--rows-per-file", "700");
        DataSource expected = DigitsSource.train(1);
        DataSource found = PreparedSource.open(at("digits"), "train", 10, true);
        for (int[] range : new int[][] {{0, 1500}, {0, 0}, {699, 701}, {100, 650}, {1499, 1500}, {350, 1450}}) {
            Shard one = expected.read(range[0], range[1]);
            Shard other = found.read(range[0], range[1]);
            assertArrayEquals(one.features().floats(), other.features().floats());
            assertArrayEquals(one.targets().floats(), other.targets().floats());
        }
        assertEquals(expected.inspect(), found.inspect());
    }

    @Test
    void sameDataGiveTheSameBytesOnAnyCores() throws IOException {
        prepare("digits", "--output", at("a"), "--rows-per-file", "100", "--split", "0.6,0.2,0.2");
        prepare(
                "digits",
                "--output",
                at("b"),
                "--rows-per-file",
                "100",
                "--split",
                "0.6,0.2,0.2",
                "--master",
                "local[1]");
        assertEquals(JobRun.files(directory.resolve("a")), JobRun.files(directory.resolve("b")));
        prepare("digits", "--output", at("c"), "--split", "0.6,0.2,0.2", "--seed", "5");
        assertNotEquals(rows("a", "test", 5), rows("c", "test", 5));
    }

    /** Some rows of a part as text, sorted. */
    private TreeSet<String> rows(String name, String part, int length) {
        DataSource source = PreparedSource.open(at(name), part, 0, false);
        Shard all = source.read(0, source.rows());
        TreeSet<String> rows = new TreeSet<>();
        for (int i = 0; i < all.rows(); i++) {
            StringBuilder row = new StringBuilder();
            for (int j = 0; j < Math.min(length, all.featureLength()); j++) {
                row.append(all.features().get(i * all.featureLength() + j)).append(' ');
            }
            rows.add(row.append(all.targets().get(i))
                    .append(' ')
                    .append(all.weight(i))
                    .toString());
        }
        return rows;
    }

    private List<String> lines() {
        Random random = new Random(3);
        return IntStream.range(0, 300)
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "%.3f,%s,%d,%.2f",
                        random.nextGaussian(),
                        List.of("cat", "dog", "ant").get(i % 3),
                        i,
                        i % 4 * 0.5))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void csv(String name, List<String> lines) throws IOException {
        Files.writeString(directory.resolve(name), "x,animal,n,w\n" + String.join("\n", lines) + "\n");
    }

    @Test
    void theHashSplitsTheSameRowsWhateverTheirOrderAndPartitions() throws IOException {
        List<String> lines = lines();
        csv("one.csv", lines);
        Collections.shuffle(lines, new Random(9));
        Files.createDirectory(directory.resolve("many"));
        csv("many/a.csv", lines.subList(0, 20));
        csv("many/b.csv", lines.subList(20, 300));
        String[] options = {"--label", "animal", "--weight", "w", "--split", "0.5,0.2,0.3", "--output"};
        for (String name : new String[] {"one.csv", "many"}) {
            List<String> args = new ArrayList<>(List.of("csv", at(name)));
            args.addAll(List.of(options));
            args.addAll(List.of(at("of-" + name), "--rows-per-file", name.equals("many") ? "17" : "300"));
            prepare(args.toArray(String[]::new));
        }
        Manifest manifest = ManifestFile.read(at("of-many"));
        assertEquals(List.of("ant", "cat", "dog"), manifest.targets().classNames());
        assertEquals("float32", manifest.features().type());
        assertTrue(manifest.weighted());
        for (String part : Manifest.PARTS) {
            assertEquals(rows("of-one.csv", part, 3), rows("of-many", part, 3));
        }
        int train = rows("of-many", "train", 3).size();
        assertTrue(train > 120 && train < 180, "train: " + train);
        JobRun.good(
                Train::run,
                Files.writeString(
                                directory.resolve("csv.conf"),
                                "model.layers = [2, 3]\ntraining.batch = 20\n" + "data { source = prepared, path = \""
                                        + at("of-many") + "\", test_part = validation }\n")
                        .toString(),
                "--output",
                at("csv-run"));
    }
}

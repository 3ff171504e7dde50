package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.prepared.Manifest;
import io.etastar.data.prepared.ManifestFile;
import io.etastar.spark.SparkTestSession;
import io.etastar.storage.ModelDirectory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV files as other programs write them. */
class RoughFilesTest {
    @TempDir
    Path directory;

    private static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(RoughFilesTest.class.getResource("/rough/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path write(String name, String... lines) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, List.of(lines));
    }

    private Manifest prepare(String format, Path path, String... more) throws IOException {
        String output = directory.resolve("prepared-" + System.nanoTime()).toString();
        List<String> args = new ArrayList<>(List.of(format, path.toString(), "--output", output));
        args.addAll(List.of(more));
        JobRun.good(PrepareData::run, args.toArray(String[]::new));
        return ManifestFile.read(output);
    }

    private String refused(String format, Path path, String... more) {
        List<String> args = new ArrayList<>(List.of(
                format,
                path.toString(),
                "--output",
                directory.resolve("refused").toString()));
        args.addAll(List.of(more));
        JobRun run = JobRun.of(PrepareData::run, args.toArray(String[]::new));
        assertEquals(2, run.exitCode(), run.err());
        List<String> lines =
                run.err().lines().filter(line -> line.startsWith("error: ")).toList();
        assertEquals(1, lines.size(), run.err());
        return lines.get(0);
    }

    private JobRun train(Path path, String... settings) throws IOException {
        Path conf = directory.resolve("job.conf");
        Files.writeString(conf, """
                model { model = perceptron, hidden_layers = [8] }
                data { source = csv, path = "%s", test_share = 0.2 }
                optimizer { name = adam, lr = 0.01 }
                training { batch = 20, epochs = 3 }
                """.replace("%s", path.toString()));
        List<String> args = new ArrayList<>(List.of(
                conf.toString(),
                "--output",
                directory.resolve("run-" + System.nanoTime()).toString()));
        for (String setting : settings) {
            args.addAll(List.of("--set", setting));
        }
        return JobRun.good(Train::run, args.toArray(String[]::new));
    }

    @Tag("rough")
    @Test
    void missingValues() throws IOException {
        train(file("missing-values.csv"));
        assertTrue(refused("csv", file("missing-values.csv")).contains("column 'age'"));
    }

    @Tag("rough")
    @Test
    void questionMarks() throws IOException {
        train(file("question-marks.csv"));
        assertTrue(refused("csv", file("question-marks.csv")).contains("column 'x'"));
    }

    @Test
    void anotherTextInAColumnOfNumbers() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,b,label"));
        IntStream.range(0, 50).forEach(i -> lines.add((i == 20 ? "oops" : i) + "," + (i * 7 % 10) + "," + i % 2));
        Path file = write("oops.csv", lines.toArray(String[]::new));
        assertEquals(
                "error: " + file
                        + ": column 'a', row 21: found 'oops', expected a number as in 49 other rows, or a mark"
                        + " of data.csv.missing; data.categories takes the column as text",
                refused("csv", file));
        train(file, "data.csv.missing=[oops]");
        train(file, "data.categories=[a]");
        train(file, "data.features=[b]");
    }

    @Tag("rough")
    @Test
    void doubledQuotesAndLineBreaks() throws IOException {
        Manifest manifest = prepare("csv", file("quotes-rfc4180.csv"));
        assertEquals(
                List.of("12\" pipe, PVC", "6\" pipe, PE"), manifest.targets().classNames());
        Path broken = directory.resolve("broken.csv");
        Files.writeString(broken, "width,label\n" + "1,\"two\nlines, \"\"quoted\"\"\"\n2,one\n".repeat(20));
        Manifest read = prepare("csv", broken);
        assertEquals(40, read.part("train").rows());
        assertEquals(List.of("one", "two\nlines, \"quoted\""), read.targets().classNames());
    }

    @Tag("rough")
    @Test
    void semicolonsAndDecimalCommas() throws IOException {
        assertEquals(
                prepare("csv", file("train.csv")).part("train").mean()[0],
                prepare("csv", file("semicolon-decimal-comma.csv"))
                        .part("train")
                        .mean()[0]);
        train(file("semicolon-decimal-comma.csv"), "data.csv.separator=\";\"", "data.csv.decimal_mark=\",\"");
    }

    @Tag("rough")
    @Test
    void spacesInTheHeader() throws IOException {
        prepare("csv", file("header-spaces.csv"), "--features", "a,b");
        train(file("header-spaces.csv"));
    }

    @Tag("rough")
    @Test
    void bracketsInThePath() throws IOException {
        for (String name : List.of("brackets[1]", "a{b,c}", "what?", "all*")) {
            Path inner = directory.resolve(name);
            Files.createDirectories(inner);
            Files.copy(file("train.csv"), inner.resolve("train.csv"));
            prepare("csv", inner.resolve("train.csv"));
            prepare("csv", inner);
            prepare("libsvm", write(name + "/train.libsvm", "0 1:0.5 3:1", "1 2:1", "0 1:0.2", "1 3:0.5"));
        }
    }

    @Tag("rough")
    @Test
    void otherHeaders() throws IOException {
        assertTrue(refused("csv", file("other-headers"))
                .endsWith("part-2.csv: found header 'y', 'x', 'label', expected 'x', 'y', 'label' as in part-1.csv"));
        // Spark takes minutes to plan 20 500 columns, so that fewer are read here.
        Path file = write("narrow.csv", names(2_000), zeros(2_000), zeros(2_000));
        assertEquals(1_999, prepare("csv", file, "--label", "c0").features().shape()[0]);
        String wide = names(20_500);
        String zeros = zeros(20_500);
        write("wide/a.csv", wide, zeros, zeros);
        write("wide/b.csv", wide + ",more", zeros + ",1");
        String refused = refused("csv", directory.resolve("wide"), "--label", "c0");
        assertTrue(refused.contains("'c9' and 20491 others, expected 'c0'"), refused);
    }

    private static String names(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    }

    private static String zeros(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> "" + i % 2).collect(Collectors.joining(","));
    }

    /** Four directories kind=old/fold=0 and so on; the label is told by x, and by kind. */
    private Path partitioned(String format) throws IOException {
        Path root = directory.resolve("by-fold-" + format);
        try (SparkTestSession session = SparkTestSession.open("local[1]")) {
            SparkSession sql =
                    SparkSession.builder().sparkContext(session.context().sc()).getOrCreate();
            sql.range(0, 120, 1, 1)
                    .selectExpr(
                            "id % 7 as x",
                            "if(id % 3 = 0, null, id) as y",
                            "if(id % 7 < 3, 'no', 'yes') as label",
                            "if(id % 7 < 3, 'old', 'new') as kind",
                            "cast(id % 2 as int) as fold")
                    .write()
                    .partitionBy("kind", "fold")
                    .option("header", "true")
                    .format(format)
                    .save(root.toString());
        }
        return root;
    }

    @Tag("rough")
    @ParameterizedTest
    @ValueSource(strings = {"parquet", "csv"})
    void columnsInNamesOfDirectoriesAreFeaturesOnlyIfTheyAreNamed(String format) throws IOException {
        Path root = partitioned(format);
        String source = "data.source=" + format;
        assertEquals(List.of("x", "y"), columns(train(root, source)));
        assertEquals(List.of("x", "fold"), columns(train(root, source, "data.features=[x, fold]")));
        assertEquals(List.of("x", "y"), columns(train(root, source, "data.features=\"*\"")));
        assertEquals(List.of("x", "y", "kind"), columns(train(root, source, "data.features=[\"*\", kind]")));
        assertEquals(List.of("x", "y"), columns(train(root, source, "data.label=kind", "data.features=[x, y]")));
        assertEquals(1, prepare(format, root, "--features", "x").features().shape()[0]);
        assertEquals(2, prepare(format, root, "--features", "x,fold").features().shape()[0]);
        // Of numbers alone, with gaps in y.
        assertTrue(refused(format, root).contains("column 'y'"));
    }

    private List<String> columns(JobRun run) {
        String model = run.err()
                .lines()
                .filter(line -> line.startsWith("model: "))
                .findFirst()
                .orElseThrow();
        return ModelDirectory.read(model.substring("model: ".length())).table().names();
    }

    @Test
    void withoutAHeader() throws IOException {
        Path file = write("plain.tsv", "1\t2\t0", "3\t4\t1", "5\t6\t0");
        assertEquals(
                2,
                prepare("csv", file, "--header", "false", "--label", "_c2")
                        .features()
                        .shape()[0]);
    }

    @Test
    void otherEncodingsAndCompressedFiles() throws IOException {
        String text = "größe,label\n1.5,grün\n2.5,röt\n";
        for (String encoding : List.of("UTF-16", "UTF-16LE", "ISO-8859-1")) {
            Path file = directory.resolve(encoding + ".csv");
            Files.write(file, (encoding.equals("UTF-16LE") ? "\uFEFF" + text : text).getBytes(encoding));
            String[] more = encoding.equals("ISO-8859-1") ? new String[] {"--encoding", encoding} : new String[0];
            assertEquals(
                    List.of("grün", "röt"), prepare("csv", file, more).targets().classNames(), encoding);
        }
        Path marked = directory.resolve("marked.csv");
        Files.writeString(marked, "\uFEFF" + text);
        prepare("csv", marked, "--features", "größe");
        Path packed = directory.resolve("packed.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(text.replace(',', '|').getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("grün", "röt"), prepare("csv", packed).targets().classNames());
    }

    @Test
    void nothingToRead() throws IOException {
        assertTrue(refused("csv", write("empty.csv")).contains("an empty file"));
        assertTrue(refused("csv", write("header.csv", "a,label")).contains("no rows"));
        Path empty = Files.createDirectories(directory.resolve("empty"));
        assertTrue(refused("csv", empty).contains("no files"));
    }

    @Tag("rough")
    @Test
    void greyImagesOfOneBit() throws IOException {
        Manifest manifest = prepare("images", file("grey-1-bit"));
        assertEquals(
                List.of(1, 8, 8),
                IntStream.of(manifest.features().shape()).boxed().toList());
    }

    @Tag("rough")
    @Test
    void classesOfArraysInTheManifest() throws IOException {
        assertEquals(3, prepare("npz", file("three-classes.npz")).targets().classes());
        assertEquals(
                26,
                prepare("npz", file("letters-from-one.npz"))
                        .targets()
                        .classNames()
                        .size());
    }
}

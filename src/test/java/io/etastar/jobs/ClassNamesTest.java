package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.NpzFile;
import io.etastar.data.prepared.ManifestFile;
import io.etastar.storage.ModelDirectory;
import io.etastar.table.ClassValues;
import io.etastar.table.ClassValues.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on files whose classes are texts or other numbers than 0, 1, ... */
class ClassNamesTest {
    private static final Path ROUGH = Path.of("src/test/resources/rough");

    @TempDir
    Path directory;

    private String conf(String format, String file, String model) throws IOException {
        Path conf = directory.resolve("job.conf");
        Files.writeString(
                conf,
                "model { " + model + " }\ndata { source = " + format + ", path = \"" + file
                        + "\", test_share = 0.25 }\n"
                        + "training { epochs = 60, batch = 10 }\noptimizer { name = newton-summary, period = 5 }\n");
        return conf.toString();
    }

    private String trained(String format, String name, String model, String... more) throws IOException {
        String output = directory.resolve("run-" + name).toString();
        List<String> args = new java.util.ArrayList<>(
                List.of(conf(format, ROUGH.resolve(name).toString(), model), "--output", output));
        args.addAll(List.of(more));
        JobRun run = JobRun.good(Train::run, args.toArray(String[]::new));
        assertEquals(1.0, run.figure("test_accuracy"), run.out());
        return output;
    }

    private static ClassValues classes(String run) {
        return ModelDirectory.read(run).classValues();
    }

    @Test
    @Tag("rough")
    void textLabelsCsv() throws IOException {
        for (String model : List.of("hidden_layers = [8]", "layers = [2, 8, 2]")) {
            String run = trained("csv", "text-labels.csv", model, "--set", "data.label=species");
            assertEquals(new ClassValues(Kind.TEXT, List.of("setosa", "virginica")), classes(run));
            // Classes in another order, and one of them missing.
            List<String> lines = Files.readAllLines(ROUGH.resolve("text-labels.csv"));
            String last = lines.get(lines.size() - 1);
            Path other = directory.resolve("other.csv");
            Files.write(other, List.of(lines.get(0), last, last, lines.get(lines.size() - 2)));
            assertEquals(1.0, evaluated(run, other).figure("test_accuracy"));
            Files.write(other, List.of(lines.get(0), "1,1,versicolor"));
            JobRun unknown = evaluation(run, other);
            assertEquals(2, unknown.exitCode());
            assertEquals(
                    "error: column 'species': found 'versicolor', expected one of 'setosa', 'virginica', the classes of the"
                            + " training rows\n",
                    unknown.err().substring(unknown.err().indexOf("error: ")));
            delete(run);
        }
    }

    private JobRun evaluation(String run, Path file) {
        return JobRun.of(
                Evaluate::run, "--model", run, "--set", "data.test_path=" + file, "--set", "data.test_share=null");
    }

    private JobRun evaluated(String run, Path file) {
        JobRun evaluated = evaluation(run, file);
        assertEquals(0, evaluated.exitCode(), evaluated.err());
        return evaluated;
    }

    private static void delete(String run) throws IOException {
        try (var files = Files.walk(Path.of(run))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    @Tag("rough")
    void labelsMinusPlusLibsvm() throws IOException {
        String run = trained("libsvm", "labels-minus-plus.libsvm", "layers = [3, 4, 2]");
        assertEquals(new ClassValues(Kind.NUMBER, List.of("-1", "1")), classes(run));
        Path other = directory.resolve("other.libsvm");
        Files.writeString(other, "1 1:0.5 3:1\n");
        assertEquals(1.0, evaluated(run, other).figure("test_accuracy"));
        assertEquals(List.of("-1", "1"), prepared("labels-minus-plus.libsvm"));
    }

    @Test
    @Tag("rough")
    void labelsFromOneLibsvm() throws IOException {
        String run = trained("libsvm", "labels-from-one.libsvm", "hidden_layers = [4]");
        assertEquals(new ClassValues(Kind.NUMBER, List.of("1", "2", "3")), classes(run));
        assertEquals(List.of("1", "2", "3"), prepared("labels-from-one.libsvm"));
    }

    private List<String> prepared(String name) throws IOException {
        String output = directory.resolve("prepared").toString();
        JobRun.good(PrepareData::run, "libsvm", ROUGH.resolve(name).toString(), "--output", output);
        return ManifestFile.read(output).targets().classNames();
    }

    @Test
    void classIndicesHaveNoNames() throws IOException {
        Path file = directory.resolve("plain.csv");
        StringBuilder rows = new StringBuilder("a,label\n");
        for (int i = 0; i < 40; i++) {
            rows.append(i % 2 * 3).append(',').append(i % 2).append('\n');
        }
        Files.writeString(file, rows);
        String output = directory.resolve("run").toString();
        JobRun.good(Train::run, conf("csv", file.toString(), "hidden_layers = [4]"), "--output", output);
        assertTrue(classes(output).areIndices());
    }

    @Test
    void arraysOfOtherLabelsFindTheirClasses() throws IOException {
        double[] labels = {0, 2, 7};
        for (boolean fromOne : new boolean[] {false, true}) {
            double[] x = new double[90];
            double[] y = new double[90];
            for (int i = 0; i < 90; i++) {
                x[i] = i % 3;
                y[i] = fromOne ? 1 + i % 3 : labels[i % 3];
            }
            String file = directory.resolve("a" + fromOne + ".npz").toString();
            NpzFile.write(
                    file,
                    Map.of(
                            "x", new NpzFile.Array(new int[] {90, 1}, x, false),
                            "y", new NpzFile.Array(new int[] {90}, y, true)));
            String output = directory.resolve("npz-" + fromOne).toString();
            JobRun run = JobRun.good(
                    Train::run,
                    conf("npz", file, "hidden_layers = [8]"),
                    "--output",
                    output,
                    "--set",
                    "data.test_share=0.2");
            assertEquals(
                    fromOne ? List.of("1", "2", "3") : List.of("0", "2", "7"),
                    classes(output).names());
            assertEquals(
                    run.figure("test_accuracy"),
                    JobRun.good(Evaluate::run, "--model", output).figure("test_accuracy"));
            JobRun wrong = JobRun.of(
                    Train::run,
                    conf("npz", file, "hidden_layers = [8]"),
                    "--output",
                    output + "-wrong",
                    "--set",
                    "data.test_share=0.2",
                    "--set",
                    "data.class_weights=[1, 2]");
            assertEquals(2, wrong.exitCode(), wrong.err());
            assertTrue(wrong.err().contains(fromOne ? ": '1', '2', '3'" : ": '0', '2', '7'"), wrong.err());
        }
    }

    @Test
    void textsAreSortedByCodePoints() throws IOException {
        // U+FF5E comes before U+1F600, whose first half of UTF-16 is smaller.
        Path file = directory.resolve("signs.csv");
        Files.writeString(file, "a,label\n" + "0,\uD83D\uDE00\n1,\uFF5E\n".repeat(20));
        String output = directory.resolve("signs").toString();
        JobRun.good(Train::run, conf("csv", file.toString(), "hidden_layers = [4]"), "--output", output);
        assertEquals(List.of("\uFF5E", "\uD83D\uDE00"), classes(output).names());
    }
}

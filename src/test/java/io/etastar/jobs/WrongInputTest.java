package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.NpzFile;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Forty and more kinds of wrong input to the jobs: at most two lines that name what to change, exit code 2, and no file or
 * directory that was not there before. Those to Estimators and Models are in {@code io.etastar.ml.MisuseTest}.
 */
class WrongInputTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/mlp-tanh-nll");
    private static final int KINDS = 40;

    @TempDir
    static Path directory;

    /**
     * One kind.
     *
     * @param what is wrong
     * @param main the job
     * @param args its arguments; @ is the directory
     * @param names words that the message must have, separated by |
     */
    private record Kind(String what, JobRun.Main main, String args, String names) {
        @Override
        public String toString() {
            return what;
        }
    }

    @BeforeAll
    static void prepare() throws IOException {
        JobRun.digits(directory);
        write("syntax.conf", "model {\n  layers = [64, 10\n");
        write("unknown-key.conf", "model.layers = [64, 10]\ndata.source = digits\ntrainig.epochs = 3\n");
        write("no-source.conf", "model.layers = [64, 10]\ndata { source = idx, path = \"" + directory + "/none\" }\n");
        write("cut.conf", "model.layers = [4, 3]\ndata { source = idx, path = \"" + directory + "/cut\" }\n");
        write("images.conf", "model.layers = [4, 3]\ndata { source = images, path = \"" + directory + "/folders\" }\n");
        write(
                "graph.conf",
                "model { model = samediff, file = \"" + directory + "/digits.conf\",\n"
                        + "  input_name = x, label_name = y, loss_name = l,"
                        + " output_name = z, classes = 10 }\n"
                        + "data.source = digits\n");
        write("experiment.conf", "kind = no-such-kind\n");
        write("a-file", "");
        write("rows.csv", "a,b,label\n1,2,0\n3,4,1\n");
        write("text.csv", "a,b,label\n1,2,cat\n3,4,dog\n5,6,emu\n7,8,emu\n9,8,emu\n8,9,emu\n");
        write("fractions.csv", "a,b,label\n1,2,0.5\n3,4,0.5\n");
        write("gap.csv", "a,b,label\n1,,0\n3,4,1\n");
        write("no-rows.csv", "a,b,label\n");
        for (String format : List.of("csv", "parquet")) {
            write(
                    format + ".conf",
                    "model.layers = [2, 2]\ndata { source = " + format + ", path = \"" + directory
                            + "/text.csv\", test_share = 0.5 }\n");
        }
        write(
                "prepared.conf",
                "model.layers = [2, 2]\ndata { source = prepared, path = \"" + directory + "/taken\" }\n");
        Files.createDirectories(directory.resolve("taken"));
        write("taken/config.json", "{}");
        Path cut = Files.createDirectory(directory.resolve("cut"));
        for (String name : List.of("train", "t10k")) {
            Files.write(
                    cut.resolve(name + "-images-idx3-ubyte"),
                    new byte[] {0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 2});
            Files.write(cut.resolve(name + "-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 9});
        }
        for (String side : List.of("train", "test")) {
            write("folders/" + side + "/cat/a.png", "no image");
        }
        write("no-model/model.json", "{\"format\": 99}");
        for (String name : List.of("case.json", "parameters.npz", "direction.npz", "data.npz")) {
            Files.copy(GOLDEN.resolve(name), directory.resolve(name));
        }
        Map<String, NpzFile.Array> arrays = new LinkedHashMap<>(
                NpzFile.read(directory.resolve("data.npz").toString()).arrays());
        arrays.remove("y");
        NpzFile.write(directory.resolve("no-labels.npz").toString(), arrays);
    }

    private static void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Kind train(String what, String args, String names) {
        return new Kind(what, Train::run, args + " --output @/run", names);
    }

    private static Kind set(String what, String set, String names) {
        return train(what, "@/digits.conf --set " + set, names);
    }

    private static Kind summarize(String what, String args, String names) {
        return new Kind(what, Summarize::run, args, names);
    }

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(jobFiles());
        kinds.addAll(values());
        kinds.addAll(data());
        kinds.addAll(otherJobs());
        kinds.addAll(tables());
        kinds.addAll(conversions());
        return kinds;
    }

    private static List<Kind> jobFiles() {
        return List.of(
                train("a job file that is not there", "@/none.conf", "none.conf|expected a configuration file"),
                train("a job file with a syntax error", "@/syntax.conf", "syntax.conf:|syntax error"),
                train("a key that nobody knows", "@/unknown-key.conf", "unknown-key.conf:3|trainig|'training'"),
                new Kind("no job file", Train::run, "", "command line|CONF"),
                new Kind("an option that nobody knows", Train::run, "@/digits.conf --epochs 3", "--epochs"),
                new Kind("an override without a value", Train::run, "@/digits.conf --set training.epochs", "--set"),
                new Kind("an output that holds a run", Train::run, "@/digits.conf --output @/taken", "taken|--resume"),
                new Kind("an output inside a file", Train::run, "@/digits.conf --output @/a-file/run", "a-file/run"),
                new Kind("nothing to resume", Train::run, "@/digits.conf --resume --output @/none", "none|resume"),
                new Kind(
                        "a master of no cluster manager",
                        Train::run,
                        "@/digits.conf --master sparky --output @/run",
                        "--master|sparky|local[*]"));
    }

    private static List<Kind> values() {
        return List.of(
                set("a word for a number", "training.batch=ten", "training.batch|ten|int"),
                set("a fraction for a whole number", "training.epochs=2.5", "training.epochs|2.5"),
                set("a number out of range", "optimizer.mom_lrs=1", "optimizer.mom_lrs|[0, 1)"),
                set("a negative damping", "optimizer.damping=-1", "optimizer.damping|> 0"),
                set("an optimizer of no such name", "optimizer.name=lbfgs", "optimizer.name|l-bfgs"),
                set("an optimizer without the rate it needs", "optimizer.name=sgd", "optimizer.lr|sgd needs it"),
                set("a model of no such name", "model.model=resnet", "model.model|resnet18"),
                set("layers that do not take the rows", "model.layers=[100,10]", "model.layers|64"),
                set("layers that do not give the classes", "model.layers=[64,7]", "model.layers|10 classes"),
                set("one layer alone", "model.layers=[64]", "model.layers|two or more"),
                set("an activation of no such name", "model.activation=tan", "model.activation|tanh"),
                set("a loss that classes do not have", "model.loss=mse", "model.loss|nll"),
                set("a batch of more than all rows", "training.batch=1501", "training.batch|1500"),
                set("a partition of no such name", "partition=layers", "partition|layers|canonical"),
                set("a partition into more blocks than tensors", "partition=blocks-9", "partition|blocks-9|4"),
                set("a parameter of no such name", "partition=[[layers.7.weight]]", "partition|layers.7.weight"),
                set("a precision of no such name", "dtype=half", "dtype|half|float"),
                set("no shards", "data.partitions=0", "data.partitions|0"),
                set("a source of no such name", "data.source=cifar", "data.source|cifar"));
    }

    private static List<Kind> data() {
        return List.of(
                train("a data directory that is not there", "@/no-source.conf", "none|no such"),
                train("a data file that was cut off", "@/cut.conf", "cut/train-images-idx3-ubyte"),
                train("an image that is none", "@/images.conf", "folders/train/cat/a.png|JPEG or PNG"),
                train("a graph file that is none", "@/graph.conf", "digits.conf"));
    }

    private static List<Kind> otherJobs() {
        String files = "--parameters=@/parameters.npz --direction=@/direction.npz --output=@/out.json ";
        return List.of(
                new Kind("a model that is not there", Evaluate::run, "--model @/none", "none/model.json"),
                new Kind("a model of a version to come", Evaluate::run, "--model @/no-model", "model.json|format|99"),
                new Kind("an experiment of no such kind", Experiment::run, "@/experiment.conf", "kind|no-such-kind"),
                summarize("an array that is missing", "@/case.json " + files + "--data=@/no-labels.npz", "'y'"),
                summarize("a file that is no .npz", "@/case.json " + files + "--data=@/case.json", "case.json|.npz"),
                summarize("an order of zero", "@/case.json " + files + "--data=@/data.npz --order=0", "--order|1"));
    }

    /** Rows of CSV files; some are met by Spark's own tasks. */
    private static List<Kind> tables() {
        return List.of(
                prepare("a format of no such name", "json @/rows.csv", "json|csv"),
                prepare("a table that is not there", "csv @/none.csv", "none.csv"),
                prepare("a column that is missing", "csv @/rows.csv --label class", "'class'|'a', 'b', 'label'"),
                train("labels of more classes than the model", "@/csv.conf", "'label'|3 values: 'cat'"),
                prepare("labels of one class", "csv @/fractions.csv", "'label'|0.5"),
                prepare("a value that is missing", "csv @/gap.csv", "'|null"),
                train(
                        "a feature that no column is",
                        "@/csv.conf --set data.features=[nope]",
                        "'nope'|'a', 'b', 'label'"),
                train(
                        "the label among the features",
                        "@/csv.conf --set data.features=[a,label]",
                        "data.features|'label'"),
                train("a category that is no feature", "@/csv.conf --set data.categories=[c]", "'c'|'a', 'b'"),
                train(
                        "a gap where none may be",
                        "@/csv.conf --set data.path=@/gap.csv --set data.handle_invalid=error",
                        "'b'|no value in 1 of 1 rows|data.handle_invalid"),
                set("a scale of no such name", "data.scaling=log", "data.scaling|robust"),
                set("no categories", "data.max_categories=0", "data.max_categories|0"),
                set("hidden layers beside layers", "model.hidden_layers=[3]", "model.hidden_layers|layers"),
                prepare("a table without rows", "csv @/no-rows.csv", "no-rows.csv|no rows"),
                prepare("shares above one", "csv @/rows.csv --split 0.9,0.2,0.1", "--split|0.9"),
                new Kind("prepared data over a directory", PrepareData::run, "digits --output @/taken", "taken"),
                train("a table as another format", "@/parquet.conf", "text.csv|parquet"),
                train("prepared data that are none", "@/prepared.conf", "taken/manifest.json"));
    }

    private static Kind prepare(String what, String args, String names) {
        return new Kind(what, PrepareData::run, args + " --output @/prepared", names);
    }

    private static List<Kind> conversions() {
        return List.of(
                new Kind("a report of no run", Report::run, "@/none", "none"),
                new Kind("a report of a directory that is no run", Report::run, "@/folders", "folders"),
                new Kind(
                        "a format to write of no such name",
                        Convert::run,
                        "--to torch --model @/none --output @/new",
                        "--to|torch|onnx"),
                new Kind(
                        "a model to convert that is not there",
                        Convert::run,
                        "--to onnx --model @/none --output @/new",
                        "none/model.json"),
                new Kind(
                        "parameters of another model",
                        Convert::run,
                        "--from npz @/case.json --parameters @/data.npz --output @/new",
                        "data.npz|x, y|layers.0.weight"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void isSaidInTwoLinesAtMostAndLeavesNothingBehind(Kind kind) throws IOException {
        Set<String> before = files();
        String[] args = kind.args.isEmpty()
                ? new String[0]
                : kind.args.replace("@", directory.toString()).split(" ");
        JobRun run = JobRun.of(kind.main, args);
        assertEquals(2, run.exitCode(), run.err());
        assertEquals("", run.out());
        List<String> lines = run.err().lines().toList();
        assertTrue(lines.size() <= 2 && lines.get(0).startsWith("error: "), run.err());
        for (String name : kind.names.split("\\|")) {
            assertTrue(run.err().contains(name), name + " in: " + run.err());
        }
        assertEquals(before, files());
    }

    @Test
    void theyAreFortyOrMore() {
        assertTrue(kinds().stream().map(Kind::what).distinct().count() >= KINDS, kinds().size() + " kinds");
    }

    private static Set<String> files() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path root : List.of(directory, Path.of("runs"))) {
            if (Files.exists(root)) {
                try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
                    files.forEach(file -> names.add(file.toString()));
                }
            }
        }
        return names;
    }
}

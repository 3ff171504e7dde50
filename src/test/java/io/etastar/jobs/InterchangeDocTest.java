package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.ColumnEncoding.Kind;
import io.etastar.table.Scale;
import io.etastar.table.TableEncoding;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.PythonProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The round trip of {@code docs/interchange.md} with PyTorch itself. */
class InterchangeDocTest {
    private static final String PERCEPTRON =
            "{\"model\":\"perceptron\",\"layers\":[64,64,10],\"activation\":\"tanh\",\"loss\":\"nll\"}";

    @TempDir
    Path directory;

    @Test
    void thereAndBackByPytorch() throws IOException, InterruptedException {
        PythonProgram python = PythonProgram.with("numpy", "torch");
        ModelDescription description = new ModelDescription(PERCEPTRON);
        Model model = description.build(DType.DOUBLE);
        StoredModel stored = new StoredModel(
                PERCEPTRON,
                model.layout(),
                RawArray.copyOf(DType.FLOAT, description.initialParameters(1)),
                null,
                null,
                10);
        ModelDirectory.write(path("a"), stored);
        convert("--to", "npz", "--model", path("a"), "--output", path("a.npz"));
        String logits = python.run(directory, program(0) + "print(*model(torch.arange(64) / 64).tolist())\n")
                .get(0);
        assertArrayEquals(
                outputs(
                        model,
                        stored,
                        IntStream.range(0, 64).mapToDouble(i -> i / 64.0).toArray()),
                Arrays.stream(logits.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray(),
                1e-5);
        convert("--from", "npz", path("a"), "--parameters", path("b.npz"), "--output", path("b"));
        assertArrayEquals(
                Files.readAllBytes(directory.resolve("a/model/parameters.bin")),
                Files.readAllBytes(directory.resolve("b/model/parameters.bin")));
    }

    /** Two columns: one of numbers with gaps, one of ten categories, which is embedded. */
    @Test
    void columnsOfATableGoToPytorch() throws IOException, InterruptedException {
        PythonProgram python = PythonProgram.with("numpy", "torch", "pandas");
        List<String> towns = IntStream.range(0, 10).mapToObj(i -> "t" + i).toList();
        TableEncoding table = new TableEncoding(
                List.of(
                        new ColumnEncoding("town", Kind.CATEGORY, List.of(), false, towns, 0),
                        new ColumnEncoding("age", Kind.NUMBER, List.of(Scale.linear(40, 8)), true, List.of(), 0)),
                TableEncoding.Invalid.KEEP);
        int width = table.columns().get(0).embeddingWidth();
        ModelDescription description = new ModelDescription(
                "{\"model\":\"perceptron\",\"layers\":[3,6,2],\"embeddings\":[11],\"embedding_widths\":[" + width
                        + "],\"activation\":\"tanh\",\"loss\":\"nll\"}");
        Model model = description.build(DType.DOUBLE);
        StoredModel stored = new StoredModel(
                description.json(),
                model.layout(),
                RawArray.copyOf(DType.FLOAT, description.initialParameters(3)),
                null,
                null,
                2,
                table);
        ModelDirectory.write(path("a"), stored);
        convert("--to", "npz", "--model", path("a"), "--output", path("penguins.npz"));
        String program = "import sys\nsys.path.insert(0, '" + Path.of("python").toAbsolutePath()
                + "')\nimport pandas\n"
                + "frame = pandas.DataFrame({'age': [52, None], 'town': ['t7', 'elsewhere']})\n"
                + program(1).replace("runs/penguins", path("a"))
                + "print(*model(torch.from_numpy(encoder.encode(frame))).flatten().tolist())\n";
        String logits = python.run(directory, program).get(0);
        double[] found = Arrays.stream(logits.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertArrayEquals(outputs(model, stored, 1.5, 0, 7), Arrays.copyOf(found, 2), 1e-5);
        assertArrayEquals(outputs(model, stored, 0, 1, 10), Arrays.copyOfRange(found, 2, 4), 1e-5);
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void convert(String... arguments) {
        JobRun job = JobRun.of(Convert::run, arguments);
        assertEquals(0, job.exitCode(), job.err());
    }

    /** A program of the page. */
    private static String program(int index) throws IOException {
        Matcher matcher =
                Pattern.compile("(?s)```python\n(.*?)```").matcher(Files.readString(Path.of("docs/interchange.md")));
        for (int i = 0; i <= index; i++) {
            assertTrue(matcher.find(), "docs/interchange.md: program " + index);
        }
        return matcher.group(1);
    }

    private static double[] outputs(Model model, StoredModel stored, double... x) {
        try (Program program = Program.compile(model, DType.DOUBLE, 1, null)) {
            program.setParameters(RawArray.of(stored.theta().toDoubles()));
            Shard row = new Shard(1, RawArray.of(x), RawArray.zeros(DType.DOUBLE, 1));
            return program.outputs(row, new int[] {0}).toDoubles();
        }
    }
}

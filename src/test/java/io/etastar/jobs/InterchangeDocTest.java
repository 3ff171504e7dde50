package io.etastar.jobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.PythonProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        String logits = python.run(directory, program() + "print(*model(torch.arange(64) / 64).tolist())\n")
                .get(0);
        assertArrayEquals(
                outputs(model, stored),
                Arrays.stream(logits.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray(),
                1e-5);
        convert("--from", "npz", path("a"), "--parameters", path("b.npz"), "--output", path("b"));
        assertArrayEquals(
                Files.readAllBytes(directory.resolve("a/model/parameters.bin")),
                Files.readAllBytes(directory.resolve("b/model/parameters.bin")));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static void convert(String... arguments) {
        JobRun job = JobRun.of(Convert::run, arguments);
        assertEquals(0, job.exitCode(), job.err());
    }

    /** The first program of the page. */
    private static String program() throws IOException {
        Matcher matcher =
                Pattern.compile("(?s)```python\n(.*?)```").matcher(Files.readString(Path.of("docs/interchange.md")));
        matcher.find();
        return matcher.group(1);
    }

    private static double[] outputs(Model model, StoredModel stored) {
        double[] x = new double[64];
        Arrays.setAll(x, i -> i / 64.0);
        try (Program program = Program.compile(model, DType.DOUBLE, 1, null)) {
            program.setParameters(RawArray.of(stored.theta().toDoubles()));
            Shard row = new Shard(1, RawArray.of(x), RawArray.zeros(DType.DOUBLE, 1));
            return program.outputs(row, new int[] {0}).toDoubles();
        }
    }
}

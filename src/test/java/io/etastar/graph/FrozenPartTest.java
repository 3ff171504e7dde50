package io.etastar.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.onnx.OnnxFiles;
import io.etastar.interchange.OnnxFile;
import io.etastar.interchange.SameDiffFile;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.storage.ModelDirectory;
import io.etastar.storage.StoredModel;
import io.etastar.taylor.OperationCount;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four dense layers from a file, of which the first and the third are frozen. */
class FrozenPartTest {
    private static final int IN = 3;
    private static final int OUT = 2;
    private static final int ROWS = 4;
    private static final String FROZEN = ",\"frozen\":[\"first\",\"third\"]";

    @TempDir
    Path directory;

    /** x [N, 3] through layers of {@code width} to [N, 2]. */
    private ModelDescription network(int width, String more) throws IOException {
        OnnxFiles file = new OnnxFiles(IN);
        String before = "x";
        String[] names = {"first", "second", "third", "fourth"};
        int[] sides = {IN, width, width, width, OUT};
        for (int i = 0; i < names.length; i++) {
            double[] values = new Random(i)
                    .doubles((long) sides[i] * sides[i + 1], -1, 1)
                    .map(value -> value / Math.sqrt(width))
                    .toArray();
            file.array(names[i], new long[] {sides[i], sides[i + 1]}, values)
                    .node("MatMul", before + "," + names[i], "product" + i)
                    .node("Tanh", "product" + i, "layer" + i);
            before = "layer" + i;
        }
        Path path = file.write(directory.resolve(width + ".onnx"), before);
        return new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path + "\",\"loss\":\"mse\"" + more + "}")
                .loaded();
    }

    private static Shard rows() {
        return new Shard(
                ROWS,
                RawArray.of(new Random(7).doubles(ROWS * IN, -1, 1).toArray()),
                RawArray.of(new Random(8).doubles(ROWS * OUT, -1, 1).toArray()));
    }

    private static Program program(ModelDescription description, Partition partition) {
        Program program = Program.compile(description.build(DType.DOUBLE), DType.DOUBLE, 2, partition);
        program.setParameters(description.initial());
        return program;
    }

    private static double[] gradient(ModelDescription description) {
        try (Program program = program(description, null)) {
            return program.gradient(rows(), all()).meanGradient();
        }
    }

    private static int[] all() {
        return IntStream.range(0, ROWS).toArray();
    }

    private static DerivativeSummary summary(ModelDescription description, double... direction) {
        Partition partition = Partitions.parse("canonical", description.build().layout());
        try (Program program = program(description, partition)) {
            program.setDirection(RawArray.of(direction));
            return program.summary(rows(), all());
        }
    }

    @Test
    void derivativesAreThoseOfTheWholeNetworkWithoutTheFrozenPart() throws IOException {
        int width = 20;
        ModelDescription whole = network(width, "");
        ModelDescription part = network(width, FROZEN);
        assertEquals(width * width, part.build().constants().layout().size());
        double[] gradient = gradient(whole);
        int second = IN * width;
        int third = second + width * width;
        double[] expected = IntStream.concat(
                        IntStream.range(second, third), IntStream.range(third + width * width, gradient.length))
                .mapToDouble(i -> gradient[i])
                .toArray();
        assertArrayEquals(expected, gradient(part), 1e-15);
        DerivativeSummary all = summary(whole, gradient);
        DerivativeSummary some = summary(part, expected);
        for (int s = 0; s < 2; s++) {
            for (int t = 0; t < 2; t++) {
                assertEquals(all.mean().h()[2 * s + 1][2 * t + 1], some.mean().h()[s][t], 1e-15);
            }
            assertEquals(all.mean().order3()[2 * s + 1], some.mean().order3()[s], 1e-15);
        }
    }

    /** The first layer costs its value alone, the third its value, an adjoint and tangents of what comes before. */
    @Test
    void theFrozenPartCostsNoTangentsAndNoAdjointsOfItsOwn() throws IOException {
        int width = 20;
        Model model = network(width, FROZEN).build();
        Partition canonical = Partitions.parse("canonical", model.layout());
        double first = 2 * IN * width;
        double middle = 2 * width * width;
        double last = 2 * width * OUT;

        assertEquals(first + 3 * middle + 2 * middle + 3 * last, OperationCount.gradient(model));
        assertEquals(
                first + (3 + 1) * middle + (2 + 2) * middle + (3 + 2 + 1) * last,
                OperationCount.summary(model, canonical, Curvature.HESSIAN));
        assertEquals(
                first + (1 + 1) * middle + (1 + 1) * middle + (1 + 1 + 1) * last,
                OperationCount.summary(model, canonical, Curvature.GGN));
    }

    /** 2.1 million frozen numbers, 17 MB in double precision. */
    @Test
    void aFrozenPartOfAnySizeIsStoredReadAndExported() throws IOException {
        ModelDescription description = network(1450, ",\"trainable\":[\"fourth\"]");
        assertTrue(
                description.json().length() < 1 << 16, "" + description.json().length());
        StoredModel stored = SameDiffFile.read(description);
        String run = directory.resolve("run").toString();
        ModelDirectory.write(run, stored);
        StoredModel read = ModelDirectory.read(run);
        assertArrayEquals(
                gradient(description), gradient(ModelDescription.of(read).startingFrom(read.theta())));
        assertEquals(4L * read.constants().length(), Files.size(Path.of(run, "model", "constants.bin")));
        assertTrue(ModelDirectory.describe(run).constants().length() > 1 << 21);
        OnnxFile.write(directory.resolve("a.onnx").toString(), read, false);
        String again = "{\"model\":\"onnx\",\"file\":\"" + directory.resolve("a.onnx")
                + "\",\"loss\":\"mse\",\"trainable\":[\"fourth\"]}";
        assertArrayEquals(gradient(description), gradient(new ModelDescription(again).loaded()), 1e-15);
        damaged(Path.of(run, "model", "constants.bin"));
    }

    private void damaged(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[5]++;
        Files.write(file, bytes);
        String run = directory.resolve("run").toString();
        assertTrue(assertThrows(UserError.class, () -> ModelDirectory.read(run))
                .getMessage()
                .contains("constants.bin: SHA-256"));
        Files.write(file, Arrays.copyOf(bytes, 8));
        assertTrue(assertThrows(UserError.class, () -> ModelDirectory.read(run))
                .getMessage()
                .contains("constants.bin: found 8 bytes"));
        Files.delete(file);
        assertTrue(assertThrows(UserError.class, () -> ModelDirectory.read(run))
                .getMessage()
                .contains("constants.bin: no such file"));
    }

    @Test
    void aRecipeWithoutItsConstantsIsRefused() throws IOException {
        ModelDescription description = network(20, FROZEN);
        assertTrue(assertThrows(UserError.class, () -> new ModelDescription(description.json()).build())
                .getMessage()
                .contains("model.constants: found 0 values, expected 400"));
    }
}

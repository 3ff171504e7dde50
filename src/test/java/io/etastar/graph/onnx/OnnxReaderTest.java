package io.etastar.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxReaderTest {
    private static final double[] W = {0.5, -1, 2, 0.25, 1.5, -0.75};

    @TempDir
    Path directory;

    private static OnnxFiles dense() {
        return new OnnxFiles(3).array("w", new long[] {2, 3}, W).node("Gemm", "x,w", "out", "transB=1");
    }

    private ModelDescription read(OnnxFiles file, String more) throws IOException {
        Path path = file.write(directory.resolve("a.onnx"), "out");
        return new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path + "\",\"loss\":\"mse\"" + more + "}")
                .loaded();
    }

    private static double[] outputs(ModelDescription description, int rows, double... x) {
        Model model = description.build();
        int targets = (int)
                java.util.Arrays.stream(model.graph().getVariable(model.label()).placeholderShape())
                        .skip(1)
                        .reduce(1, (a, b) -> a * b);
        Shard shard = new Shard(rows, RawArray.of(x), RawArray.of(new double[rows * targets]));
        try (Program program = Program.compile(model, DType.DOUBLE, 2, null)) {
            program.setParameters(description.initial());
            return program.outputs(shard, IntStream.range(0, rows).toArray()).toDoubles();
        }
    }

    private void refused(OnnxFiles file, String more, String found, String expected) {
        UserError error = assertThrows(UserError.class, () -> read(file, more));
        assertTrue(error.getMessage().contains(found), error.getMessage());
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void parametersKeepTheirLayout() throws IOException {
        ModelDescription description = read(dense(), "");
        assertEquals(List.of("w"), description.build().layout().names());
        assertArrayEquals(new int[] {2, 3}, description.build().layout().shape(0));
        assertArrayEquals(new double[] {3.5, -2.0}, outputs(description, 1, 1, -1, 1), 1e-12);
        assertTrue(description.hasLayoutsOfFile());
    }

    @Test
    void theFileItselfMayBeInTheDescription() throws IOException {
        String content = Base64.getEncoder().encodeToString(dense().bytes("out"));
        ModelDescription description =
                new ModelDescription("{\"model\":\"onnx\",\"content\":\"" + content + "\",\"loss\":\"mse\"}").loaded();
        assertEquals(
                read(dense(), "").build().layout().names(),
                description.build().layout().names());
        UserError error = assertThrows(
                UserError.class,
                () -> new ModelDescription("{\"model\":\"onnx\",\"content\":\"?\",\"loss\":\"mse\"}").loaded());
        assertEquals("model.content: found no base64, expected an ONNX file in base64", error.getMessage());
    }

    @Test
    void arraysThatExportersMadeOfAParameterAreThatParameter() throws IOException {
        double[] transposed = {0.5, 0.25, -1, 1.5, 2, -0.75};
        OnnxFiles file = new OnnxFiles(3)
                .array("onnx::MatMul_7", new long[] {3, 2}, transposed)
                .array("w", new long[] {2, 3}, W)
                .array("val_3", new long[] {2, 3}, W)
                .array("copy", new long[] {2, 3}, W)
                .node("Gemm", "x,w", "a", "transB=1")
                .node("Gemm", "x,val_3", "b", "transB=1")
                .node("MatMul", "x,onnx::MatMul_7", "c")
                .node("Gemm", "x,copy", "d", "transB=1")
                .node("Sum", "a,b,c,d", "out");
        ModelDescription description = read(file, "");
        assertEquals(List.of("w", "copy"), description.build().layout().names());
        assertArrayEquals(new double[] {14.0, -8.0}, outputs(description, 1, 1, -1, 1), 1e-12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ,"frozen":["b"] | w
                    ,"frozen":["w*"] | b
                    ,"trainable":["b"] | b
                    ,"trainable":["*"],"frozen":["b"] | w
                    """)
    void someArraysAreTrained(String keys, String expected) throws IOException {
        OnnxFiles file = new OnnxFiles(3)
                .array("w", new long[] {2, 3}, W)
                .array("b", new long[] {2}, 1, 2)
                .node("Gemm", "x,w,b", "out", "transB=1");
        ModelDescription description = read(file, keys);
        assertEquals(List.of(expected), description.build().layout().names());
        assertArrayEquals(new double[] {4.5, 0.0}, outputs(description, 1, 1, -1, 1), 1e-12);
    }

    @Test
    void settingsMasksAndScalarsAreNoParameters() throws IOException {
        OnnxFiles file = new OnnxFiles(3)
                .array("w", new long[] {2, 3}, W)
                .array("mask", new long[] {1, 2}, 0, 1)
                .array("scale", new long[0], 2)
                .array("val_7", new long[] {1}, 0.5)
                .node("Gemm", "x,w", "a", "transB=1")
                .node("Mul", "a,mask", "b")
                .node("Mul", "b,val_7", "c")
                .node("Mul", "c,scale", "out");
        assertEquals(List.of("w"), read(file, "").build().layout().names());
    }

    @Test
    void truthOfANumberIsThatItIsNotZero() throws IOException {
        OnnxFiles file = new OnnxFiles(2)
                .array("w", new long[] {2}, 3, 5)
                .node("Cast", "x", "seen", "to=9")
                .node("Cast", "seen", "real", "to=1")
                .node("Mul", "real,w", "out");
        assertArrayEquals(new double[] {3, 0}, outputs(read(file, ""), 1, -7, 0), 0);
    }

    @Test
    void severalInputsLieOneBehindAnother() throws IOException {
        OnnxFiles file = new OnnxFiles(2)
                .input("z", 1)
                .array("w", new long[] {2, 3}, W)
                .wholes("axis", 1)
                .node("Concat", "z,x", "row", "axis=1")
                .node("Gemm", "row,w", "out", "transB=1");
        // Rows (x, z) are read as (z, x).
        assertArrayEquals(new double[] {3.5, -2.0}, outputs(read(file, ""), 1, -1, 1, 1), 1e-12);
    }

    @Test
    void arraysInAFileBesideAreRead() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (double w : W) {
            bytes.putFloat((float) w);
        }
        Files.write(directory.resolve("a.data"), bytes.array());
        OnnxFiles file = new OnnxFiles(3).outside("w", "a.data", 2, 3).node("Gemm", "x,w", "out", "transB=1");
        assertArrayEquals(new double[] {3.5, -2.0}, outputs(read(file, ""), 1, 1, -1, 1), 1e-12);
        refused(
                new OnnxFiles(3).outside("w", "../a.data", 2, 3).node("Gemm", "x,w", "out", "transB=1"),
                "",
                "arrays in a file '../a.data'",
                "a file beside the model's");
    }

    @Test
    void aBinaryLossReadsLogits() throws IOException {
        OnnxFiles logits = dense();
        OnnxFiles probabilities = new OnnxFiles(3)
                .array("w", new long[] {2, 3}, W)
                .node("Gemm", "x,w", "a", "transB=1")
                .node("Sigmoid", "a", "out");
        double[] losses = new double[2];
        int i = 0;
        for (OnnxFiles file : List.of(logits, probabilities)) {
            Path path = file.write(directory.resolve(i + ".onnx"), "out");
            ModelDescription description =
                    new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path + "\",\"loss\":\"bce\"}").loaded();
            try (Program program = Program.compile(description.build(), DType.DOUBLE, 1, null)) {
                program.setParameters(description.initial());
                Shard row = new Shard(1, RawArray.of(new double[] {1, -1, 1}), RawArray.of(new double[] {1, 0}));
                losses[i++] = program.loss(row, new int[] {0}).loss();
            }
        }
        double expected = (Math.log1p(Math.exp(-3.5)) + Math.log1p(Math.exp(-2.0))) / 2;
        assertArrayEquals(new double[] {expected, expected}, losses, 1e-12);
    }

    @Test
    void classesMayLieOnAnotherAxis() throws IOException {
        OnnxFiles file = new OnnxFiles(3)
                .array("w", new long[] {2, 3}, W)
                .wholes("shape", -1, 3, 1)
                .node("Reshape", "x,shape", "column")
                .node("Mul", "column,w2", "out");
        file.array("w2", new long[] {1, 3, 2}, W);
        Path path = file.write(directory.resolve("a.onnx"), "out");
        ModelDescription description = new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path
                        + "\",\"loss\":\"nll\",\"class_axis\":1,\"trainable\":[\"w2\"]}")
                .loaded();
        Model model = description.build();
        // Two for each row, which is of none itself.
        assertEquals(0, model.classes());
        assertArrayEquals(
                new long[] {-1, 2}, model.graph().getVariable(model.label()).placeholderShape());
    }

    @Test
    void mistakesAreOneLine() {
        refused(
                new OnnxFiles(3).array("w", new long[] {3}, 1, 2, 3).node("Frobnicate", "x,w", "out"),
                "",
                "op Frobnicate at node 'out': found no rule for it",
                "expected one of Abs, Add,");
        refused(dense(), ",\"frozen\":[\"v\"]", "model.frozen: found 'v'", "arrays of the file: [w]");
        refused(dense(), ",\"frozen\":[\"w\"]", "initialisers: found none to train", "parameters among them");
        refused(dense(), ",\"output_name\":\"logits\"", "model.output_name: found 'logits'", "one of [out]");
        refused(dense(), ",\"input\":[4]", "model.input: found [4]", "[3] of input 'x'");
        refused(
                new OnnxFiles(0).array("w", new long[] {1, 3}, 1, 2, 3).node("Mul", "x,w", "out"),
                "",
                "model.input: found nothing",
                "the shape of a row of input 'x', which is [open]");
        refused(
                new OnnxFiles(2).array("w", new long[] {2, 3}, W).node("Gemm", "x,w", "out", "transB=1"),
                "",
                "found a product of [N, 2] and [2, 3]",
                "a form of the op that the engine has");
        refused(dense().node("Gemm", "x,missing", "b"), "", "input 'missing'", "a value computed before");
    }

    @Test
    void whatIsNoModelIsSaid() throws IOException {
        for (byte[] bytes : List.of("no model".getBytes(StandardCharsets.UTF_8), new byte[0])) {
            Path file = Files.write(directory.resolve("b.onnx"), bytes);
            UserError error = assertThrows(
                    UserError.class,
                    () -> new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + file + "\",\"loss\":\"nll\"}")
                            .loaded());
            assertTrue(
                    error.getMessage().endsWith("found no ONNX model, expected a file that an exporter to ONNX wrote"),
                    error.getMessage());
        }
    }
}

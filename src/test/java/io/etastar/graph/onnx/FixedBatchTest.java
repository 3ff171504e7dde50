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
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that an exporter wrote for one number of rows. */
class FixedBatchTest {
    private static final String ADVICE =
            ": torch.onnx.export writes it with dynamic_shapes=({0: torch.export.Dim(\"rows\")},)"
                    + " if the module asks for x.shape[0], not len(x)";

    @TempDir
    Path directory;

    /** A file whose input x is [rows, sides] with a learned query of two numbers. */
    private static OnnxFiles file(long rows, long... sides) {
        long[] all =
                LongStream.concat(LongStream.of(rows), LongStream.of(sides)).toArray();
        return OnnxFiles.ofFixed(all).array("w", new long[] {1, 2}, 1, 10);
    }

    private ModelDescription read(OnnxFiles file) throws IOException {
        Path path = file.write(directory.resolve("a.onnx"), "out");
        return new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path + "\",\"loss\":\"mse\"}").loaded();
    }

    private double[] outputs(OnnxFiles file, int width, double... x) throws IOException {
        ModelDescription description = read(file);
        Model model = description.build(DType.DOUBLE);
        int rows = x.length / width;
        long[] sides = model.graph().getVariable(model.label()).placeholderShape();
        int targets = (int) java.util.Arrays.stream(sides).skip(1).reduce(1, (a, b) -> a * b);
        Shard shard = new Shard(rows, RawArray.of(x), RawArray.of(new double[rows * targets]));
        try (Program program = Program.compile(model, DType.DOUBLE, 2, null)) {
            program.setParameters(description.initial());
            return program.outputs(shard, IntStream.range(0, rows).toArray()).toDoubles();
        }
    }

    private void refused(OnnxFiles file, String found, String expected) {
        UserError error = assertThrows(UserError.class, () -> read(file));
        assertTrue(error.getMessage().contains(found), error.getMessage());
        assertTrue(error.getMessage().endsWith(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void aShapeThatNamesTheBatchIsForAnyNumberOfRows() throws IOException {
        OnnxFiles file = file(4, 6).wholes("apart", 4, 3, 2).wholes("flat", 4, -1);
        file.node("Reshape", "x,apart", "a").node("Mul", "a,w", "b").node("Reshape", "b,flat", "out");
        assertArrayEquals(new double[] {1, 20, 3, 40, 5, 60}, outputs(file, 6, 1, 2, 3, 4, 5, 6), 0);
        double[] two = outputs(file, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 1, 1);
        assertArrayEquals(new double[] {1, 20, 3, 40, 5, 60, 0, 0, 0, 0, 1, 10}, two, 0);
    }

    @Test
    void theBatchStandsBehindAsManyElements() throws IOException {
        // [N, 2, 2] as [2, N, 2], then heads of one number: [2, 2 N, 1], and back.
        OnnxFiles file =
                file(4, 2, 2).wholes("heads", 2, 8, 1).wholes("back", 2, 4, 2).wholes("rows", 4, 4);
        file.node("Mul", "x,w", "a")
                .nodeOfLists("Transpose", "a", "b", "perm=1,0,2")
                .node("Reshape", "b,heads", "c");
        file.node("Reshape", "c,back", "d")
                .nodeOfLists("Transpose", "d", "e", "perm=1,0,2")
                .node("Reshape", "e,rows", "out");
        assertArrayEquals(new double[] {1, 20, 3, 40, 5, 60, 7, 80}, outputs(file, 4, 1, 2, 3, 4, 5, 6, 7, 8), 0);
    }

    @Test
    void whatRepeatsForEachRowDoesSoForAnyNumber() throws IOException {
        OnnxFiles expanded =
                file(4, 2).wholes("shape", 4, 2).node("Expand", "w,shape", "a").node("Concat", "x,a", "out", "axis=1");
        assertArrayEquals(new double[] {5, 6, 1, 10, 7, 8, 1, 10}, outputs(expanded, 2, 5, 6, 7, 8), 0);
        OnnxFiles tiled =
                file(3, 2).wholes("times", 3, 1).node("Tile", "w,times", "a").node("Concat", "x,a", "out", "axis=1");
        assertArrayEquals(new double[] {5, 6, 1, 10}, outputs(tiled, 2, 5, 6), 0);
    }

    @Test
    void whatMayBeAnotherAxisIsRefused() {
        OnnxFiles file = file(4, 4, 2).wholes("flat", -1, 2).wholes("apart", 4, 4, 2);
        file.node("Mul", "x,w", "a").node("Reshape", "a,flat", "b").node("Reshape", "b,apart", "out");
        refused(
                file,
                "[4 N, 2] as [4, 4, 2], in which the batch is axis 0 or 1",
                "a file for any number of rows, not 4" + ADVICE);
    }

    @Test
    void aNumberOfRowsThatTheFileDoesNotNameIsNotGuessed() {
        OnnxFiles file = new OnnxFiles(6).array("w", new long[] {1, 2}, 1, 10).wholes("apart", 4, 3, 2);
        file.node("Reshape", "x,apart", "a").node("Mul", "a,w", "out");
        refused(file, "op Reshape at node 'a': found [N, 6] as [4, 3, 2]", "a file for any number of rows" + ADVICE);
    }
}

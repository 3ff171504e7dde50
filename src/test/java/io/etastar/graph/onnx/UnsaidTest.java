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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing that a file says is passed over: it is computed, or refused in a line that names the node. */
class UnsaidTest {
    @TempDir
    Path directory;

    private ModelDescription read(OnnxFiles file, String more) throws IOException {
        Path path = file.write(directory.resolve("a.onnx"), "out");
        return new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path + "\",\"loss\":\"mse\"" + more + "}")
                .loaded();
    }

    private double[] outputs(OnnxFiles file, int width, double... x) throws IOException {
        ModelDescription description = read(file, "");
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

    private void refused(OnnxFiles file, String message) {
        UserError error = assertThrows(UserError.class, () -> read(file, ""));
        assertEquals(message, error.getMessage());
    }

    private static OnnxFiles pair() {
        return new OnnxFiles(2).array("w", new long[] {2}, 1, 10);
    }

    @Test
    void castsToWholeNumbersCut() throws IOException {
        OnnxFiles file = pair().node("Cast", "x", "whole", "to=7").node("Mul", "whole,w", "out");
        assertArrayEquals(new double[] {2, -10, 0, 30}, outputs(file, 2, 2.75, -1.5, -0.25, 3), 0);
        OnnxFiles floors = pair().node("Floor", "x", "a").node("Ceil", "x", "b").node("Sub", "a,b", "c");
        floors.node("Mul", "c,w", "out");
        assertArrayEquals(new double[] {-1, -10, -1, 0}, outputs(floors, 2, 2.75, -1.5, -0.25, 3), 0);
    }

    @Test
    void aCastLikeAnotherValueIsToItsType() throws IOException {
        OnnxFiles file = pair().wholes("zero", 0, 0).node("Cast", "x", "whole", "to=7");
        file.node("Greater", "x,zero", "truth")
                .node("Where", "truth,truth,truth", "same")
                .node("Transpose", "same", "moved");
        file.node("CastLike", "x,moved", "a").node("CastLike", "x,whole", "b").node("CastLike", "x,x", "c");
        file.node("Cast", "same", "number", "to=7").node("CastLike", "x,number", "d");
        file.node("Sum", "a,b,c,d", "all").node("Mul", "all,w", "out");
        assertArrayEquals(new double[] {7.5, -25}, outputs(file, 2, 2.5, -1.5), 0);
    }

    @Test
    void quotientsOfWholeNumbersAreCut() throws IOException {
        OnnxFiles file = pair().wholes("three", 3)
                .wholes("two", 2)
                .node("Cast", "x", "whole", "to=7")
                .node("Add", "whole,two", "more")
                .node("Div", "more,three", "quotient")
                .node("Mul", "quotient,w", "out");
        assertArrayEquals(new double[] {1, -10, 3, 0}, outputs(file, 2, 3, -5, 7, -4), 0);
    }

    @Test
    void quotientsAndRemaindersAreExact() throws IOException {
        for (int y : new int[] {7, -7, 41, 49, 1000}) {
            OnnxFiles file = new OnnxFiles(1)
                    .array("w", new long[] {1}, 1)
                    .wholes("y", y)
                    .node("Cast", "x", "whole", "to=7");
            file.node("Div", "whole,y", "quotient")
                    .node("Mod", "whole,y", "rest")
                    .node("Mod", "whole,y", "size", "fmod=1");
            file.node("Concat", "quotient,rest,size", "all", "axis=1").node("Mul", "all,w", "out");
            for (long x : new long[] {0, 1, 6, 7, 40, 41, 49, 50, 999, 1000, -1, -7, -8, -49, -1001, 4_000_000}) {
                double[] expected = {x / y, Math.floorMod(x, y), x % y};
                assertArrayEquals(expected, outputs(file, 1, x), 0, x + " by " + y);
            }
        }
    }

    @Test
    void remaindersOfRealNumbersStayBelowTheDivisor() throws IOException {
        OnnxFiles file = pair().array("y", new long[] {2}, 49, -0.75).node("Mod", "x,y", "a", "fmod=0");
        file.node("Mod", "x,y", "b", "fmod=1").node("Concat", "a,b", "c", "axis=1");
        file.array("v", new long[] {4}, 1, 10, 1, 10).node("Mul", "c,v", "out");
        assertArrayEquals(new double[] {0, -2.5, 0, 5}, outputs(file, 2, 49, 0.5), 1e-12);
        assertArrayEquals(new double[] {48.5, 0, -0.5, 0}, outputs(file, 2, -0.5, -1.5), 1e-12);
    }

    @Test
    void roundingIsToTheEvenOne() throws IOException {
        OnnxFiles file = pair().node("Round", "x", "a").node("Mul", "a,w", "out");
        assertArrayEquals(new double[] {2, 20, 4, -20, 0, 30}, outputs(file, 2, 2.5, 1.5, 3.51, -2.49, -0.5, 3), 0);
    }

    @Test
    void computedIndicesPickOnAnyAxis() throws IOException {
        OnnxFiles file = new OnnxFiles(1)
                .array("t", new long[] {2, 4}, 0, 1, 2, 3, 10, 11, 12, 13)
                .wholes("four", 4);
        file.node("Cast", "x", "whole", "to=7")
                .node("Mod", "whole,four", "index")
                .node("Gather", "t,index", "a", "axis=1");
        file.node("Squeeze", "a", "b").node("Transpose", "b", "out");
        assertArrayEquals(new double[] {1, 11, 3, 13, 2, 12, 0, 10}, outputs(file, 1, 5, 7, 2, -4), 0);
    }

    @Test
    void anAttributeThatNobodyReadsIsAnError() {
        refused(
                pair().node("Relu", "x", "a", "slope=2").node("Mul", "a,w", "out"),
                "model.file: op Relu at node 'a': found attribute 'slope', expected only attributes that the engine has a rule for");
        refused(
                pair().node("Relu", "x,w", "a").node("Mul", "a,w", "out"),
                "model.file: op Relu at node 'a': found an input 1, expected only inputs that the engine has a rule for");
        refused(
                pair().node("LeakyRelu", "x", "a", "alpha=2").node("Mul", "a,w", "out"),
                "model.file: op LeakyRelu at node 'a': found attribute 'alpha' of type INT, expected type FLOAT");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Cast | x | to=8 | type 8 of ONNX | numbers of 8 to 64 bits or truth
                    Cast | x | | no attribute 'to' | one
                    IsNaN | x | | what the network computes | a constant, or what a softmax gives
                    IsInf | x | | an input 0 that depends on the data or on parameters | a constant
                    LpNormalization | x | p=3 | p 3 | 1 or 2
                    ReduceL2 | x | noop_with_empty_axes=1 | no axes, which are to be none | axes
                    CumSum | x,zero | | the axis of the batch | a form of the op that the engine has
                    """)
    void whatIsNotComputedIsRefused(String op, String inputs, String attribute, String found, String expected) {
        String[] attributes = attribute == null ? new String[0] : new String[] {attribute};
        OnnxFiles file = pair().wholes("one", 1).wholes("zero", 0).node(op, inputs, "a", attributes);
        refused(
                file.node("Mul", "a,w", "out"),
                "model.file: op " + op + " at node 'a': found " + found + ", expected " + expected);
    }

    @Test
    void theNumberOfRowsIsNoNumberOfTheNetwork() {
        refused(
                pair().wholes("first", 0)
                        .node("Shape", "x", "shape")
                        .node("Gather", "shape,first", "rows")
                        .node("Cast", "rows", "real", "to=1")
                        .node("Div", "x,real", "a")
                        .node("Mul", "a,w", "out"),
                "model.file: op Div at node 'a': found arithmetic with the number of rows of the batch, expected a form of the op that the"
                        + " engine has");
    }

    @Test
    void placesOutsideAnAxisAreRefused() {
        refused(
                pair().wholes("place", 2)
                        .node("Gather", "x,place", "a", "axis=1")
                        .node("Mul", "a,w", "out"),
                "model.file: op Gather at node 'a': found place 2 on an axis of 2, expected a form of the op that the engine has");
    }

    @Test
    void aFileMayListItsArraysAmongTheInputs() {
        OnnxFiles file =
                new OnnxFiles(2).array("w", new long[] {2, 3}, 1, 2, 3, 4, 5, 6).listed("w", 2, 3);
        refused(
                file.node("Gemm", "x,w", "out", "transB=1"),
                "model.file: op Gemm at node 'out': found a product of [N, 2] and [2, 3], expected a form of the op that the engine has");
    }

    @Test
    void aSoftmaxOverNothingIsNan() throws IOException {
        // Scores of a row are masked where its features are below 0.
        OnnxFiles file = new OnnxFiles(2)
                .array("w", new long[] {2}, 1, 1)
                .array("zero", new long[0], 0)
                .array("none", new long[0], Double.NEGATIVE_INFINITY)
                .node("Greater", "x,zero", "seen")
                .node("Mul", "x,w", "scores")
                .node("Where", "seen,scores,none", "masked")
                .node("Softmax", "masked", "weights", "axis=-1")
                .node("IsNaN", "weights", "nan")
                .node("Where", "nan,zero,weights", "out");
        double half = 1 / (1 + Math.exp(-1));
        assertArrayEquals(new double[] {half, 1 - half, 0, 0, 0, 1}, outputs(file, 2, 2, 1, -1, -2, -1, 5), 1e-12);
    }

    @Test
    void aMaskOfTheSmallestNumberIsNotInfinite() throws IOException {
        OnnxFiles file = new OnnxFiles(2)
                .array("w", new long[] {2}, 1, 1)
                .array("zero", new long[0], 0)
                .array("mask", new long[] {1, 2}, -Float.MAX_VALUE, -Float.MAX_VALUE)
                .node("Mul", "x,w", "scores")
                .node("Add", "scores,mask", "masked")
                .node("Softmax", "masked", "weights", "axis=-1")
                .node("IsNaN", "weights", "nan")
                .node("Where", "nan,zero,weights", "out");
        assertArrayEquals(new double[] {0.5, 0.5}, outputs(file, 2, 2, 1), 1e-12);
    }

    @Test
    void largerOfAVeryLowNumberKeepsAllDigits() throws IOException {
        OnnxFiles file = pair().array("low", new long[] {1}, -Float.MAX_VALUE)
                .node("Max", "x,low", "a")
                .node("Mul", "a,w", "out");
        assertArrayEquals(new double[] {0.1, -20}, outputs(file, 2, 0.1, -2), 1e-15);
    }

    @Test
    void inputsBeginWithTheSameRows() {
        OnnxFiles file = pair().fixed("z", 3, 2).node("Mul", "x,w", "a").node("Add", "a,z", "out");
        refused(file, "model.file: input 'z': found rows [3] first, expected the rows of the batch as of 'x', [open]");
    }

    @Test
    void theSoftmaxAtTheEndIsOfTheClasses() throws IOException {
        OnnxFiles file = new OnnxFiles(2, 3)
                .array("w", new long[] {3}, 1, 2, 3)
                .node("Mul", "x,w", "a")
                .node("Softmax", "a", "out", "axis=1");
        Path path = file.write(directory.resolve("a.onnx"), "out");
        ModelDescription description =
                new ModelDescription("{\"model\":\"onnx\",\"file\":\"" + path + "\",\"loss\":\"nll\"}");
        UserError error = assertThrows(UserError.class, description::loaded);
        assertTrue(
                error.getMessage().endsWith("class_axis: found -1, expected the axis of the softmax at the end, 1"),
                error.getMessage());
    }
}

package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Permutation;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of sums, indices and what else is neither elementwise nor algebra. */
public abstract class SumsContract extends KernelsFixture {
    /** Runs a kernel to its end. */
    private void run(Kernel kernel) {
        kernel.run();
        kernels.synchronise();
    }

    @Test
    void doublesAreZeroAndKeepTheirPrecision() {
        Doubles doubles = kernels.allocateDoubles(3);
        assertArrayEquals(new double[3], doubles.toDoubles());
        doubles.write(0.1, Math.PI);
        assertArrayEquals(new double[] {0.1, Math.PI, 0}, doubles.toDoubles());
        doubles.clear();
        assertArrayEquals(new double[3], doubles.toDoubles());
    }

    @Test
    void indicesAreWrittenAndCopied() {
        int[] source = {5, -1, 7};
        Indices constant = kernels.indices(source);
        source[0] = 9;
        assertArrayEquals(new int[] {5, -1, 7}, constant.toInts());
        Indices changing = kernels.allocateIndices(3);
        assertArrayEquals(new int[3], changing.toInts());
        changing.write(4, 3);
        assertArrayEquals(new int[] {4, 3, 0}, changing.toInts());
    }

    @Test
    void addAtReachesBothPlaces() {
        Doubles sums = doubles(4, 0.1);
        Tensor values = of(new double[] {1, 2, 4}, 3);
        run(kernels.addAt(values, new int[] {3, 0, 1}, new int[] {0, 3, 1}, sums));
        assertArrayEquals(new double[] {0.1 + 2 + 1, 0.1 + 4 + 4, 0.1, 0.1 + 1 + 2}, sums.toDoubles());
        run(kernels.addAt(values, new int[] {3, 0, 1}, new int[] {}, sums));
        assertEquals(0.1 + 2 + 1 + 2, sums.toDoubles()[0]);
    }

    @Test
    void weightedSumsLeaveOutRowsOfWeightZero() {
        int n = 130;
        Tensor weights = random(n);
        Tensor stack = random(3, n);
        weights.fill(7, 8, 0);
        stack.fill(n + 7, n + 8, Double.NaN);
        double[] expected = {2, 2, 2, 2};
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 3 && i != 7; k++) {
                expected[1 + k] += weights.get(i) * stack.get(k * n + i);
            }
        }
        Doubles sums = doubles(4, 2);
        run(kernels.weightedSums(weights, stack, sums, 1));
        assertArrayEquals(expected, sums.toDoubles(), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sampleSumsCountTheFirstOfEqualOutputs(boolean classes) {
        Tensor weights = of(new double[] {1, 0, 2, 0.5}, 4);
        Tensor losses = of(new double[] {3, Double.NaN, -1, 8}, 4);
        Tensor outputs = of(new double[] {0, 5, 5, 9, 1, 1, 2, 2, 1, 0, 0, 4}, 4, 3);
        Tensor targets = of(new double[] {1, 0, 0, 1}, 4);
        Doubles sums = doubles(SampleSums.COUNT, 0);
        Kernel kernel = kernels.sampleSums(new SampleSums(weights, losses, outputs, targets, classes, sums));
        run(kernel);
        run(kernel);
        assertArrayEquals(new double[] {7, 10, classes ? 6 : 0}, sums.toDoubles());
    }

    @Test
    void pickedRowsAreElements() {
        Indices out = kernels.allocateIndices(6);
        run(kernels.pickRows(of(new double[] {2, 0, 2}, 3), 3, "rows", out));
        assertArrayEquals(new int[] {4, 5, 0, 1, 4, 5}, out.toInts());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 3, 0.5, Double.NaN, 1e10})
    void pickedRowsMustBeThere(double row) {
        Indices picked = kernels.allocateIndices(2);
        Kernel kernel = kernels.pickRows(of(new double[] {0, row}, 2), 3, "words", picked);
        String message =
                assertThrows(IllegalArgumentException.class, () -> run(kernel)).getMessage();
        assertEquals("found index " + rounded(row) + " for 'words', expected 0 to 2", message);
        kernels.synchronise();
        assertTrue(IntStream.of(picked.toInts()).allMatch(at -> at >= 0 && at < 3), "elements of the table");
    }

    /** In double precision 1 + 1e16 is 1e16. */
    @Test
    void scatteredElementsAreAddedByRisingIndex() {
        Tensor in = of(new double[] {1, 1e16, -1e16}, 3);
        Tensor out = output(2);
        for (int times = 0; times < 4; times++) {
            run(kernels.scatterWinners(in, kernels.indices(1, 1, 1), out, 1));
            assertArrayEquals(new double[] {0, 0}, out.toDoubles());
        }
    }

    @Test
    void fill() {
        Tensor out = output(300);
        run(kernels.fill(out, -0.75));
        double[] expected = new double[300];
        Arrays.fill(expected, -0.75);
        assertArrayEquals(expected, out.toDoubles());
    }

    @Test
    void theFirstOfManyNumbersIsTold() {
        double[] numbers = new double[300];
        for (int at : new int[] {290, 200, 110}) {
            numbers[at] = at;
            Kernel kernel = kernels.pickRows(of(numbers, 300), 3, "words", kernels.allocateIndices(300));
            String message = assertThrows(IllegalArgumentException.class, () -> run(kernel))
                    .getMessage();
            assertEquals("found index " + (double) at + " for 'words', expected 0 to 2", message);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 3, 0.5, Double.NaN})
    void labelsMustBeColumns(double label) {
        Kernel kernel = kernels.oneHot(of(new double[] {0, label, 0}, 3), output(3, 3));
        String message =
                assertThrows(IllegalArgumentException.class, () -> run(kernel)).getMessage();
        assertEquals("row 1 has label " + label + ", expected a whole number from 0 to 2", message);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dropoutIsAHashOfSeedRowAndElement(boolean shared) {
        int width = 100;
        Indices rows = kernels.indices(3, 11, 3);
        Tensor out = shared ? output(width) : output(3, width);
        run(kernels.dropoutMask(new DropoutMask(() -> 42, 0.25, rows, shared, out)));
        double[] expected = new double[out.length()];
        for (int i = 0; i < expected.length; i++) {
            long row = shared ? 0 : i / width == 1 ? 11 : 3;
            long base = DropoutMask.mix(42 + row);
            long bits = DropoutMask.mix(base + (i % width + 1) * 0x9E3779B97F4A7C15L) >>> 11;
            expected[i] = bits * 0x1p-53 < 0.25 ? 4 : 0;
        }
        assertArrayEquals(expected, out.toDoubles());
    }

    /** Labels by their distribution's definition, from the hashes. */
    @ParameterizedTest
    @EnumSource
    void labelsAreDrawnFromTheOutputs(LabelDraw.Kind kind) {
        int width = 5;
        int[] numbers = {3, 11, 3, 0};
        double[] factors = {2, 1, 0, 0.5};
        Tensor z = random(4, width);
        Tensor adjoint = output(4, width);
        Doubles roots = doubles(4, 0);
        roots.write(factors);
        Kernel draw =
                kernels.labelDraw(new LabelDraw(kind, 0.3, () -> -42, kernels.indices(numbers), roots, z, adjoint));
        run(draw);
        double[] expected = new double[4 * width];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < width; j++) {
                double value =
                        drawn(kind, Arrays.copyOfRange(z.toDoubles(), i * width, (i + 1) * width), numbers[i], j);
                expected[i * width + j] = factors[i] * value;
            }
        }
        close(expected, adjoint, 10, "adjoint");
    }

    private static double uniform(int row, int draw) {
        return (Permutation.mix(-42, 0x6B2D666163L, row, draw) >>> 11) * 0x1p-53;
    }

    private static double drawn(LabelDraw.Kind kind, double[] z, int row, int j) {
        double p = 1 / (1 + Math.exp(-z[j]));
        return switch (kind) {
            case CLASSES -> {
                double[] e = Arrays.stream(z).map(Math::exp).toArray();
                double left = uniform(row, 0) * Arrays.stream(e).sum();
                int label = 0;
                while (left >= e[label]) {
                    left -= e[label++];
                }
                yield e[j] / Arrays.stream(e).sum() - (label == j ? 1 : 0);
            }
            case GAUSSIAN ->
                Math.sqrt(2 * 0.3)
                        * Math.sqrt(-2 * Math.log(1 - uniform(row, 2 * j)))
                        * Math.cos(2 * Math.PI * uniform(row, 2 * j + 1));
            case BERNOULLI -> Math.sqrt(0.3) * (p - (uniform(row, j) < p ? 1 : 0));
        };
    }

    @Test
    void hostStepsRunSlotBySlot() {
        Tensor in = of(new double[] {1, 2, 3, 4}, 2, 2);
        Tensor out = output(2, 3);
        run(kernels.onHost(2, in, out, (x, y) -> {
            y[0] += x[0] + x[1];
            y[2] = x[1];
            x[0] = Double.NaN;
        }));
        assertArrayEquals(new double[] {3, 0, 2, 7, 0, 4}, out.toDoubles());
        assertArrayEquals(new double[] {1, 2, 3, 4}, in.toDoubles());
    }

    @Test
    void totalsAreSumsOverMicroBatches() {
        Tensor a = of(new double[] {1, 2}, 2);
        Tensor b = of(new double[] {4}, 1);
        Total total = kernels.total(5, new Tensor[] {a, b}, new int[] {3, 1});
        for (int pass = 0; pass < 2; pass++) {
            total.clear();
            total.add();
            total.add();
            kernels.synchronise();
            RawArray sum = total.take();
            assertEquals(kernels.type(), sum.type());
            assertArrayEquals(new double[] {0, 8, 0, 2, 4}, sum.toDoubles());
        }
    }

    @Test
    void rowsOfAnArrayAreCopied() {
        Tensor target = output(3, 2);
        double[] source = IntStream.range(0, 10).asDoubleStream().toArray();
        for (int row = 0; row < 5; row++) {
            target.writeRows(RawArray.of(source), new int[] {4, row, 4}, 2);
            assertArrayEquals(new double[] {8, 9, 2 * row, 2 * row + 1, 8, 9}, target.toDoubles());
        }
        assertThrows(IllegalArgumentException.class, () -> target.writeRows(RawArray.of(source), new int[] {0}, 2));
    }
}

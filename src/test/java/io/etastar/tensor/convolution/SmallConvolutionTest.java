package io.etastar.tensor.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to a small convolution, with one another; {@code KernelsContract} compares them with plain loops. */
class SmallConvolutionTest {
    private final Kernels kernels = Backend.installed().kernels(DType.FLOAT);
    private final Random random = new Random(1);

    @AfterEach
    void close() {
        kernels.close();
    }

    /** Images, then the shape: inputs, outputs, height, width, sides of the kernel, padding. */
    static Stream<int[]> shapes() {
        int[][] odd = {
            {37, 6, 16, 14, 14, 5, 5, 0, 0},
            {16, 16, 6, 10, 10, 5, 5, 4, 4},
            {5, 3, 6, 12, 11, 5, 3, 0, 1},
            {33, 4, 7, 6, 5, 3, 5, 2, 1},
            {1, 1, 1, 3, 3, 3, 3, 0, 0},
            {18, 2, 3, 4, 7, 1, 4, 0, 3}
        };
        return Stream.concat(
                Stream.of(odd), IntStream.rangeClosed(1, 19).mapToObj(m -> new int[] {18, 3, m, 6, 7, 3, 3, 1, 1}));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void valuesHaveTheSameBits(int... s) {
        SmallConvolution.Shape shape = shape(s);
        Tensor images = random(s[0] * shape.imageSize());
        float[] weight = floats(random(shape.outputs() * shape.taps()));
        Tensor planes = kernels.allocate(s[0] * shape.resultSize());
        Tensor lanes = kernels.allocate(s[0] * shape.resultSize());
        new PlaneConvolution(shape).forward(images, weight, planes);
        LaneConvolution convolution = new LaneConvolution(shape);
        // The second time finds what the first one left in its buffers.
        convolution.forward(random(s[0] * shape.imageSize()), weight, lanes);
        convolution.forward(images, weight, lanes);
        assertArrayEquals(floats(planes), floats(lanes));
    }

    /** Five taps of a row have a loop of their own, others, one output and what is left of four have others. */
    @ParameterizedTest
    @CsvSource({"2, 5, 0", "3, 5, 2", "1, 5, 1", "5, 7, 0", "2, 3, 1", "3, 6, 2", "4, 4, 0", "1, 11, 0"})
    void weightAdjointsAreThoseOfPlainLoops(int outputs, int width, int padding) {
        SmallConvolution.Shape shape = new SmallConvolution.Shape(2, outputs, 9, 13, 3, width, 1, padding);
        int n = 3;
        Tensor images = random(n * shape.imageSize());
        Tensor adjoint = random(n * shape.resultSize());
        int lanes = PlaneTiles.lanes();
        float[] sums = new float[outputs * shape.taps() * lanes];
        new PlaneConvolution(shape).weightAdjoint(images, adjoint, sums);
        double[] expected = weightAdjoint(shape, n, floats(images), floats(adjoint));
        for (int j = 0; j < expected.length; j++) {
            assertEquals(expected[j], PlaneTiles.lanesSum(sums, j * lanes), 1e-4);
        }
    }

    private static double[] weightAdjoint(SmallConvolution.Shape shape, int n, float[] images, float... adjoint) {
        double[] sums = new double[shape.outputs() * shape.taps()];
        int area = shape.kernelHeight() * shape.kernelWidth();
        for (int i = 0; i < adjoint.length; i++) {
            int x = i % shape.columns();
            int y = i / shape.columns() % shape.rows();
            int m = i / (shape.columns() * shape.rows()) % shape.outputs();
            int image = i / shape.resultSize() * shape.imageSize();
            for (int j = 0; j < shape.taps(); j++) {
                int row = y + j % area / shape.kernelWidth() - shape.top();
                int column = x + j % shape.kernelWidth() - shape.left();
                if (row >= 0 && row < shape.height() && column >= 0 && column < shape.width()) {
                    int pixel = (j / area * shape.height() + row) * shape.width() + column;
                    sums[m * shape.taps() + j] += (double) adjoint[i] * images[image + pixel];
                }
            }
        }
        return sums;
    }

    /** LeNet's first layer has long rows and few taps, its second one short rows and many taps. */
    @Test
    void thePlanOfLayersFollowsTheirShape() {
        SmallConvolution.Shape first = new SmallConvolution.Shape(3, 6, 32, 32, 5, 5, 0, 0);
        SmallConvolution.Shape second = new SmallConvolution.Shape(6, 16, 14, 14, 5, 5, 0, 0);
        assertInstanceOf(PlaneConvolution.class, SmallConvolution.of(first, 96));
        assertInstanceOf(PlaneConvolution.class, SmallConvolution.of(second, 4));
        SmallConvolution.Shape large = new SmallConvolution.Shape(32, 32, 64, 64, 5, 5, 2, 2);
        assertInstanceOf(PlaneConvolution.class, SmallConvolution.of(large, 96));
        if (PlaneTiles.lanes() == 16) {
            assertInstanceOf(LaneConvolution.class, SmallConvolution.of(second, 96));
        }
    }

    private static SmallConvolution.Shape shape(int... s) {
        return new SmallConvolution.Shape(s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]);
    }

    private Tensor random(int length) {
        Tensor tensor = kernels.allocate(length);
        double[] values = random.doubles(length, -1, 1).toArray();
        tensor.write(0, values, length);
        return tensor;
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[tensor.length()];
        tensor.read(0, values, 0, values.length);
        return values;
    }
}

package io.etastar.tensor.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaxPoolLoopsTest {
    private static final double NAN = Double.NaN;

    private record Pooled(double[] values, int[] winners) {}

    /** Pools two planes of 3 x 4 pixels. */
    private static Pooled pool(DType type, Window window, double... pixels) {
        int rows = window.outputSide(0, 3);
        int columns = window.outputSide(1, 4);
        try (Kernels kernels = Backend.installed().kernels(type)) {
            Tensor images = kernels.allocate(1, 2, 3, 4);
            images.write(RawArray.of(pixels));
            Tensor out = kernels.allocate(1, 2, rows, columns);
            Indices winners = kernels.allocateIndices(out.length());
            kernels.maxPool(images, out, winners, window).run();
            return new Pooled(out.toDoubles(), winners.toInts());
        }
    }

    private static Window window(int side, int stride, int padding, boolean same) {
        return new Window(
                new int[] {side, side},
                new int[] {stride, stride},
                new int[] {padding, padding},
                new int[] {1, 1},
                same);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstOfEqualsWins(DType type) {
        double[] pixels = {1, 1, 3, 2, 1, 1, 2, 3, 9, 9, 9, 9, -1, -2, 0, -0.0, -2, -1, 0, 0, 9, 9, 9, 9};
        Pooled found = pool(type, window(2, 2, 0, false), pixels);
        assertArrayEquals(new double[] {1, 3, -1, 0}, found.values);
        assertArrayEquals(new int[] {0, 2, 12, 14}, found.winners);
    }

    @ParameterizedTest
    @EnumSource
    void windowsEndAtTheBorder(DType type) {
        double[] pixels = {-1, -2, -3, -4, -5, -6, -7, -8, -9, -8, -7, -6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6};
        Pooled same = pool(type, window(2, 2, 0, true), pixels);
        assertArrayEquals(new double[] {-1, -3, -8, -6, 6, 8, 9, 7}, same.values);
        assertArrayEquals(new int[] {0, 2, 9, 11, 17, 19, 20, 22}, same.winners);
        Pooled padded = pool(type, window(3, 3, 1, false), pixels);
        assertArrayEquals(
                new double[] {-1, 6}, new double[] {padded.values[0], padded.values[padded.values.length / 2]});
        assertArrayEquals(new int[] {0, 17}, new int[] {padded.winners[0], padded.winners[padded.winners.length / 2]});
    }

    @ParameterizedTest
    @EnumSource
    void aNanIsNotLost(DType type) {
        double[] pixels = new double[24];
        pixels[1] = NAN;
        pixels[6] = NAN;
        pixels[14] = 1;
        assertArrayEquals(new double[] {NAN, NAN, 0, 1}, pool(type, window(2, 2, 0, false), pixels).values);
    }
}

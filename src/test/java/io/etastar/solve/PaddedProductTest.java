package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddedProductTest {
    /** The sums in their order, fused. */
    private static double[] slow(double[] left, double[] right, int rows, int inner, int columns) {
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < inner; k++) {
                    result[i * columns + j] =
                            Math.fma(left[i * inner + k], right[k * columns + j], result[i * columns + j]);
                }
            }
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource({"16, 16, 16", "16, 48, 32", "64, 16, 48", "32, 80, 16", "48, 96, 112", "112, 784, 16"})
    void elementsAreFusedSumsInOrderToTheLastBit(int rows, int inner, int columns) {
        Random random = new Random(rows + inner);
        double[] left = random.doubles((long) rows * inner, -1, 1).toArray();
        double[] right = random.doubles((long) inner * columns, -1, 1).toArray();
        assertArrayEquals(slow(left, right, rows, inner, columns), PaddedProduct.of(left, right, rows, inner, columns));
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "48, 32", "32, 96", "112, 96"})
    void symmetricProductsAreComputedAboveTheDiagonalAndMirrored(int size, int inner) {
        double[] left = new Random(size).doubles((long) size * inner, -1, 1).toArray();
        double[] right = new double[left.length];
        for (int i = 0; i < left.length; i++) {
            right[i % inner * size + i / inner] = left[i];
        }
        assertArrayEquals(slow(left, right, size, inner, size), PaddedProduct.symmetric(left, right, size, inner));
    }

    /** What a JVM computes must not hang on whether it has the Vector API. */
    @Test
    void blocksOfEitherKindHaveTheSameBits() {
        int inner = 48;
        int columns = 32;
        double[] left = new Random(1).doubles(16L * inner, -1, 1).toArray();
        double[] right = new Random(2).doubles((long) inner * columns, -1, 1).toArray();
        double[] expected = slow(left, right, 16, inner, columns);
        double[] fours = PaddedProduct.inFours(left, inner);
        for (PaddedProduct.Block block : new PaddedProduct.Block[] {new VectorBlock(), new ScalarBlock()}) {
            double[] result = new double[16 * columns];
            double[] packed = new double[16 * columns];
            double[] panel = new double[inner * block.width()];
            for (int j = 0; j < columns; j += block.width()) {
                for (int k = 0; k < inner; k++) {
                    System.arraycopy(right, k * columns + j, panel, k * block.width(), block.width());
                }
                for (int i = 0; i < 16; i += 4) {
                    block.sum(left, i * inner, right, j, inner, result, i * columns + j, columns);
                    block.packedSum(fours, i * inner, panel, inner, packed, i * columns + j, columns);
                }
            }
            assertArrayEquals(expected, packed);
            assertArrayEquals(expected, result);
        }
    }

    @Test
    void lengthsArePaddedToMultiplesOfSixteen() {
        assertEquals(16, PaddedProduct.padded(1));
        assertEquals(16, PaddedProduct.padded(16));
        assertEquals(32, PaddedProduct.padded(17));
    }
}

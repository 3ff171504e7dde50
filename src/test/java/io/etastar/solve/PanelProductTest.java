package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PanelProductTest {
    private static double[] drawn(int length, int seed) {
        return new Random(seed).doubles(length, -1, 1).toArray();
    }

    /** left' right of row-major matrices: the sums in their order, fused. */
    private static double[] slow(double[] left, double[] right, int rows, int inner, int columns) {
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < inner; k++) {
                    result[i * columns + j] =
                            Math.fma(left[k * rows + i], right[k * columns + j], result[i * columns + j]);
                }
            }
        }
        return result;
    }

    private static double[] panels(double[] matrix, int rows, int columns) {
        // Longer than needed, and with something in it.
        double[] panels = drawn(PanelProduct.padded(rows) * PanelProduct.padded(columns) + 5, 99);
        PanelProduct.fill(matrix, 0, rows, columns, 1, panels);
        return panels;
    }

    private static double[] rowMajor(double[] panels, int rows, int columns) {
        double[] matrix = new double[rows * columns];
        PanelProduct.copy(panels, matrix, 0, rows, columns);
        return matrix;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 7, 2", "16, 48, 32", "17, 16, 33", "50, 90, 9", "112, 300, 16"})
    void elementsAreFusedSumsInOrderToTheLastBit(int rows, int inner, int columns) {
        double[] left = drawn(inner * rows, 1);
        double[] right = drawn(inner * columns, 2);
        double[] result = panels(new double[rows * columns], rows, columns);
        PanelProduct.multiply(
                panels(left, inner, rows),
                panels(right, inner, columns),
                PanelProduct.padded(rows),
                PanelProduct.padded(inner),
                PanelProduct.padded(columns),
                result);
        assertArrayEquals(slow(left, right, rows, inner, columns), rowMajor(result, rows, columns));
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "16, 16", "45, 30", "32, 96", "112, 90"})
    void symmetricProductsAreComputedAboveTheDiagonalAndMirrored(int size, int inner) {
        double[] left = drawn(inner * size, 3);
        double[] given = panels(left, inner, size);
        double[] result = panels(new double[size * size], size, size);
        PanelProduct.multiplySymmetric(given, given, PanelProduct.padded(size), PanelProduct.padded(inner), result);
        assertArrayEquals(slow(left, left, size, inner, size), rowMajor(result, size, size));
    }

    /** Symmetric matrices that commute have a product that is symmetric but for rounding: below the diagonal is what is above it. */
    @ParameterizedTest
    @ValueSource(ints = {6, 16, 45})
    void bothHalvesOfANearlySymmetricProductAreTheUpperOne(int size) {
        double[] drawn = drawn(size * size, 9);
        double[] matrix = slow(drawn, drawn, size, size, size);
        double[] square = slow(matrix, matrix, size, size, size);
        double[] expected = slow(square, matrix, size, size, size);
        boolean differs = false;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                differs |= expected[i * size + j] != expected[j * size + i];
                expected[i * size + j] = expected[j * size + i];
            }
        }
        assertTrue(differs);
        double[] result = panels(new double[size * size], size, size);
        int padded = PanelProduct.padded(size);
        PanelProduct.multiplySymmetric(panels(square, size, size), panels(matrix, size, size), padded, padded, result);
        assertArrayEquals(expected, rowMajor(result, size, size));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 40", "40, 5", "33, 18"})
    void matricesComeOutOfPanelsAsTheyWerePutIn(int rows, int columns) {
        double[] matrix = drawn(rows * columns, 4);
        double[] panels = panels(matrix, rows, columns);
        assertArrayEquals(matrix, rowMajor(panels, rows, columns));
        double[] turned = new double[panels.length];
        PanelProduct.transpose(panels, PanelProduct.padded(rows), PanelProduct.padded(columns), turned);
        double[] expected = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            expected[i % columns * rows + i / columns] = matrix[i];
        }
        assertArrayEquals(expected, rowMajor(turned, columns, rows));
    }

    @Test
    void aMatrixIsScaledFromWhereItBeginsWithZerosAround() {
        double[] panels = drawn(PanelProduct.padded(2) * PanelProduct.padded(2), 5);
        PanelProduct.fill(new double[] {9, 1, 2, 3, 4, 9}, 1, 2, 2, 10, panels);
        int size = PanelProduct.padded(2);
        double[] expected = new double[size * size];
        expected[0] = 10;
        expected[1] = 20;
        expected[size] = 30;
        expected[size + 1] = 40;
        assertArrayEquals(expected, rowMajor(panels, size, size));
        PanelProduct.addToDiagonal(panels, size, 1);
        assertEquals(11, rowMajor(panels, size, size)[0]);
        assertEquals(1, rowMajor(panels, size, size)[size * size - 1]);
        double[] matrix = {7, 7, 7, 7, 7, 7};
        PanelProduct.copy(panels, matrix, 1, 2, 2);
        assertArrayEquals(new double[] {7, 11, 20, 30, 41, 7}, matrix);
    }

    /** What a JVM computes must not hang on whether it has the Vector API. */
    @Test
    void blocksOfEitherKindHaveTheSameBits() {
        int inner = 48;
        int size = 16;
        double[] left = drawn(inner * size, 6);
        double[] right = drawn(inner * size, 7);
        for (PanelProduct.Block block : new PanelProduct.Block[] {new VectorBlock(), new ScalarBlock()}) {
            int width = block.width();
            double[] leftPanel = new double[inner * width];
            double[] rightPanel = new double[inner * width];
            for (int k = 0; k < inner; k++) {
                System.arraycopy(left, k * size, leftPanel, k * width, width);
                System.arraycopy(right, k * size, rightPanel, k * width, width);
            }
            double[] result = drawn(4 * width, 8);
            block.sum(leftPanel, 0, rightPanel, 0, inner, result, 0);
            double[] expected = slow(left, right, size, inner, size);
            for (int i = 0; i < 4 * width; i++) {
                assertEquals(expected[i / width * size + i % width], result[i]);
            }
        }
    }

    @Test
    void lengthsArePaddedToWholePanels() {
        int width = PanelProduct.padded(1);
        assertEquals(0, width % PanelProduct.ROWS);
        assertEquals(width, PanelProduct.padded(width));
        assertEquals(2 * width, PanelProduct.padded(width + 1));
    }
}

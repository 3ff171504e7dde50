package io.etastar.solve;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of row-major matrices whose numbers of rows and columns are padded to multiples of 16.
 *
 * <p>Blocks of four rows by two vectors stay in registers while they are summed up: on matrices of some hundred rows that is several times
 * as fast as a general BLAS, and of symmetric results half is computed. Each element is one chain of fused multiplications and additions
 * in the order of the sum, so that its bits do not depend on the width of vectors.
 */
final class PaddedProduct {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 4;
    private static final int PADDING = 16;

    private PaddedProduct() {}

    /** The least multiple of 16 that is not below a length. */
    static int padded(int length) {
        return (length + PADDING - 1) / PADDING * PADDING;
    }

    /**
     * left right.
     *
     * @param left [rows, inner]
     * @param right [inner, columns]
     * @return a new array [rows, columns]
     */
    static double[] of(double[] left, double[] right, int rows, int inner, int columns) {
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i += ROWS) {
            for (int j = 0; j < columns; j += 2 * LANES) {
                block(left, i * inner, right, j, result, i * columns + j, inner, columns);
            }
        }
        return result;
    }

    /**
     * left right, which is symmetric: the blocks below the diagonal are those above it.
     *
     * @param left [size, inner]
     * @param right [inner, size]
     * @return a new array [size, size]
     */
    static double[] symmetric(double[] left, double[] right, int size, int inner) {
        double[] result = new double[size * size];
        for (int i = 0; i < size; i += ROWS) {
            for (int j = i / (2 * LANES) * 2 * LANES; j < size; j += 2 * LANES) {
                block(left, i * inner, right, j, result, i * size + j, inner, size);
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++) {
                result[j * size + i] = result[i * size + j];
            }
        }
        return result;
    }

    /** Four rows by two vectors of a product; {@code a}, {@code b} and {@code c} are where the block's rows or columns begin. */
    private static void block(
            double[] left, int a, double[] right, int b, double[] result, int c, int inner, int columns) {
        DoubleVector sum00 = DoubleVector.zero(SPECIES);
        DoubleVector sum01 = sum00;
        DoubleVector sum10 = sum00;
        DoubleVector sum11 = sum00;
        DoubleVector sum20 = sum00;
        DoubleVector sum21 = sum00;
        DoubleVector sum30 = sum00;
        DoubleVector sum31 = sum00;
        int at = b;
        for (int k = a; k < a + inner; k++) {
            DoubleVector right0 = DoubleVector.fromArray(SPECIES, right, at);
            DoubleVector right1 = DoubleVector.fromArray(SPECIES, right, at + LANES);
            DoubleVector factor = DoubleVector.broadcast(SPECIES, left[k]);
            sum00 = factor.fma(right0, sum00);
            sum01 = factor.fma(right1, sum01);
            factor = DoubleVector.broadcast(SPECIES, left[k + inner]);
            sum10 = factor.fma(right0, sum10);
            sum11 = factor.fma(right1, sum11);
            factor = DoubleVector.broadcast(SPECIES, left[k + 2 * inner]);
            sum20 = factor.fma(right0, sum20);
            sum21 = factor.fma(right1, sum21);
            factor = DoubleVector.broadcast(SPECIES, left[k + 3 * inner]);
            sum30 = factor.fma(right0, sum30);
            sum31 = factor.fma(right1, sum31);
            at += columns;
        }
        sum00.intoArray(result, c);
        sum01.intoArray(result, c + LANES);
        sum10.intoArray(result, c + columns);
        sum11.intoArray(result, c + columns + LANES);
        sum20.intoArray(result, c + 2 * columns);
        sum21.intoArray(result, c + 2 * columns + LANES);
        sum30.intoArray(result, c + 3 * columns);
        sum31.intoArray(result, c + 3 * columns + LANES);
    }
}

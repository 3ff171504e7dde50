package io.etastar.solve;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Four rows by two vectors of a product, on the Vector API. Both sums are written out: steps that are arguments make them a third slower. */
final class VectorBlock implements PaddedProduct.Block {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public int width() {
        return 2 * LANES;
    }

    @Override
    public void sum(double[] left, int a, double[] right, int b, int inner, double[] result, int c, int columns) {
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

    @Override
    public void packedSum(double[] fours, int a, double[] panel, int inner, double[] result, int c, int columns) {
        DoubleVector sum00 = DoubleVector.zero(SPECIES);
        DoubleVector sum01 = sum00;
        DoubleVector sum10 = sum00;
        DoubleVector sum11 = sum00;
        DoubleVector sum20 = sum00;
        DoubleVector sum21 = sum00;
        DoubleVector sum30 = sum00;
        DoubleVector sum31 = sum00;
        int at = 0;
        for (int k = a; k < a + 4 * inner; k += 4) {
            DoubleVector right0 = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector right1 = DoubleVector.fromArray(SPECIES, panel, at + LANES);
            DoubleVector factor = DoubleVector.broadcast(SPECIES, fours[k]);
            sum00 = factor.fma(right0, sum00);
            sum01 = factor.fma(right1, sum01);
            factor = DoubleVector.broadcast(SPECIES, fours[k + 1]);
            sum10 = factor.fma(right0, sum10);
            sum11 = factor.fma(right1, sum11);
            factor = DoubleVector.broadcast(SPECIES, fours[k + 2]);
            sum20 = factor.fma(right0, sum20);
            sum21 = factor.fma(right1, sum21);
            factor = DoubleVector.broadcast(SPECIES, fours[k + 3]);
            sum30 = factor.fma(right0, sum30);
            sum31 = factor.fma(right1, sum31);
            at += 2 * LANES;
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

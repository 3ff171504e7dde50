package io.etastar.solve;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Four rows by two vectors of a product, on the Vector API. */
final class VectorBlock implements PanelProduct.Block {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = 2 * LANES;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public void sum(double[] left, int a, double[] right, int b, int inner, double[] result, int c) {
        DoubleVector sum00 = DoubleVector.zero(SPECIES);
        DoubleVector sum01 = sum00;
        DoubleVector sum10 = sum00;
        DoubleVector sum11 = sum00;
        DoubleVector sum20 = sum00;
        DoubleVector sum21 = sum00;
        DoubleVector sum30 = sum00;
        DoubleVector sum31 = sum00;
        for (int k = 0; k < inner * WIDTH; k += WIDTH) {
            DoubleVector right0 = DoubleVector.fromArray(SPECIES, right, b + k);
            DoubleVector right1 = DoubleVector.fromArray(SPECIES, right, b + k + LANES);
            DoubleVector factor = DoubleVector.broadcast(SPECIES, left[a + k]);
            sum00 = factor.fma(right0, sum00);
            sum01 = factor.fma(right1, sum01);
            factor = DoubleVector.broadcast(SPECIES, left[a + k + 1]);
            sum10 = factor.fma(right0, sum10);
            sum11 = factor.fma(right1, sum11);
            factor = DoubleVector.broadcast(SPECIES, left[a + k + 2]);
            sum20 = factor.fma(right0, sum20);
            sum21 = factor.fma(right1, sum21);
            factor = DoubleVector.broadcast(SPECIES, left[a + k + 3]);
            sum30 = factor.fma(right0, sum30);
            sum31 = factor.fma(right1, sum31);
        }
        sum00.intoArray(result, c);
        sum01.intoArray(result, c + LANES);
        sum10.intoArray(result, c + WIDTH);
        sum11.intoArray(result, c + WIDTH + LANES);
        sum20.intoArray(result, c + 2 * WIDTH);
        sum21.intoArray(result, c + 2 * WIDTH + LANES);
        sum30.intoArray(result, c + 3 * WIDTH);
        sum31.intoArray(result, c + 3 * WIDTH + LANES);
    }
}

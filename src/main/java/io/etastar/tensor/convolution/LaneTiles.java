package io.etastar.tensor.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link LaneConvolution}: six outputs of two neighbouring pixels are 12 sums that stay in registers, with
 * 2 loads of images and 6 of weights for 12 multiply-adds. Eight outputs would fit in 32 registers, but not in the 16 of AVX2.
 */
final class LaneTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /** Outputs of the largest tile; weights are kept in groups of as many. */
    static final int GROUP = 6;

    private LaneTiles() {}

    /** Outputs that the next tile computes if {@code left} are left: two tiles of four in place of six and two, which are the slowest. */
    static int tile(int left) {
        return switch (left) {
            case 1, 2 -> left;
            case 3, 4, 7, 8 -> 4;
            default -> GROUP;
        };
    }

    /** Outputs that the tiles for {@code outputs} of them compute together. */
    static int computed(int outputs) {
        int sum = 0;
        while (sum < outputs) {
            sum += tile(outputs - sum);
        }
        return sum;
    }

    /**
     * Sums of one or two pixels over their taps: planes[m plane + at ...] = sum over j of
     * weight[first + m + taps[j]] image[base + places[j] ...] for m below {@code tile}.
     *
     * @param two whether there is a second pixel
     */
    static void pixels(
            float[] image,
            int base,
            int[] places,
            float[] weight,
            int first,
            int[] taps,
            float[] planes,
            int at,
            int plane,
            int tile,
            boolean two) {
        switch (tile) {
            case 6 -> six(image, base, places, weight, first, taps, planes, at, plane, two);
            case 4 -> four(image, base, places, weight, first, taps, planes, at, plane, two);
            default -> {
                for (int m = 0; m < tile; m++) {
                    one(image, base, places, weight, first + m, taps, planes, at + m * plane, two);
                }
            }
        }
    }

    private static void put(float[] planes, int at, FloatVector a, FloatVector b, boolean two) {
        a.intoArray(planes, at);
        if (two) {
            b.intoArray(planes, at + LANES);
        }
    }

    private static FloatVector weight(float[] weight, int at) {
        return FloatVector.broadcast(SPECIES, weight[at]);
    }

    private static void one(
            float[] x, int base, int[] places, float[] w, int row, int[] taps, float[] planes, int at, boolean two) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        for (int j = 0; j < places.length; j++) {
            int p = base + places[j];
            FloatVector v = weight(w, row + taps[j]);
            a0 = FloatVector.fromArray(SPECIES, x, p).fma(v, a0);
            a1 = FloatVector.fromArray(SPECIES, x, p + LANES).fma(v, a1);
        }
        put(planes, at, a0, a1, two);
    }

    private static void four(
            float[] x,
            int base,
            int[] places,
            float[] w,
            int row,
            int[] taps,
            float[] planes,
            int at,
            int plane,
            boolean two) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        for (int j = 0; j < places.length; j++) {
            int p = base + places[j];
            int q = row + taps[j];
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, p + LANES);
            FloatVector v = weight(w, q);
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            v = weight(w, q + 1);
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            v = weight(w, q + 2);
            c0 = x0.fma(v, c0);
            c1 = x1.fma(v, c1);
            v = weight(w, q + 3);
            d0 = x0.fma(v, d0);
            d1 = x1.fma(v, d1);
        }
        put(planes, at, a0, a1, two);
        put(planes, at + plane, b0, b1, two);
        put(planes, at + 2 * plane, c0, c1, two);
        put(planes, at + 3 * plane, d0, d1, two);
    }

    private static void six(
            float[] x,
            int base,
            int[] places,
            float[] w,
            int row,
            int[] taps,
            float[] planes,
            int at,
            int plane,
            boolean two) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector e0 = a0;
        FloatVector e1 = a0;
        FloatVector f0 = a0;
        FloatVector f1 = a0;
        for (int j = 0; j < places.length; j++) {
            int p = base + places[j];
            int q = row + taps[j];
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, p);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, p + LANES);
            FloatVector v = weight(w, q);
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            v = weight(w, q + 1);
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            v = weight(w, q + 2);
            c0 = x0.fma(v, c0);
            c1 = x1.fma(v, c1);
            v = weight(w, q + 3);
            d0 = x0.fma(v, d0);
            d1 = x1.fma(v, d1);
            v = weight(w, q + 4);
            e0 = x0.fma(v, e0);
            e1 = x1.fma(v, e1);
            v = weight(w, q + 5);
            f0 = x0.fma(v, f0);
            f1 = x1.fma(v, f1);
        }
        put(planes, at, a0, a1, two);
        put(planes, at + plane, b0, b1, two);
        put(planes, at + 2 * plane, c0, c1, two);
        put(planes, at + 3 * plane, d0, d1, two);
        put(planes, at + 4 * plane, e0, e1, two);
        put(planes, at + 5 * plane, f0, f1, two);
    }
}

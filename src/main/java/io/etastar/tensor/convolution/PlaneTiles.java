package io.etastar.tensor.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link PlaneConvolution}: four outputs by three vectors are 12 sums that stay in registers, with 7 loads
 * for 12 multiply-adds. Four vectors would fit in 32 registers, but not in the 16 of AVX2.
 */
final class PlaneTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Elements that tiles read past the end of an image. */
    static final int SLACK = 8 * LANES;

    private PlaneTiles() {}

    static int padded(int linear) {
        return (linear + LANES - 1) / LANES * LANES;
    }

    static int lanes() {
        return LANES;
    }

    /** planes[m] = sum over taps j of weight[m, j] image[i + places[j]]. */
    static void forward(
            float[] image, float[] weight, int[] places, int outputs, int linear, float[] planes, int stride) {
        int taps = places.length;
        int m = 0;
        if (outputs % 4 == 2 && outputs > 4) {
            int i = 0;
            for (; i + 2 * LANES <= stride; i += 2 * LANES) {
                six(image, weight, places, m * taps, i, planes, m * stride, stride);
            }
            for (; i < linear; i += LANES) {
                fourNarrow(image, weight, places, m * taps, i, planes, m * stride, stride);
                oneNarrow(image, weight, places, (m + 4) * taps, i, planes, (m + 4) * stride);
                oneNarrow(image, weight, places, (m + 5) * taps, i, planes, (m + 5) * stride);
            }
            m += 6;
        }
        for (; m + 4 <= outputs; m += 4) {
            int i = 0;
            for (; i + 3 * LANES <= stride; i += 3 * LANES) {
                four(image, weight, places, m * taps, i, planes, m * stride, stride);
            }
            for (; i < linear; i += LANES) {
                fourNarrow(image, weight, places, m * taps, i, planes, m * stride, stride);
            }
        }
        for (; m + 2 <= outputs; m += 2) {
            int i = 0;
            for (; i + 4 * LANES <= stride; i += 4 * LANES) {
                two(image, weight, places, m * taps, i, planes, m * stride, stride);
            }
            for (; i < linear; i += LANES) {
                oneNarrow(image, weight, places, m * taps, i, planes, m * stride);
                oneNarrow(image, weight, places, (m + 1) * taps, i, planes, (m + 1) * stride);
            }
        }
        for (; m < outputs; m++) {
            int i = 0;
            for (; i + 4 * LANES <= stride; i += 4 * LANES) {
                one(image, weight, places, m * taps, i, planes, m * stride);
            }
            for (; i < linear; i += LANES) {
                oneNarrow(image, weight, places, m * taps, i, planes, m * stride);
            }
        }
    }

    private static void six(float[] x, float[] w, int[] places, int row, int i, float[] planes, int plane, int stride) {
        int taps = places.length;
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
        for (int j = 0; j < taps; j++) {
            int at = places[j] + i;
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector v = FloatVector.broadcast(SPECIES, w[row + j]);
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            v = FloatVector.broadcast(SPECIES, w[row + taps + j]);
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            v = FloatVector.broadcast(SPECIES, w[row + 2 * taps + j]);
            c0 = x0.fma(v, c0);
            c1 = x1.fma(v, c1);
            v = FloatVector.broadcast(SPECIES, w[row + 3 * taps + j]);
            d0 = x0.fma(v, d0);
            d1 = x1.fma(v, d1);
            v = FloatVector.broadcast(SPECIES, w[row + 4 * taps + j]);
            e0 = x0.fma(v, e0);
            e1 = x1.fma(v, e1);
            v = FloatVector.broadcast(SPECIES, w[row + 5 * taps + j]);
            f0 = x0.fma(v, f0);
            f1 = x1.fma(v, f1);
        }
        put(planes, plane + i, a0, a1);
        put(planes, plane + stride + i, b0, b1);
        put(planes, plane + 2 * stride + i, c0, c1);
        put(planes, plane + 3 * stride + i, d0, d1);
        put(planes, plane + 4 * stride + i, e0, e1);
        put(planes, plane + 5 * stride + i, f0, f1);
    }

    private static void four(
            float[] x, float[] w, int[] places, int row, int i, float[] planes, int plane, int stride) {
        int taps = places.length;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        for (int j = 0; j < taps; j++) {
            int at = places[j] + i;
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
            FloatVector v = FloatVector.broadcast(SPECIES, w[row + j]);
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            a2 = x2.fma(v, a2);
            v = FloatVector.broadcast(SPECIES, w[row + taps + j]);
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            b2 = x2.fma(v, b2);
            v = FloatVector.broadcast(SPECIES, w[row + 2 * taps + j]);
            c0 = x0.fma(v, c0);
            c1 = x1.fma(v, c1);
            c2 = x2.fma(v, c2);
            v = FloatVector.broadcast(SPECIES, w[row + 3 * taps + j]);
            d0 = x0.fma(v, d0);
            d1 = x1.fma(v, d1);
            d2 = x2.fma(v, d2);
        }
        put(planes, plane + i, a0, a1, a2);
        put(planes, plane + stride + i, b0, b1, b2);
        put(planes, plane + 2 * stride + i, c0, c1, c2);
        put(planes, plane + 3 * stride + i, d0, d1, d2);
    }

    private static void put(float[] to, int at, FloatVector a, FloatVector b, FloatVector c) {
        a.intoArray(to, at);
        b.intoArray(to, at + LANES);
        c.intoArray(to, at + 2 * LANES);
    }

    private static void put(float[] to, int at, FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
        a.intoArray(to, at);
        b.intoArray(to, at + LANES);
        c.intoArray(to, at + 2 * LANES);
        d.intoArray(to, at + 3 * LANES);
    }

    private static void put(float[] to, int at, FloatVector a, FloatVector b) {
        a.intoArray(to, at);
        b.intoArray(to, at + LANES);
    }

    private static void fourNarrow(
            float[] x, float[] w, int[] places, int row, int i, float[] planes, int plane, int stride) {
        int taps = places.length;
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int j = 0; j < taps; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, places[j] + i);
            a = x0.fma(FloatVector.broadcast(SPECIES, w[row + j]), a);
            b = x0.fma(FloatVector.broadcast(SPECIES, w[row + taps + j]), b);
            c = x0.fma(FloatVector.broadcast(SPECIES, w[row + 2 * taps + j]), c);
            d = x0.fma(FloatVector.broadcast(SPECIES, w[row + 3 * taps + j]), d);
        }
        a.intoArray(planes, plane + i);
        b.intoArray(planes, plane + stride + i);
        c.intoArray(planes, plane + 2 * stride + i);
        d.intoArray(planes, plane + 3 * stride + i);
    }

    private static void two(float[] x, float[] w, int[] places, int row, int i, float[] planes, int plane, int stride) {
        int taps = places.length;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int j = 0; j < taps; j++) {
            int at = places[j] + i;
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + LANES);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, at + 2 * LANES);
            FloatVector x3 = FloatVector.fromArray(SPECIES, x, at + 3 * LANES);
            FloatVector v = FloatVector.broadcast(SPECIES, w[row + j]);
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            a2 = x2.fma(v, a2);
            a3 = x3.fma(v, a3);
            v = FloatVector.broadcast(SPECIES, w[row + taps + j]);
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            b2 = x2.fma(v, b2);
            b3 = x3.fma(v, b3);
        }
        put(planes, plane + i, a0, a1, a2, a3);
        put(planes, plane + stride + i, b0, b1, b2, b3);
    }

    private static void one(float[] x, float[] w, int[] places, int row, int i, float[] planes, int plane) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int j = 0; j < places.length; j++) {
            int at = places[j] + i;
            FloatVector v = FloatVector.broadcast(SPECIES, w[row + j]);
            a = FloatVector.fromArray(SPECIES, x, at).fma(v, a);
            b = FloatVector.fromArray(SPECIES, x, at + LANES).fma(v, b);
            c = FloatVector.fromArray(SPECIES, x, at + 2 * LANES).fma(v, c);
            d = FloatVector.fromArray(SPECIES, x, at + 3 * LANES).fma(v, d);
        }
        put(planes, plane + i, a, b, c, d);
    }

    private static void oneNarrow(float[] x, float[] w, int[] places, int row, int i, float[] planes, int plane) {
        FloatVector a = FloatVector.zero(SPECIES);
        for (int j = 0; j < places.length; j++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, places[j] + i);
            a = x0.fma(FloatVector.broadcast(SPECIES, w[row + j]), a);
        }
        a.intoArray(planes, plane + i);
    }

    /** sums[m, j, lane] += sum over i of planes[m][i] image[i + places[j]], i of the lane. */
    static void products(
            float[] image, int[] places, float[] planes, int stride, int outputs, int linear, float[] sums) {
        int even = outputs / 2 * 2;
        for (int m = 0; m < even; m += 2) {
            productsOfTwo(image, places, planes, m, stride, linear, sums);
        }
        if (even < outputs) {
            productsOfOne(image, places, planes, even, stride, linear, sums);
        }
    }

    private static void productsOfTwo(
            float[] image, int[] places, float[] planes, int m, int stride, int linear, float[] sums) {
        int taps = places.length;
        int next = taps * LANES;
        int j = 0;
        while (j < taps) {
            int at = (m * taps + j) * LANES;
            if (fiveInRow(places, j)) {
                twoByFive(image, places[j], planes, m * stride, stride, linear, sums, at, next);
                j += 5;
            } else if (j + 4 <= taps) {
                twoByFour(image, places, j, planes, m * stride, stride, linear, sums, at);
                j += 4;
            } else {
                dot(image, places[j], planes, m * stride, linear, sums, at);
                dot(image, places[j], planes, (m + 1) * stride, linear, sums, at + next);
                j++;
            }
        }
    }

    private static void productsOfOne(
            float[] image, int[] places, float[] planes, int m, int stride, int linear, float[] sums) {
        int taps = places.length;
        int j = 0;
        while (j < taps) {
            int at = (m * taps + j) * LANES;
            if (fiveInRow(places, j)) {
                oneByFive(image, places[j], planes, m * stride, linear, sums, at);
                j += 5;
            } else {
                dot(image, places[j], planes, m * stride, linear, sums, at);
                j++;
            }
        }
    }

    /** Whether five taps read neighbouring pixels. */
    private static boolean fiveInRow(int[] places, int j) {
        return j + 5 <= places.length && places[j + 4] == places[j] + 4;
    }

    /**
     * Two outputs by five taps of a row. With one place in place of four the JIT keeps ten sums in registers, and the loop is too long for it to
     * unroll, which costs a tile of two by four half of its speed.
     */
    private static void twoByFive(
            float[] x, int place, float[] planes, int plane, int stride, int linear, float[] sums, int at, int next) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
        FloatVector a4 = FloatVector.fromArray(SPECIES, sums, at + 4 * LANES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, sums, at + next);
        FloatVector b1 = FloatVector.fromArray(SPECIES, sums, at + next + LANES);
        FloatVector b2 = FloatVector.fromArray(SPECIES, sums, at + next + 2 * LANES);
        FloatVector b3 = FloatVector.fromArray(SPECIES, sums, at + next + 3 * LANES);
        FloatVector b4 = FloatVector.fromArray(SPECIES, sums, at + next + 4 * LANES);
        for (int i = 0; i < linear; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, planes, plane + i);
            FloatVector v = FloatVector.fromArray(SPECIES, planes, plane + stride + i);
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, place + i);
            a0 = x0.fma(u, a0);
            b0 = x0.fma(v, b0);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, place + i + 1);
            a1 = x1.fma(u, a1);
            b1 = x1.fma(v, b1);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, place + i + 2);
            a2 = x2.fma(u, a2);
            b2 = x2.fma(v, b2);
            FloatVector x3 = FloatVector.fromArray(SPECIES, x, place + i + 3);
            a3 = x3.fma(u, a3);
            b3 = x3.fma(v, b3);
            FloatVector x4 = FloatVector.fromArray(SPECIES, x, place + i + 4);
            a4 = x4.fma(u, a4);
            b4 = x4.fma(v, b4);
        }
        put(sums, at, a0, a1, a2, a3);
        a4.intoArray(sums, at + 4 * LANES);
        put(sums, at + next, b0, b1, b2, b3);
        b4.intoArray(sums, at + next + 4 * LANES);
    }

    private static void oneByFive(float[] x, int place, float[] planes, int plane, int linear, float[] sums, int at) {
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
        FloatVector a4 = FloatVector.fromArray(SPECIES, sums, at + 4 * LANES);
        for (int i = 0; i < linear; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, planes, plane + i);
            a0 = FloatVector.fromArray(SPECIES, x, place + i).fma(u, a0);
            a1 = FloatVector.fromArray(SPECIES, x, place + i + 1).fma(u, a1);
            a2 = FloatVector.fromArray(SPECIES, x, place + i + 2).fma(u, a2);
            a3 = FloatVector.fromArray(SPECIES, x, place + i + 3).fma(u, a3);
            a4 = FloatVector.fromArray(SPECIES, x, place + i + 4).fma(u, a4);
        }
        put(sums, at, a0, a1, a2, a3);
        a4.intoArray(sums, at + 4 * LANES);
    }

    private static void twoByFour(
            float[] x, int[] places, int j, float[] planes, int plane, int stride, int linear, float[] sums, int at) {
        int next = at + places.length * LANES;
        FloatVector a0 = FloatVector.fromArray(SPECIES, sums, at);
        FloatVector a1 = FloatVector.fromArray(SPECIES, sums, at + LANES);
        FloatVector a2 = FloatVector.fromArray(SPECIES, sums, at + 2 * LANES);
        FloatVector a3 = FloatVector.fromArray(SPECIES, sums, at + 3 * LANES);
        FloatVector b0 = FloatVector.fromArray(SPECIES, sums, next);
        FloatVector b1 = FloatVector.fromArray(SPECIES, sums, next + LANES);
        FloatVector b2 = FloatVector.fromArray(SPECIES, sums, next + 2 * LANES);
        FloatVector b3 = FloatVector.fromArray(SPECIES, sums, next + 3 * LANES);
        int p0 = places[j];
        int p1 = places[j + 1];
        int p2 = places[j + 2];
        int p3 = places[j + 3];
        for (int i = 0; i < linear; i += LANES) {
            FloatVector u = FloatVector.fromArray(SPECIES, planes, plane + i);
            FloatVector v = FloatVector.fromArray(SPECIES, planes, plane + stride + i);
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, p0 + i);
            a0 = x0.fma(u, a0);
            b0 = x0.fma(v, b0);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, p1 + i);
            a1 = x1.fma(u, a1);
            b1 = x1.fma(v, b1);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, p2 + i);
            a2 = x2.fma(u, a2);
            b2 = x2.fma(v, b2);
            FloatVector x3 = FloatVector.fromArray(SPECIES, x, p3 + i);
            a3 = x3.fma(u, a3);
            b3 = x3.fma(v, b3);
        }
        put(sums, at, a0, a1, a2, a3);
        put(sums, next, b0, b1, b2, b3);
    }

    private static void dot(float[] x, int place, float[] planes, int plane, int linear, float[] sums, int at) {
        FloatVector a = FloatVector.fromArray(SPECIES, sums, at);
        for (int i = 0; i < linear; i += LANES) {
            a = FloatVector.fromArray(SPECIES, x, place + i).fma(FloatVector.fromArray(SPECIES, planes, plane + i), a);
        }
        a.intoArray(sums, at);
    }

    /** Sum of the lanes from {@code at} on, in order: the Vector API leaves that of its own sums open. */
    static float lanesSum(float[] sums, int at) {
        float sum = 0;
        for (int i = at; i < at + LANES; i++) {
            sum += sums[i];
        }
        return sum;
    }
}

package io.etastar.tensor.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of {@link LaneConvolution}'s adjoint of the weight: up to four outputs by four taps are 16 sums over all
 * pixels, with 8 loads for 16 multiply-adds. A tile starts at 0 and is added to the sums at its end: more loads before the loop
 * would keep the JIT from inlining it.
 */
final class LaneProducts {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final float[] image;
    private final int[] places;
    private final int[] pixels;
    private final float[] planes;
    private final int plane;
    private final float[] tile = new float[16 * LANES];

    /**
     * @param image what is read
     * @param places where each tap reads for pixel 0
     * @param pixels how far on it reads for each pixel
     * @param planes [outputs, pixels, lanes]
     */
    LaneProducts(float[] image, int[] places, int[] pixels, float[] planes) {
        this.image = image;
        this.places = places;
        this.pixels = pixels;
        this.planes = planes;
        plane = pixels.length * LANES;
    }

    /** sums[m, j, lanes] += sum over the pixels of planes[m] image[places[j]]. */
    void add(int outputs, float[] sums) {
        int m = 0;
        while (m < outputs) {
            int left = outputs - m;
            // Twice three outputs are faster than four and two, or four and one.
            int many = left == 5 || left == 6 ? 3 : Math.min(left, 4);
            int j = 0;
            for (; j + 4 <= places.length; j += 4) {
                fourTaps(m, many, j, sums);
            }
            for (; j < places.length; j++) {
                oneTap(m, many, j, sums);
            }
            m += many;
        }
    }

    private void fourTaps(int m, int many, int j, float[] sums) {
        switch (many) {
            case 4 -> four(m, j, sums);
            case 3 -> three(m, j, sums);
            default -> {
                for (int o = m; o < m + many; o++) {
                    one(o, j, sums);
                }
            }
        }
    }

    private int sum(int m, int j) {
        return (m * places.length + j) * LANES;
    }

    private static FloatVector at(float[] values, int at) {
        return FloatVector.fromArray(SPECIES, values, at);
    }

    private void put(int at, FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
        a.intoArray(tile, at * LANES);
        b.intoArray(tile, (at + 1) * LANES);
        c.intoArray(tile, (at + 2) * LANES);
        d.intoArray(tile, (at + 3) * LANES);
    }

    /** sums[at ...] += four vectors of the tile. */
    private void add(float[] sums, int at, int from) {
        for (int i = 0; i < 4 * LANES; i++) {
            sums[at + i] += tile[from * LANES + i];
        }
    }

    private void four(int m, int j, float[] sums) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        FloatVector d3 = a0;
        int p0 = places[j];
        int p1 = places[j + 1];
        int p2 = places[j + 2];
        int p3 = places[j + 3];
        int q = m * plane;
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            FloatVector u = at(planes, q);
            FloatVector v = at(planes, q + plane);
            FloatVector w = at(planes, q + 2 * plane);
            FloatVector z = at(planes, q + 3 * plane);
            FloatVector x = at(image, p0 + p);
            a0 = x.fma(u, a0);
            b0 = x.fma(v, b0);
            c0 = x.fma(w, c0);
            d0 = x.fma(z, d0);
            x = at(image, p1 + p);
            a1 = x.fma(u, a1);
            b1 = x.fma(v, b1);
            c1 = x.fma(w, c1);
            d1 = x.fma(z, d1);
            x = at(image, p2 + p);
            a2 = x.fma(u, a2);
            b2 = x.fma(v, b2);
            c2 = x.fma(w, c2);
            d2 = x.fma(z, d2);
            x = at(image, p3 + p);
            a3 = x.fma(u, a3);
            b3 = x.fma(v, b3);
            c3 = x.fma(w, c3);
            d3 = x.fma(z, d3);
            q += LANES;
        }
        put(0, a0, a1, a2, a3);
        put(4, b0, b1, b2, b3);
        put(8, c0, c1, c2, c3);
        put(12, d0, d1, d2, d3);
        add(sums, sum(m, j), 0);
        add(sums, sum(m + 1, j), 4);
        add(sums, sum(m + 2, j), 8);
        add(sums, sum(m + 3, j), 12);
    }

    private void three(int m, int j, float[] sums) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        int p0 = places[j];
        int p1 = places[j + 1];
        int p2 = places[j + 2];
        int p3 = places[j + 3];
        int q = m * plane;
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            FloatVector u = at(planes, q);
            FloatVector v = at(planes, q + plane);
            FloatVector w = at(planes, q + 2 * plane);
            FloatVector x = at(image, p0 + p);
            a0 = x.fma(u, a0);
            b0 = x.fma(v, b0);
            c0 = x.fma(w, c0);
            x = at(image, p1 + p);
            a1 = x.fma(u, a1);
            b1 = x.fma(v, b1);
            c1 = x.fma(w, c1);
            x = at(image, p2 + p);
            a2 = x.fma(u, a2);
            b2 = x.fma(v, b2);
            c2 = x.fma(w, c2);
            x = at(image, p3 + p);
            a3 = x.fma(u, a3);
            b3 = x.fma(v, b3);
            c3 = x.fma(w, c3);
            q += LANES;
        }
        put(0, a0, a1, a2, a3);
        put(4, b0, b1, b2, b3);
        put(8, c0, c1, c2, c3);
        add(sums, sum(m, j), 0);
        add(sums, sum(m + 1, j), 4);
        add(sums, sum(m + 2, j), 8);
    }

    private void one(int m, int j, float[] sums) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        int p0 = places[j];
        int p1 = places[j + 1];
        int p2 = places[j + 2];
        int p3 = places[j + 3];
        int q = m * plane;
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            FloatVector u = at(planes, q);
            a0 = at(image, p0 + p).fma(u, a0);
            a1 = at(image, p1 + p).fma(u, a1);
            a2 = at(image, p2 + p).fma(u, a2);
            a3 = at(image, p3 + p).fma(u, a3);
            q += LANES;
        }
        put(0, a0, a1, a2, a3);
        add(sums, sum(m, j), 0);
    }

    private void oneTap(int m, int many, int j, float[] sums) {
        for (int o = m; o < m + many; o++) {
            FloatVector a = at(sums, sum(o, j));
            for (int i = 0; i < pixels.length; i++) {
                a = at(image, places[j] + pixels[i]).fma(at(planes, o * plane + i * LANES), a);
            }
            a.intoArray(sums, sum(o, j));
        }
    }
}

package io.etastar.tensor.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The linear maps of a {@link WinogradConvolution}, along channels in vectors:
 *
 * <pre>
 * B^T = 1  0 -1  0     G =  1   0   0      A^T = 1  1  1  0
 *       0  1  1  0         1/2 1/2 1/2           0  1 -1 -1
 *       0 -1  1  0         1/2 -1/2 1/2
 *       0  1  0 -1          0   0   1
 * </pre>
 */
final class WinogradTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private WinogradTiles() {}

    private static FloatVector at(float[] from, int index) {
        return FloatVector.fromArray(SPECIES, from, index);
    }

    /**
     * strip[k][tile] = B^T d B.
     *
     * @param image channels last
     * @param from index at which the row of tiles begins
     * @param pitch pixels of a row
     * @param point elements between two points of strip
     */
    static void cut(float[] image, int from, int pitch, int channels, int tiles, float[] strip, int point) {
        int line = pitch * channels;
        for (int tile = 0; tile < tiles; tile++) {
            for (int c = 0; c < channels; c += LANES) {
                cutOne(image, from + 2 * tile * channels + c, line, channels, strip, tile * channels + c, point);
            }
        }
    }

    /** All loads come before the first store: a store to the same place of another page would hold loads up. */
    private static void cutOne(float[] image, int p, int line, int step, float[] strip, int to, int point) {
        FloatVector a0 = at(image, p);
        FloatVector a1 = at(image, p + step);
        FloatVector a2 = at(image, p + 2 * step);
        FloatVector a3 = at(image, p + 3 * step);
        FloatVector b0 = at(image, p + line);
        FloatVector b1 = at(image, p + line + step);
        FloatVector b2 = at(image, p + line + 2 * step);
        FloatVector b3 = at(image, p + line + 3 * step);
        FloatVector c0 = at(image, p + 2 * line);
        FloatVector c1 = at(image, p + 2 * line + step);
        FloatVector c2 = at(image, p + 2 * line + 2 * step);
        FloatVector c3 = at(image, p + 2 * line + 3 * step);
        FloatVector d0 = at(image, p + 3 * line);
        FloatVector d1 = at(image, p + 3 * line + step);
        FloatVector d2 = at(image, p + 3 * line + 2 * step);
        FloatVector d3 = at(image, p + 3 * line + 3 * step);
        cutRow(a0.sub(c0), a1.sub(c1), a2.sub(c2), a3.sub(c3), strip, to, point);
        cutRow(b0.add(c0), b1.add(c1), b2.add(c2), b3.add(c3), strip, to + 4 * point, point);
        cutRow(c0.sub(b0), c1.sub(b1), c2.sub(b2), c3.sub(b3), strip, to + 8 * point, point);
        cutRow(b0.sub(d0), b1.sub(d1), b2.sub(d2), b3.sub(d3), strip, to + 12 * point, point);
    }

    private static void cutRow(
            FloatVector a0, FloatVector a1, FloatVector a2, FloatVector a3, float[] strip, int to, int point) {
        a0.sub(a2).intoArray(strip, to);
        a1.add(a2).intoArray(strip, to + point);
        a2.sub(a1).intoArray(strip, to + 2 * point);
        a1.sub(a3).intoArray(strip, to + 3 * point);
    }

    /** image tile = A^T m A: the inverse of what {@link #cut} prepares, after the products. */
    static void assemble(float[] strip, int point, float[] image, int to, int pitch, int channels, int tiles) {
        int line = pitch * channels;
        for (int tile = 0; tile < tiles; tile++) {
            for (int c = 0; c < channels; c += LANES) {
                int from = tile * channels + c;
                int at = to + 2 * tile * channels + c;
                assembleOne(strip, from, point, image, at, line, channels);
            }
        }
    }

    private static void assembleOne(float[] m, int p, int point, float[] image, int to, int line, int step) {
        FloatVector s0 = at(m, p).add(at(m, p + 4 * point)).add(at(m, p + 8 * point));
        FloatVector d0 = at(m, p + 4 * point).sub(at(m, p + 8 * point)).sub(at(m, p + 12 * point));
        FloatVector s1 = at(m, p + point).add(at(m, p + 5 * point)).add(at(m, p + 9 * point));
        FloatVector d1 = at(m, p + 5 * point).sub(at(m, p + 9 * point)).sub(at(m, p + 13 * point));
        FloatVector s2 = at(m, p + 2 * point).add(at(m, p + 6 * point)).add(at(m, p + 10 * point));
        FloatVector d2 = at(m, p + 6 * point).sub(at(m, p + 10 * point)).sub(at(m, p + 14 * point));
        FloatVector s3 = at(m, p + 3 * point).add(at(m, p + 7 * point)).add(at(m, p + 11 * point));
        FloatVector d3 = at(m, p + 7 * point).sub(at(m, p + 11 * point)).sub(at(m, p + 15 * point));
        s0.add(s1).add(s2).intoArray(image, to);
        s1.sub(s2).sub(s3).intoArray(image, to + step);
        d0.add(d1).add(d2).intoArray(image, to + line);
        d1.sub(d2).sub(d3).intoArray(image, to + line + step);
    }

    /** strip[k][tile] = A a A^T: the transpose of {@link #assemble}. */
    static void spread(float[] image, int from, int pitch, int channels, int tiles, float[] strip, int point) {
        int line = pitch * channels;
        for (int tile = 0; tile < tiles; tile++) {
            for (int c = 0; c < channels; c += LANES) {
                int p = from + 2 * tile * channels + c;
                int to = tile * channels + c;
                FloatVector a = at(image, p);
                FloatVector b = at(image, p + channels);
                FloatVector e = at(image, p + line);
                FloatVector f = at(image, p + line + channels);
                spreadRow(a, b, strip, to, point);
                spreadRow(a.add(e), b.add(f), strip, to + 4 * point, point);
                spreadRow(a.sub(e), b.sub(f), strip, to + 8 * point, point);
                spreadRow(e.neg(), f.neg(), strip, to + 12 * point, point);
            }
        }
    }

    private static void spreadRow(FloatVector a, FloatVector b, float[] strip, int to, int point) {
        a.intoArray(strip, to);
        a.add(b).intoArray(strip, to + point);
        a.sub(b).intoArray(strip, to + 2 * point);
        b.neg().intoArray(strip, to + 3 * point);
    }

    /** points[k][c] = G w G^T for kernels [9][c]. */
    static void weights(float[] kernels, int channels, float[] points) {
        for (int c = 0; c < channels; c += LANES) {
            for (int s = 0; s < 3; s++) {
                FloatVector a = at(kernels, s * channels + c);
                FloatVector b = at(kernels, (3 + s) * channels + c);
                FloatVector e = at(kernels, (6 + s) * channels + c);
                FloatVector half = a.add(e).mul(0.5f);
                FloatVector middle = b.mul(0.5f);
                // Rows 0 to 3 of G w, kept in the places of columns 0 to 2 of the result's rows.
                a.intoArray(points, s * channels + c);
                half.add(middle).intoArray(points, (4 + s) * channels + c);
                half.sub(middle).intoArray(points, (8 + s) * channels + c);
                e.intoArray(points, (12 + s) * channels + c);
            }
            for (int r = 0; r < 16; r += 4) {
                FloatVector a = at(points, r * channels + c);
                FloatVector b = at(points, (r + 1) * channels + c);
                FloatVector e = at(points, (r + 2) * channels + c);
                FloatVector half = a.add(e).mul(0.5f);
                FloatVector middle = b.mul(0.5f);
                half.add(middle).intoArray(points, (r + 1) * channels + c);
                half.sub(middle).intoArray(points, (r + 2) * channels + c);
                e.intoArray(points, (r + 3) * channels + c);
            }
        }
    }

    /** kernels[9][c] = G^T p G for points [16][c]; overwrites points. */
    static void kernels(float[] points, int channels, float[] kernels) {
        for (int c = 0; c < channels; c += LANES) {
            for (int s = 0; s < 4; s++) {
                FloatVector a = at(points, s * channels + c);
                FloatVector b = at(points, (4 + s) * channels + c);
                FloatVector e = at(points, (8 + s) * channels + c);
                FloatVector f = at(points, (12 + s) * channels + c);
                FloatVector half = b.add(e).mul(0.5f);
                a.add(half).intoArray(points, s * channels + c);
                b.sub(e).mul(0.5f).intoArray(points, (4 + s) * channels + c);
                f.add(half).intoArray(points, (8 + s) * channels + c);
            }
            for (int r = 0; r < 3; r++) {
                FloatVector a = at(points, 4 * r * channels + c);
                FloatVector b = at(points, (4 * r + 1) * channels + c);
                FloatVector e = at(points, (4 * r + 2) * channels + c);
                FloatVector f = at(points, (4 * r + 3) * channels + c);
                FloatVector half = b.add(e).mul(0.5f);
                a.add(half).intoArray(kernels, 3 * r * channels + c);
                b.sub(e).mul(0.5f).intoArray(kernels, (3 * r + 1) * channels + c);
                f.add(half).intoArray(kernels, (3 * r + 2) * channels + c);
            }
        }
    }
}

package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ScalarFunction.Tangents} in single precision by vectors: derivatives once for a block of elements, then one fused pass over
 * the block of each stacked direction, all in the first-level cache.
 *
 * <p>The block's share of a f'' t is multiplied with the block's tangents at once, so that the stack of these products, as
 * large as the tangents themselves, is never written: H gets sums of blocks, in double precision.
 */
final class FloatScalarTangentsLoop implements Kernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int BLOCK = HostMemory.BLOCK;

    private final ScalarFunction.Tangents t;
    private final TangentSums sums;
    private final int n;
    private final int directions;
    private final float[] x = new float[BLOCK];
    private final float[] y = new float[BLOCK];
    private final float[] adjoint = new float[BLOCK];
    /** f', f'' and f'''. */
    private final float[] f1 = new float[BLOCK];

    private final float[] f2 = new float[BLOCK];
    private final float[] f3 = new float[BLOCK];
    /** a f'' and a f'''. */
    private final float[] af2 = new float[BLOCK];

    private final float[] af3 = new float[BLOCK];
    private final float[] second = new float[BLOCK];
    private final float[] out = new float[BLOCK];
    private final float[] lanes = new float[4 * LANES];
    /** Blocks of all directions' first tangents. */
    private final float[] first;
    /** Blocks of a f'' t. */
    private final float[] weighted;

    FloatScalarTangentsLoop(ScalarFunction.Tangents tangents) {
        t = tangents;
        n = t.x().length();
        sums = new TangentSums(t);
        directions = sums.order3.length;
        first = new float[directions * BLOCK];
        weighted = new float[directions * BLOCK];
    }

    @Override
    public void run() {
        sums.clear();
        for (int at = 0; at < n; at += BLOCK) {
            block(at, Math.min(BLOCK, n - at));
        }
        sums.add();
    }

    private void block(int at, int count) {
        derivatives(at, count);
        for (int k = 0; k < directions; k++) {
            direction(k, at, count);
        }
        int padded = (count + LANES - 1) / LANES * LANES;
        for (int k = 0; k < directions; k++) {
            products(k, padded);
        }
    }

    private void derivatives(int at, int count) {
        t.x().read(at, x, 0, count);
        t.y().read(at, y, 0, count);
        t.adjoint().read(at, adjoint, 0, count);
        t.f().derivatives(x, y, count, f1, f2, f3);
        for (int i = 0; i < count; i++) {
            af2[i] = adjoint[i] * f2[i];
            af3[i] = adjoint[i] * f3[i];
        }
        if (count < BLOCK) {
            Arrays.fill(af2, count, BLOCK, 0);
            Arrays.fill(af3, count, BLOCK, 0);
        }
    }

    private void direction(int k, int at, int count) {
        int from = k * n + at;
        int base = k * BLOCK;
        t.first().read(from, first, base, count);
        Arrays.fill(first, base + count, base + BLOCK, 0);
        firstTangent(base);
        t.firstOut().write(from, out, 0, count);
        boolean mixed = t.second() != null;
        if (mixed) {
            t.second().read(from, second, 0, count);
            Arrays.fill(second, count, BLOCK, 0);
        }
        if (t.secondOut() != null) {
            if (mixed) {
                mixedSecondTangent(base);
            } else {
                secondTangent(base);
            }
            t.secondOut().write(from, out, 0, count);
        }
        sums.order3[k] += mixed ? cubesMixed(base) : cubes(base);
    }

    /** out = f' t. */
    private void firstTangent(int base) {
        for (int i = 0; i < BLOCK; i += LANES) {
            at(first, base + i).mul(at(f1, i)).intoArray(out, i);
        }
    }

    /** out = f'' t^2. */
    private void secondTangent(int base) {
        for (int i = 0; i < BLOCK; i += LANES) {
            FloatVector v = at(first, base + i);
            v.mul(v).mul(at(f2, i)).intoArray(out, i);
        }
    }

    /** out = f' c + f'' t^2. */
    private void mixedSecondTangent(int base) {
        for (int i = 0; i < BLOCK; i += LANES) {
            FloatVector v = at(first, base + i);
            FloatVector c = at(second, i);
            v.mul(v).fma(at(f2, i), c.mul(at(f1, i))).intoArray(out, i);
        }
    }

    /** Sum of a f''' t^3; weighted = a f'' t. */
    private double cubes(int base) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < BLOCK; i += LANES) {
            FloatVector v = at(first, base + i);
            v.mul(at(af2, i)).intoArray(weighted, base + i);
            sum = v.mul(v).mul(v).fma(at(af3, i), sum);
        }
        sum.intoArray(lanes, 0);
        return lanesSum(0);
    }

    /** Sum of a f''' t^3 + 3 a f'' t c; weighted = a f'' t. */
    private double cubesMixed(int base) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector mixed = sum;
        for (int i = 0; i < BLOCK; i += LANES) {
            FloatVector v = at(first, base + i);
            FloatVector w = v.mul(at(af2, i));
            w.intoArray(weighted, base + i);
            sum = v.mul(v).mul(v).fma(at(af3, i), sum);
            mixed = w.fma(at(second, i), mixed);
        }
        sum.intoArray(lanes, 0);
        mixed.intoArray(lanes, LANES);
        return lanesSum(0) + 3.0 * lanesSum(LANES);
    }

    /** H of direction k with itself and all before it. */
    private void products(int k, int count) {
        int row = k * BLOCK;
        int j = 0;
        for (; j + 4 <= k + 1; j += 4) {
            fourProducts(k, row, j, count);
        }
        for (; j <= k; j++) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < count; i += LANES) {
                sum = at(weighted, row + i).fma(at(first, j * BLOCK + i), sum);
            }
            sum.intoArray(lanes, 0);
            sums.h[k * directions + j] += lanesSum(0);
        }
    }

    private void fourProducts(int k, int row, int j, int count) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int other = j * BLOCK;
        for (int i = 0; i < count; i += LANES) {
            FloatVector w = at(weighted, row + i);
            a = w.fma(at(first, other + i), a);
            b = w.fma(at(first, other + BLOCK + i), b);
            c = w.fma(at(first, other + 2 * BLOCK + i), c);
            d = w.fma(at(first, other + 3 * BLOCK + i), d);
        }
        a.intoArray(lanes, 0);
        b.intoArray(lanes, LANES);
        c.intoArray(lanes, 2 * LANES);
        d.intoArray(lanes, 3 * LANES);
        double sumA = 0;
        double sumB = 0;
        double sumC = 0;
        double sumD = 0;
        for (int i = 0; i < LANES; i++) {
            sumA += lanes[i];
            sumB += lanes[LANES + i];
            sumC += lanes[2 * LANES + i];
            sumD += lanes[3 * LANES + i];
        }
        int at = k * directions + j;
        sums.h[at] += sumA;
        sums.h[at + 1] += sumB;
        sums.h[at + 2] += sumC;
        sums.h[at + 3] += sumD;
    }

    /** One after another: the Vector API leaves the order of its own sums open. */
    private double lanesSum(int from) {
        double sum = 0;
        for (int i = from; i < from + LANES; i++) {
            sum += lanes[i];
        }
        return sum;
    }

    private static FloatVector at(float[] from, int index) {
        return FloatVector.fromArray(SPECIES, from, index);
    }
}

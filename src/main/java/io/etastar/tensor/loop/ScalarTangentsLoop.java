package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;

/**
 * {@link ScalarFunction.Tangents} in blocks of elements: derivatives once per element, then one pass over each stacked direction.
 *
 * <p>Composed of ND4J's ops, the same computation takes about twelve passes over the stack. Blocks are copied into Java arrays that stay in
 * the first-level cache, where loops compile to vector instructions: a third of the time of access through buffers, element by
 * element.
 */
final class ScalarTangentsLoop implements Kernel {
    private final ScalarFunction.Tangents t;
    private final TangentSums sums;
    private final int n;
    private final double[] x = new double[HostMemory.BLOCK];
    private final double[] y = new double[HostMemory.BLOCK];
    private final double[] adjoint = new double[HostMemory.BLOCK];
    /** f', f'' and f'''. */
    private final double[] f1 = new double[HostMemory.BLOCK];

    private final double[] f2 = new double[HostMemory.BLOCK];
    private final double[] f3 = new double[HostMemory.BLOCK];
    /** Blocks of all directions, kept because the outputs may overwrite the inputs. */
    private final double[][] firsts;

    private double[] first;
    private final double[] second = new double[HostMemory.BLOCK];
    private final double[] result = new double[HostMemory.BLOCK];

    ScalarTangentsLoop(ScalarFunction.Tangents tangents) {
        t = tangents;
        n = t.x().length();
        sums = new TangentSums(t);
        firsts = new double[sums.order3.length][HostMemory.BLOCK];
    }

    @Override
    public void run() {
        sums.clear();
        for (int at = 0; at < n; at += HostMemory.BLOCK) {
            block(at, Math.min(HostMemory.BLOCK, n - at));
        }
        sums.add();
    }

    private void block(int at, int count) {
        t.x().read(at, x, count);
        t.y().read(at, y, count);
        t.adjoint().read(at, adjoint, count);
        t.f().derivatives(x, y, count, f1, f2, f3);
        for (int k = 0; k < sums.order3.length; k++) {
            direction(k, at, count);
        }
    }

    private void direction(int k, int at, int count) {
        int from = k * n + at;
        first = firsts[k];
        t.first().read(from, first, count);
        products(f1, first, result, count);
        t.firstOut().write(from, result, count);
        if (t.second() != null) {
            t.second().read(from, second, count);
        }
        if (t.secondOut() != null) {
            secondTangent(count);
            t.secondOut().write(from, result, count);
        }
        products(f2, first, result, count);
        products(adjoint, result, result, count);
        interactions(k, at, count);
        sums.order3[k] += t.second() == null ? cubes(count) : cubesAndMixed(count);
    }

    /** With {@code result} = a f'' t_k. */
    private void interactions(int k, int at, int count) {
        int directions = sums.order3.length;
        for (int j = 0; j <= k; j++) {
            double[] other = firsts[j];
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += result[i] * other[i];
            }
            sums.h[k * directions + j] += sum;
        }
    }

    private static void products(double[] left, double[] right, double[] out, int count) {
        for (int i = 0; i < count; i++) {
            out[i] = left[i] * right[i];
        }
    }

    /** result = f' c + f'' t^2. */
    private void secondTangent(int count) {
        if (t.second() == null) {
            for (int i = 0; i < count; i++) {
                result[i] = f2[i] * first[i] * first[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                result[i] = f1[i] * second[i] + f2[i] * first[i] * first[i];
            }
        }
    }

    private double cubes(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += adjoint[i] * f3[i] * first[i] * first[i] * first[i];
        }
        return sum;
    }

    /** With {@code result} = a f'' t. */
    private double cubesAndMixed(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double v = first[i];
            sum += adjoint[i] * f3[i] * v * v * v + 3 * result[i] * second[i];
        }
        return sum;
    }
}

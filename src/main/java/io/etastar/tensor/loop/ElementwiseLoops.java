package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;

/**
 * Elementwise loops over host memory. Those in single precision work on blocks in Java arrays that stay in the first-level
 * cache.
 */
final class ElementwiseLoops {
    private static final int BLOCK = HostMemory.BLOCK;

    private ElementwiseLoops() {}

    static Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        int length = in.length();
        double[] values = new double[BLOCK];
        return () -> {
            for (int at = 0; at < length; at += BLOCK) {
                int count = Math.min(BLOCK, length - at);
                in.read(at, values, count);
                for (int i = 0; i < count; i++) {
                    values[i] = f.applyAsDouble(values[i]);
                }
                out.write(at, values, count);
            }
        };
    }

    static Kernel affine(Tensor in, double scale, double shift, Tensor out) {
        HostMemory from = HostMemory.of(in);
        HostMemory to = HostMemory.of(out);
        int base = in.offset();
        int target = out.offset();
        int length = in.length();
        return () -> {
            for (int i = 0; i < length; i++) {
                to.set(target + i, scale * from.get(base + i) + shift);
            }
        };
    }

    /** {@link #affine} in single precision. */
    static Kernel floatAffine(Tensor in, float scale, float shift, Tensor out) {
        int length = in.length();
        float[] values = new float[BLOCK];
        return () -> {
            for (int at = 0; at < length; at += BLOCK) {
                int count = Math.min(BLOCK, length - at);
                in.read(at, values, 0, count);
                for (int i = 0; i < count; i++) {
                    values[i] = scale * values[i] + shift;
                }
                out.write(at, values, 0, count);
            }
        };
    }

    static Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        int length = x.length();
        double[] xs = new double[BLOCK];
        double[] ys = new double[BLOCK];
        double[] values = new double[BLOCK];
        return () -> {
            for (int at = 0; at < length; at += BLOCK) {
                int count = Math.min(BLOCK, length - at);
                x.read(at, xs, count);
                y.read(at, ys, count);
                in.read(at, values, count);
                for (int i = 0; i < count; i++) {
                    values[i] *= f.first(xs[i], ys[i]);
                }
                out.write(at, values, count);
            }
        };
    }

    /** {@link #scalarAdjoint} in single precision. */
    static Kernel floatScalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        int length = x.length();
        float[] xs = new float[BLOCK];
        float[] ys = new float[BLOCK];
        float[] values = new float[BLOCK];
        return () -> {
            for (int at = 0; at < length; at += BLOCK) {
                int count = Math.min(BLOCK, length - at);
                if (f.scalesByArgument()) {
                    x.read(at, xs, 0, count);
                }
                if (f.scalesByValue()) {
                    y.read(at, ys, 0, count);
                }
                in.read(at, values, 0, count);
                f.scale(xs, ys, count, values);
                out.write(at, values, 0, count);
            }
        };
    }

    /** The loop of {@link ScalarFunction.AdjointTangents}: out = f' b + f'' t a. */
    static Kernel scalarAdjointTangents(ScalarFunction.AdjointTangents operands) {
        int length = operands.x().length();
        double[] x = new double[BLOCK];
        double[] y = new double[BLOCK];
        double[] adjoint = new double[BLOCK];
        double[] other = new double[BLOCK];
        return () -> {
            for (int at = 0; at < length; at += BLOCK) {
                int count = Math.min(BLOCK, length - at);
                operands.x().read(at, x, count);
                operands.y().read(at, y, count);
                operands.adjoint().read(at, adjoint, count);
                operands.first().read(at, other, count);
                scaleBySecond(operands.f(), x, y, other, adjoint, count);
                if (operands.adjointTangent() != null) {
                    operands.adjointTangent().read(at, other, count);
                    addScaledByFirst(operands.f(), x, y, other, adjoint, count);
                }
                operands.out().write(at, adjoint, count);
            }
        };
    }

    /** a = f'' t a. */
    private static void scaleBySecond(ScalarFunction f, double[] x, double[] y, double[] t, double[] a, int count) {
        for (int i = 0; i < count; i++) {
            a[i] *= f.second(x[i], y[i]) * t[i];
        }
    }

    /** a += f' b. */
    private static void addScaledByFirst(ScalarFunction f, double[] x, double[] y, double[] b, double[] a, int count) {
        for (int i = 0; i < count; i++) {
            a[i] += f.first(x[i], y[i]) * b[i];
        }
    }
}

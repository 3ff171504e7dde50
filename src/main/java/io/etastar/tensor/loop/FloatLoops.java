package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;

/** {@link LoopKernels} in single precision, on blocks in Java arrays that stay in the first cache. */
final class FloatLoops {
    private FloatLoops() {}

    static Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        int length = x.length();
        float[] xs = new float[HostMemory.BLOCK];
        float[] ys = new float[HostMemory.BLOCK];
        float[] values = new float[HostMemory.BLOCK];
        return () -> {
            for (int at = 0; at < length; at += HostMemory.BLOCK) {
                int count = Math.min(HostMemory.BLOCK, length - at);
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

    static Kernel affine(Tensor in, float scale, float shift, Tensor out) {
        int length = in.length();
        float[] values = new float[HostMemory.BLOCK];
        return () -> {
            for (int at = 0; at < length; at += HostMemory.BLOCK) {
                int count = Math.min(HostMemory.BLOCK, length - at);
                in.read(at, values, 0, count);
                for (int i = 0; i < count; i++) {
                    values[i] = scale * values[i] + shift;
                }
                out.write(at, values, 0, count);
            }
        };
    }
}

package io.etastar.tensor;

/** {@link LoopKernels} in single precision, on blocks in Java arrays that stay in the first cache. */
final class FloatLoops {
    private FloatLoops() {}

    static Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        int length = x.length();
        float[] xs = new float[Cells.BLOCK];
        float[] ys = new float[Cells.BLOCK];
        float[] values = new float[Cells.BLOCK];
        return () -> {
            for (int at = 0; at < length; at += Cells.BLOCK) {
                int count = Math.min(Cells.BLOCK, length - at);
                if (f.scalesByArgument()) {
                    x.get(at, xs, 0, count);
                }
                if (f.scalesByValue()) {
                    y.get(at, ys, 0, count);
                }
                in.get(at, values, 0, count);
                f.scale(xs, ys, count, values);
                out.put(at, values, 0, count);
            }
        };
    }

    static Kernel affine(Tensor in, float scale, float shift, Tensor out) {
        int length = in.length();
        float[] values = new float[Cells.BLOCK];
        return () -> {
            for (int at = 0; at < length; at += Cells.BLOCK) {
                int count = Math.min(Cells.BLOCK, length - at);
                in.get(at, values, 0, count);
                for (int i = 0; i < count; i++) {
                    values[i] = scale * values[i] + shift;
                }
                out.put(at, values, 0, count);
            }
        };
    }
}

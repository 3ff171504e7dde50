package io.etastar.tensor.loop;

import io.etastar.tensor.FloatExp;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/** exp x in single precision. */
final class FloatExpLoop implements Kernel {
    private final Tensor in;
    private final Tensor out;
    private final float[] values = new float[HostMemory.BLOCK];
    private final float[] scratch = new float[HostMemory.BLOCK];

    FloatExpLoop(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public void run() {
        for (int at = 0; at < in.length(); at += values.length) {
            int count = Math.min(values.length, in.length() - at);
            in.read(at, values, 0, count);
            FloatExp.exp(values, count, scratch);
            out.write(at, values, 0, count);
        }
    }
}

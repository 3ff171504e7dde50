package io.etastar.tensor.cuda;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Total;

/** A sum over micro-batches on the device; it comes to the host when it is taken. */
final class CudaTotal implements Total {
    private final Tensor sum;
    private final Kernel clear;
    private final Kernel add;

    CudaTotal(CudaArena arena, Elementwise elementwise, Tensor sum, Tensor[] parts, int[] at) {
        this.sum = sum;
        clear = elementwise.fill(sum, 0);
        Kernel[] steps = new Kernel[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int n = parts[i].length();
            Tensor part = sum.part(at[i], n);
            steps[i] = arena.bind("reductions", "accumulate", n, CudaArena.text(parts[i]), parts[i], part, n);
        }
        add = Kernel.sequence(steps);
    }

    @Override
    public void clear() {
        clear.run();
    }

    @Override
    public void add() {
        add.run();
    }

    @Override
    public RawArray take() {
        RawArray taken = RawArray.zeros(((CudaMemory) sum.storage()).type(), sum.length());
        sum.addTo(taken, 0, 0, sum.length());
        return taken;
    }
}

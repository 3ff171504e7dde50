package io.etastar.tensor.loop;

import io.etastar.tensor.DropoutMask;
import io.etastar.tensor.Kernel;

/** The mask of {@link DropoutMask}. */
final class DropoutLoop implements Kernel {
    private final DropoutMask mask;
    private final int[] rows;
    private final int count;

    DropoutLoop(DropoutMask mask) {
        this.mask = mask;
        rows = HostIndices.of(mask.rows());
        count = mask.shared() ? 1 : rows.length;
    }

    @Override
    public void run() {
        HostMemory out = HostMemory.of(mask.out());
        int width = mask.out().length() / count;
        long seed = mask.seed().getAsLong();
        for (int i = 0; i < count; i++) {
            long base = DropoutMask.mix(seed + (mask.shared() ? 0 : rows[i]));
            for (int j = 0; j < width; j++) {
                long bits = DropoutMask.mix(base + (j + 1) * DropoutMask.STEP) >>> 11;
                boolean kept = bits * DropoutMask.UNIT < mask.keep();
                out.set(mask.out().offset() + i * width + j, kept ? 1 / mask.keep() : 0);
            }
        }
    }
}

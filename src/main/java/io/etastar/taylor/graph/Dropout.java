package io.etastar.taylor.graph;

import io.etastar.tensor.DropoutMask;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.util.function.LongSupplier;

/**
 * Masks of dropout: 1 / keep with probability keep, else 0, as a hash of (seed, op, row of the shard, element of the row).
 *
 * <p>Nothing but these four enters, so that value, gradient and summary see one mask, whatever the micro-batch. Without a seed,
 * and if it is switched off, masks are ones.
 */
public final class Dropout {
    private final Indices rows;
    private boolean seeded;
    private boolean on;
    private long seed;
    private int masks;

    /** Masks for micro-batches of {@code batch} rows. */
    public Dropout(Kernels kernels, int batch) {
        rows = kernels.allocateIndices(batch);
    }

    public void seed(long value) {
        seed = value;
        seeded = true;
    }

    /** From here on masks are ones. */
    public void unseed() {
        seeded = false;
    }

    /** Whether passes from now on drop elements, given a seed. */
    public void switchOn(boolean drops) {
        on = drops;
    }

    /** The rows of the shard that a micro-batch holds from now on. */
    public void rows(int... numbers) {
        if (masks > 0) {
            rows.write(numbers);
        }
    }

    /** A number for the next mask of a program, in the order of its ops. */
    public int next() {
        return masks++;
    }

    /**
     * What fills a mask.
     *
     * @param op the mask's number
     * @param shared whether there is one mask for all rows; else its first axis belongs to them
     */
    public Kernel mask(Kernels kernels, int op, double keep, boolean shared, Tensor mask) {
        LongSupplier base = () -> DropoutMask.mix(DropoutMask.mix(seed) + op);
        Kernel draw = kernels.dropoutMask(new DropoutMask(base, keep, rows, shared, mask));
        Kernel ones = kernels.fill(mask, 1);
        return () -> (on && seeded ? draw : ones).run();
    }
}

package io.etastar.tensor.cuda;

import io.etastar.tensor.Doubles;
import io.etastar.tensor.Factors;

/** Numbers in double precision in a device's memory. */
final class CudaDoubles extends Doubles {
    private final CudaQueue queue;
    private final long address;
    private final long bytes;

    CudaDoubles(CudaArena arena, int length) {
        super(length);
        queue = arena.queue();
        bytes = Math.max(1, (long) length * Double.BYTES);
        address = arena.allocate(bytes);
        clear();
    }

    /** The device address of numbers that a {@link CudaKernels} made. */
    static long address(Doubles doubles) {
        return ((CudaDoubles) doubles).address;
    }

    /** The device address of the factor of row 0. */
    static long address(Factors factors) {
        return address(factors.values()) + (long) factors.first() * Double.BYTES;
    }

    @Override
    public void clear() {
        queue.set(address, (byte) 0, bytes);
    }

    @Override
    public void write(double... values) {
        if (values.length > 0) {
            queue.upload(
                    address,
                    values.length * Double.BYTES,
                    b -> b.asDoubleBuffer().put(values));
        }
    }

    @Override
    public double[] toDoubles() {
        double[] values = new double[length()];
        if (values.length > 0) {
            queue.download(address, values.length * Double.BYTES)
                    .asDoubleBuffer()
                    .get(values);
        }
        return values;
    }
}

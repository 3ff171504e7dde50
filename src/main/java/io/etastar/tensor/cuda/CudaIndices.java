package io.etastar.tensor.cuda;

import io.etastar.tensor.Indices;

/** Indices in a device's memory. */
final class CudaIndices extends Indices {
    private final CudaQueue queue;
    private final long address;

    CudaIndices(CudaArena arena, int length) {
        super(length);
        queue = arena.queue();
        long bytes = Math.max(1, (long) length * Integer.BYTES);
        address = arena.allocate(bytes);
        queue.set(address, (byte) 0, bytes);
    }

    /** The device address of indices that a {@link CudaKernels} made. */
    static long address(Indices indices) {
        return ((CudaIndices) indices).address;
    }

    @Override
    public void write(int... values) {
        if (values.length > 0) {
            queue.upload(
                    address, values.length * Integer.BYTES, b -> b.asIntBuffer().put(values));
        }
    }

    @Override
    public int[] toInts() {
        int[] values = new int[length()];
        if (values.length > 0) {
            queue.download(address, values.length * Integer.BYTES).asIntBuffer().get(values);
        }
        return values;
    }
}

package io.etastar.tensor.cuda;

import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one program has on a device: its queue, its memory, freed all together, and its bound kernels. */
final class CudaArena implements AutoCloseable {
    /** Bytes for products of matrices, of every program; more on newer devices. */
    static final long WORKSPACE = 4 << 20;

    private static final long LARGE_WORKSPACE = 32 << 20;
    private static final int HOPPER = 90;

    private final CudaQueue queue;
    private final DType type;
    private final List<Long> allocations = new ArrayList<>();
    private final Products products;
    private final RowGather rows = new RowGather(this);
    private long scratch;
    private long scratchBytes;

    CudaArena(CudaDevice device, DType type) {
        this.type = type;
        queue = new CudaQueue(device);
        try {
            long workspace = device.architecture() >= HOPPER ? LARGE_WORKSPACE : WORKSPACE;
            products = new Products(queue, type, allocate(workspace), workspace);
        } catch (RuntimeException e) {
            throw Closing.after(e, this::free);
        }
    }

    CudaQueue queue() {
        return queue;
    }

    /** Precision of the program's tensors. */
    DType type() {
        return type;
    }

    Products products() {
        return products;
    }

    /** The address of new memory of undefined content, freed with this arena; copies of host arrays make room for it. */
    long allocate(long bytes) {
        while (true) {
            try {
                long address = queue.device().allocate(bytes);
                allocations.add(address);
                return address;
            } catch (CudaException failure) {
                if (!failure.outOfMemory() || !queue.device().cache().evict()) {
                    throw failure;
                }
            }
        }
    }

    /** A tensor of zeros. */
    Tensor tensor(int length, int... shape) {
        long bytes = (long) Math.max(1, length) * type.bytes();
        long address = allocate(bytes);
        queue.set(address, (byte) 0, bytes);
        return new Tensor(new CudaMemory(queue, type, address, Math.max(1, length), rows), 0, shape);
    }

    /**
     * The address of memory for what one kernel leaves to the next within one operation: all share it, in the order of the queue.
     */
    long scratch(long bytes) {
        if (bytes > scratchBytes) {
            long more = Math.max(bytes, 2 * scratchBytes);
            scratch = allocate(more);
            scratchBytes = more;
        }
        return scratch;
    }

    /** A kernel of a file, one thread for each of {@code n} elements. */
    Launch bind(String file, String name, int n, String purpose, Object... arguments) {
        return bind(file, name, Launch.blocks(n), 1, Launch.THREADS, purpose, arguments);
    }

    /** A kernel of a file, {@code across} x {@code down} blocks of {@code threads}. */
    Launch bind(String file, String name, int across, int down, int threads, String purpose, Object... arguments) {
        Modules.Function function = queue.device().modules().function(file, type, name);
        return new Launch(queue, function, across, down, threads, purpose, arguments);
    }

    /** Shapes, for messages. */
    static String text(Tensor... tensors) {
        StringBuilder text = new StringBuilder();
        for (Tensor tensor : tensors) {
            text.append(text.length() == 0 ? "" : ", ").append(Arrays.toString(tensor.shape()));
        }
        return text.toString();
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        closing.run(products::close);
        closing.run(this::free);
        closing.end();
    }

    /** Frees the memory and the queue. */
    private void free() {
        Closing closing = new Closing();
        closing.run(queue::synchronise);
        for (long address : allocations) {
            closing.run(() -> queue.device().free(address, "a program"));
        }
        allocations.clear();
        closing.run(queue::close);
        closing.end();
    }
}

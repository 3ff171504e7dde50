package io.etastar.tensor.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/** A CUDA kernel bound to its arguments: running it enqueues it. */
final class Launch implements Kernel {
    /** Threads of a block. */
    static final int THREADS = 256;

    private final CudaQueue queue;
    private final Modules.Function function;
    private final int across;
    private final int down;
    private final int threads;
    /** Addresses of the arguments, then the arguments. */
    private final Memory arguments;

    private final String purpose;

    /**
     * @param across blocks along x
     * @param down blocks along y
     * @param purpose what the kernel is for, for messages
     * @param values tensors (their addresses), longs, ints, doubles, and arrays (structs)
     */
    Launch(
            CudaQueue queue,
            Modules.Function function,
            int across,
            int down,
            int threads,
            String purpose,
            Object... values) {
        this.queue = queue;
        this.function = function;
        this.across = across;
        this.down = down;
        this.threads = threads;
        this.purpose = function.name() + ", " + purpose;
        arguments = pack(values);
    }

    /** Blocks of one thread for each of {@code n} elements. */
    static int blocks(int n) {
        return (int) (((long) n + THREADS - 1) / THREADS);
    }

    private static Memory pack(Object... values) {
        int bytes = 0;
        for (Object value : values) {
            bytes += Long.BYTES + size(value);
        }
        Memory memory = new Memory(Math.max(Long.BYTES, bytes));
        int at = values.length * Long.BYTES;
        for (int i = 0; i < values.length; i++) {
            memory.setLong((long) i * Long.BYTES, Pointer.nativeValue(memory) + at);
            put(memory, at, values[i]);
            at += size(values[i]);
        }
        return memory;
    }

    /** Bytes of an argument, up to the next multiple of eight. */
    private static int size(Object value) {
        if (value instanceof long[] struct) {
            return struct.length * Long.BYTES;
        }
        return value instanceof int[] struct ? (struct.length + 1) / 2 * Long.BYTES : Long.BYTES;
    }

    private static void put(Memory memory, int at, Object value) {
        if (value instanceof Tensor tensor) {
            memory.setLong(at, CudaMemory.address(tensor));
        } else if (value instanceof Long number) {
            memory.setLong(at, number);
        } else if (value instanceof Integer number) {
            memory.setInt(at, number);
        } else if (value instanceof Double number) {
            memory.setDouble(at, number);
        } else if (value instanceof long[] struct) {
            memory.write(at, struct, 0, struct.length);
        } else {
            int[] struct = (int[]) value;
            memory.write(at, struct, 0, struct.length);
        }
    }

    /** Overwrites argument {@code index}, a long, for runs from now on. */
    void set(int index, long value) {
        long at = arguments.getLong((long) index * Long.BYTES) - Pointer.nativeValue(arguments);
        arguments.setLong(at, value);
    }

    @Override
    public void run() {
        queue.launch(function, across, down, threads, Pointer.nativeValue(arguments), purpose);
    }
}

package io.etastar.tensor.cuda;

import com.sun.jna.Pointer;
import io.etastar.tensor.Closing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A program's stream on its device: kernels, copies and products are enqueued in order, and {@link #synchronise()} waits for
 * them. Host data go through one pinned block, whose parts are free again after a wait.
 */
final class CudaQueue implements AutoCloseable {
    private static final int NON_BLOCKING = 1;
    private static final long FIRST_BLOCK = 1 << 20;
    private static final long ALIGNMENT = 256;

    private final CudaDevice device;
    private final long stream;
    private final @Nullable Profile profile = Profile.kept();
    private long since;
    private long block;
    private long blockBytes;
    private long taken;
    private long tasks;
    private String last = "nothing";

    CudaQueue(CudaDevice device) {
        this.device = device;
        device.makeCurrent();
        long[] handle = new long[1];
        device.check(LibCuda.cuStreamCreate(handle, NON_BLOCKING), "cuStreamCreate", "a program");
        stream = handle[0];
    }

    CudaDevice device() {
        return device;
    }

    long stream() {
        return stream;
    }

    /** How much was enqueued so far that changes memory of the device. */
    long tasks() {
        return tasks;
    }

    /** Enqueues a kernel: {@code across} x {@code down} blocks of {@code threads}; {@code arguments} is what the driver wants. */
    void launch(Modules.Function function, int across, int down, int threads, long arguments, String purpose) {
        enqueue(purpose);
        int code = LibCuda.cuLaunchKernel(function.handle(), across, down, 1, threads, 1, 1, 0, stream, arguments, 0);
        if (code != 0) {
            device.check(code, "cuLaunchKernel", purpose);
        }
    }

    /** Waits until all that was enqueued is done. */
    void synchronise() {
        device.makeCurrent();
        taken = 0;
        await();
        device.works();
    }

    private void await() {
        device.check(LibCuda.cuStreamSynchronize(stream), "cuStreamSynchronize", "work up to " + last);
        if (profile != null && since != 0) {
            profile.add(last, System.nanoTime() - since);
            since = 0;
        }
    }

    /** Makes the device current for a task that is enqueued next; {@code purpose} is for messages. */
    void enqueue(String purpose) {
        device.makeCurrent();
        if (profile != null) {
            await();
            since = System.nanoTime();
        }
        last = purpose;
        tasks++;
    }

    /** {@code bytes} of pinned host memory, in native order, until the next {@link #synchronise()}. */
    private long stage(long bytes) {
        if (taken + bytes > blockBytes) {
            synchronise();
            grow(bytes);
        }
        long address = block + taken;
        taken += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return address;
    }

    private void grow(long bytes) {
        if (bytes <= blockBytes) {
            return;
        }
        freeBlock();
        long wanted = Math.max(FIRST_BLOCK, bytes);
        long[] address = new long[1];
        int code = LibCuda.cuMemHostAlloc(address, wanted, 0);
        device.check(CudaLibrary.HOST_MEMORY, code, "cuMemHostAlloc", "copies of " + wanted + " bytes");
        block = address[0];
        blockBytes = wanted;
    }

    private void freeBlock() {
        if (block != 0) {
            long freed = block;
            block = 0;
            blockBytes = 0;
            device.check(LibCuda.cuMemFreeHost(freed), "cuMemFreeHost", "copies");
        }
    }

    /** Enqueues a copy to the device of what the caller puts into the buffer of {@code bytes} handed to it. */
    void upload(long to, int bytes, java.util.function.Consumer<ByteBuffer> content) {
        enqueue("a copy to the device");
        long from = stage(bytes);
        content.accept(buffer(from, bytes));
        device.check(LibCuda.cuMemcpyHtoDAsync_v2(to, from, bytes, stream), "cuMemcpyHtoDAsync", bytes + " bytes");
    }

    /** Waits, and returns {@code bytes} of the device, to be read before the next copy. */
    ByteBuffer download(long from, int bytes) {
        device.makeCurrent();
        long to = stage(bytes);
        device.check(LibCuda.cuMemcpyDtoHAsync_v2(to, from, bytes, stream), "cuMemcpyDtoHAsync", bytes + " bytes");
        synchronise();
        return buffer(to, bytes);
    }

    /** Enqueues {@code bytes} of {@code value}. */
    void set(long to, byte value, long bytes) {
        enqueue("zeros");
        device.check(LibCuda.cuMemsetD8Async(to, value, bytes, stream), "cuMemsetD8Async", bytes + " bytes");
    }

    /** Enqueues a copy within the device. */
    void copy(long to, long from, long bytes, String purpose) {
        enqueue(purpose);
        device.check(LibCuda.cuMemcpyDtoDAsync_v2(to, from, bytes, stream), "cuMemcpyDtoDAsync", purpose);
    }

    private static ByteBuffer buffer(long address, long bytes) {
        return new Pointer(address).getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        closing.run(this::synchronise);
        closing.run(this::freeBlock);
        closing.run(() -> device.check(LibCuda.cuStreamDestroy_v2(stream), "cuStreamDestroy", "a program"));
        closing.end();
    }
}

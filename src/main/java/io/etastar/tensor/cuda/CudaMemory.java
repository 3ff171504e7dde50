package io.etastar.tensor.cuda;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Storage;
import io.etastar.tensor.Tensor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Storage in a device's memory. Writes are enqueued; reads wait for the program's queue. */
final class CudaMemory extends Storage {
    /** Elements that are downloaded at once where single ones are read. */
    private static final int BLOCK = 1 << 16;

    private final CudaQueue queue;
    private final DType type;
    private final long address;
    private final @Nullable RowGather rows;
    /** The elements from {@link #copied} on, as they were when the queue had been given {@link #copiedAt} tasks. */
    private double[] copy = {};

    private int copied;
    private long copiedAt = -1;
    private final int length;

    /** @param length number of elements */
    CudaMemory(CudaQueue queue, DType type, long address, int length) {
        this(queue, type, address, length, null);
    }

    /** @param rows what copies rows of arrays that the device has; null if all are sent */
    CudaMemory(CudaQueue queue, DType type, long address, int length, @Nullable RowGather rows) {
        this.rows = rows;
        this.queue = queue;
        this.type = type;
        this.address = address;
        this.length = length;
    }

    /** The precision of the elements. */
    DType type() {
        return type;
    }

    /** The device address of a tensor's first element. */
    static long address(Tensor tensor) {
        CudaMemory memory = (CudaMemory) tensor.storage();
        return memory.at(tensor.offset());
    }

    private long at(int element) {
        return address + (long) element * type.bytes();
    }

    private ByteBuffer download(int from, int count) {
        return queue.download(at(from), Math.multiplyExact(count, type.bytes()));
    }

    private void upload(int to, int count, java.util.function.Consumer<ByteBuffer> content) {
        queue.upload(at(to), Math.multiplyExact(count, type.bytes()), content);
    }

    private void put(ByteBuffer buffer, double value) {
        if (type == DType.FLOAT) {
            buffer.putFloat((float) value);
        } else {
            buffer.putDouble(value);
        }
    }

    private double next(ByteBuffer buffer) {
        return type == DType.FLOAT ? buffer.getFloat() : buffer.getDouble();
    }

    /** Downloads neighbours as well, which are good until the queue is given more to do. */
    @Override
    public double get(int i) {
        if (copiedAt != queue.tasks() || i < copied || i >= copied + copy.length) {
            copied = i / BLOCK * BLOCK;
            copy = new double[Math.min(BLOCK, length - copied)];
            read(copied, copy, copy.length);
            copiedAt = queue.tasks();
        }
        return copy[i - copied];
    }

    @Override
    public void fill(int at, int count, double value) {
        if (Double.doubleToRawLongBits(value) == 0) {
            queue.set(at(at), (byte) 0, (long) count * type.bytes());
            return;
        }
        upload(at, count, buffer -> {
            for (int i = 0; i < count; i++) {
                put(buffer, value);
            }
        });
    }

    @Override
    public void read(int at, double[] out, int count) {
        ByteBuffer buffer = download(at, count);
        for (int i = 0; i < count; i++) {
            out[i] = next(buffer);
        }
    }

    @Override
    public void write(int at, double[] values, int count) {
        upload(at, count, buffer -> {
            for (int i = 0; i < count; i++) {
                put(buffer, values[i]);
            }
        });
    }

    @Override
    public void read(int at, float[] out, int from, int count) {
        ByteBuffer buffer = download(at, count);
        for (int i = 0; i < count; i++) {
            out[from + i] = (float) next(buffer);
        }
    }

    @Override
    public void write(int at, float[] values, int from, int count) {
        upload(at, count, buffer -> {
            for (int i = 0; i < count; i++) {
                put(buffer, values[from + i]);
            }
        });
    }

    @Override
    public void write(RawArray source, int from, int at, int count) {
        upload(at, count, buffer -> {
            if (type == DType.FLOAT && source.floats() != null) {
                buffer.asFloatBuffer().put(source.floats(), from, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                put(buffer, source.get(from + i));
            }
        });
    }

    @Override
    public void writeRows(RawArray source, int[] numbers, int width, int at) {
        if (rows != null && rows.copy(source, numbers, width, at(at))) {
            return;
        }
        upload(at, numbers.length * width, buffer -> {
            for (int row : numbers) {
                for (int j = 0; j < width; j++) {
                    put(buffer, source.get(row * width + j));
                }
            }
        });
    }

    @Override
    public void addTo(RawArray target, int from, int at, int count) {
        ByteBuffer buffer = download(from, count);
        for (int i = 0; i < count; i++) {
            target.set(at + i, target.get(at + i) + next(buffer));
        }
    }
}

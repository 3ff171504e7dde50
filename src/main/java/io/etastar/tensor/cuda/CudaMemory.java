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

    /** Most elements of a copy between host and device: buffers end at 2^31 bytes, and pinned memory is taken from the whole machine. */
    private static final int PIECE = 1 << 25;

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

    /** Copies of some of the elements. */
    interface Copies {
        /** The next ones: {@code count} from the {@code done}-th on. */
        void next(ByteBuffer buffer, int done, int count);
    }

    private void download(int from, int count, Copies copies) {
        forEachPiece(
                count, PIECE, (done, n) -> copies.next(queue.download(at(from + done), n * type.bytes()), done, n));
    }

    private void upload(int to, int count, Copies copies) {
        forEachPiece(
                count,
                PIECE,
                (done, n) -> queue.upload(at(to + done), n * type.bytes(), buffer -> copies.next(buffer, done, n)));
    }

    /** Takes a piece of a range: how many elements come before it, and how many it has. */
    interface Piece {
        void take(int done, int count);
    }

    /** The pieces of {@code count} elements, {@code most} in each but the last. */
    static void forEachPiece(int count, int most, Piece piece) {
        for (long done = 0; done < count; done += most) {
            piece.take((int) done, (int) Math.min(most, count - done));
        }
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
        upload(at, count, (buffer, done, n) -> {
            for (int i = 0; i < n; i++) {
                put(buffer, value);
            }
        });
    }

    @Override
    public void read(int at, double[] out, int count) {
        download(at, count, (buffer, done, n) -> {
            for (int i = done; i < done + n; i++) {
                out[i] = next(buffer);
            }
        });
    }

    @Override
    public void write(int at, double[] values, int count) {
        upload(at, count, (buffer, done, n) -> {
            for (int i = done; i < done + n; i++) {
                put(buffer, values[i]);
            }
        });
    }

    @Override
    public void read(int at, float[] out, int from, int count) {
        download(at, count, (buffer, done, n) -> {
            for (int i = from + done; i < from + done + n; i++) {
                out[i] = (float) next(buffer);
            }
        });
    }

    @Override
    public void write(int at, float[] values, int from, int count) {
        upload(at, count, (buffer, done, n) -> {
            for (int i = from + done; i < from + done + n; i++) {
                put(buffer, values[i]);
            }
        });
    }

    @Override
    public void write(RawArray source, int from, int at, int count) {
        upload(at, count, (buffer, done, n) -> {
            if (type == DType.FLOAT && source.floats() != null) {
                buffer.asFloatBuffer().put(source.floats(), from + done, n);
                return;
            }
            for (int i = from + done; i < from + done + n; i++) {
                put(buffer, source.get(i));
            }
        });
    }

    @Override
    public void writeRows(RawArray source, int[] numbers, int width, int at) {
        if (rows != null && rows.copy(source, numbers, width, at(at))) {
            return;
        }
        upload(at, numbers.length * width, (buffer, done, n) -> {
            for (int i = done; i < done + n; ) {
                int from = numbers[i / width] * width + i % width;
                int until = Math.min(done + n, (i / width + 1) * width);
                for (int j = 0; j < until - i; j++) {
                    put(buffer, source.get(from + j));
                }
                i = until;
            }
        });
    }

    @Override
    public void addTo(RawArray target, int from, int at, int count) {
        download(from, count, (buffer, done, n) -> {
            for (int i = at + done; i < at + done + n; i++) {
                target.set(i, target.get(i) + next(buffer));
            }
        });
    }
}

package io.etastar.tensor.loop;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Storage;
import io.etastar.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Storage in the host's native memory, which loops read and write element by element.
 *
 * <p>Two implementations only: a process mostly uses one precision, so the calls below are inlined.
 */
public abstract class HostMemory extends Storage {
    /** Elements that loops take at once into Java arrays. */
    static final int BLOCK = 512;

    /** Elements of {@code type} in {@code bytes}, which the caller keeps alive. */
    public static HostMemory of(DType type, ByteBuffer bytes) {
        ByteBuffer ordered = bytes.order(ByteOrder.nativeOrder());
        return type == DType.FLOAT ? new Floats(ordered.asFloatBuffer()) : new Doubles(ordered.asDoubleBuffer());
    }

    /** The memory of a tensor that a CPU backend made; element i is at tensor.offset() + i. */
    public static HostMemory of(Tensor tensor) {
        return (HostMemory) tensor.storage();
    }

    /** Element {@code i} = value, rounded. */
    public abstract void set(int i, double value);

    /** Elements from {@code to} on = source[from..from + count), of the same precision. */
    abstract void copy(HostMemory source, int from, int to, int count);

    /** Elements from to + k length on = those of [from, from + length), for k from 0 to times - 1. */
    abstract void repeat(int from, int length, int to, int times);

    /** Single precision. */
    private static final class Floats extends HostMemory {
        private final FloatBuffer buffer;
        private float[] narrow;
        private float[] row = {};

        Floats(FloatBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public double get(int i) {
            return buffer.get(i);
        }

        @Override
        public void set(int i, double value) {
            buffer.put(i, (float) value);
        }

        @Override
        public void read(int at, float[] out, int from, int count) {
            buffer.get(at, out, from, count);
        }

        @Override
        public void write(int at, float[] values, int from, int count) {
            buffer.put(at, values, from, count);
        }

        private float[] narrow() {
            if (narrow == null) {
                narrow = new float[BLOCK];
            }
            return narrow;
        }

        @Override
        public void read(int at, double[] out, int count) {
            float[] block = narrow();
            for (int done = 0; done < count; done += BLOCK) {
                int some = Math.min(BLOCK, count - done);
                buffer.get(at + done, block, 0, some);
                for (int i = 0; i < some; i++) {
                    out[done + i] = block[i];
                }
            }
        }

        @Override
        public void write(int at, double[] values, int count) {
            float[] block = narrow();
            for (int done = 0; done < count; done += BLOCK) {
                int some = Math.min(BLOCK, count - done);
                for (int i = 0; i < some; i++) {
                    block[i] = (float) values[done + i];
                }
                buffer.put(at + done, block, 0, some);
            }
        }

        private float[] row(int length) {
            if (row.length < length) {
                row = new float[length];
            }
            return row;
        }

        @Override
        void copy(HostMemory source, int from, int to, int count) {
            buffer.put(to, ((Floats) source).buffer, from, count);
        }

        @Override
        public void fill(int at, int count, double value) {
            if (count == 1) {
                buffer.put(at, (float) value);
                return;
            }
            Arrays.fill(row(BLOCK), 0, Math.min(BLOCK, count), (float) value);
            for (int done = 0; done < count; done += BLOCK) {
                buffer.put(at + done, row, 0, Math.min(BLOCK, count - done));
            }
        }

        @Override
        void repeat(int from, int length, int to, int times) {
            if (length == 1) {
                fill(to, times, buffer.get(from));
                return;
            }
            buffer.get(from, row(length), 0, length);
            for (int k = 0; k < times; k++) {
                buffer.put(to + k * length, row, 0, length);
            }
        }

        @Override
        public void write(RawArray source, int from, int at, int count) {
            if (source.floats() != null) {
                buffer.put(at, source.floats(), from, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                buffer.put(at + i, (float) source.doubles()[from + i]);
            }
        }

        @Override
        public void addTo(RawArray target, int from, int at, int count) {
            if (target.floats() == null) {
                addWidened(target.doubles(), from, at, count);
                return;
            }
            float[] sums = target.floats();
            float[] block = narrow();
            for (int done = 0; done < count; done += BLOCK) {
                int some = Math.min(BLOCK, count - done);
                buffer.get(from + done, block, 0, some);
                for (int i = 0; i < some; i++) {
                    sums[at + done + i] += block[i];
                }
            }
        }

        private void addWidened(double[] sums, int from, int at, int count) {
            for (int i = 0; i < count; i++) {
                sums[at + i] += buffer.get(from + i);
            }
        }
    }

    /** Double precision. */
    private static final class Doubles extends HostMemory {
        private final DoubleBuffer buffer;
        private double[] row = {};

        Doubles(DoubleBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public double get(int i) {
            return buffer.get(i);
        }

        @Override
        public void set(int i, double value) {
            buffer.put(i, value);
        }

        @Override
        public void read(int at, double[] out, int count) {
            buffer.get(at, out, 0, count);
        }

        @Override
        public void write(int at, double[] values, int count) {
            buffer.put(at, values, 0, count);
        }

        @Override
        public void read(int at, float[] out, int from, int count) {
            for (int i = 0; i < count; i++) {
                out[from + i] = (float) buffer.get(at + i);
            }
        }

        @Override
        public void write(int at, float[] values, int from, int count) {
            for (int i = 0; i < count; i++) {
                buffer.put(at + i, values[from + i]);
            }
        }

        private double[] row(int length) {
            if (row.length < length) {
                row = new double[length];
            }
            return row;
        }

        @Override
        void copy(HostMemory source, int from, int to, int count) {
            buffer.put(to, ((Doubles) source).buffer, from, count);
        }

        @Override
        public void fill(int at, int count, double value) {
            if (count == 1) {
                buffer.put(at, value);
                return;
            }
            Arrays.fill(row(BLOCK), 0, Math.min(BLOCK, count), value);
            for (int done = 0; done < count; done += BLOCK) {
                buffer.put(at + done, row, 0, Math.min(BLOCK, count - done));
            }
        }

        @Override
        void repeat(int from, int length, int to, int times) {
            if (length == 1) {
                fill(to, times, buffer.get(from));
                return;
            }
            buffer.get(from, row(length), 0, length);
            for (int k = 0; k < times; k++) {
                buffer.put(to + k * length, row, 0, length);
            }
        }

        @Override
        public void write(RawArray source, int from, int at, int count) {
            if (source.doubles() != null) {
                buffer.put(at, source.doubles(), from, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                buffer.put(at + i, source.floats()[from + i]);
            }
        }

        @Override
        public void addTo(RawArray target, int from, int at, int count) {
            for (int i = 0; i < count; i++) {
                target.set(at + i, target.get(at + i) + buffer.get(from + i));
            }
        }
    }
}

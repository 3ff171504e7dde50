package io.etastar.tensor;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Element access to native memory for the loops that ND4J has no op for.
 *
 * <p>Two implementations only: a process mostly uses one precision, so the calls below are inlined.
 */
abstract class Cells {
    /** Elements that loops take at once into Java arrays. */
    static final int BLOCK = 512;

    static double[] block() {
        return new double[BLOCK];
    }

    /** out[0..count) = cells[at..], widened. */
    abstract void read(int at, double[] out, int count);

    /** cells[at..] = values[0..count), rounded. */
    abstract void write(int at, double[] values, int count);

    abstract double get(int i);

    abstract void set(int i, double value);

    /** cells[to..] = source[from..from + count), of the same precision. */
    abstract void copy(Cells source, int from, int to, int count);

    /** cells[at..at + count) = value, rounded. */
    abstract void fill(int at, int count, double value);

    /** cells[to + k length..] = cells[from..from + length) for k from 0 to times - 1. */
    abstract void repeat(int from, int length, int to, int times);

    /** cells[at..] = source[from..]. */
    abstract void write(RawArray source, int from, int at, int count);

    /** target[at..] += cells[from..]. */
    abstract void addTo(RawArray target, int from, int at, int count);

    /** Bumped by each write from outside; see {@link Kernels#allocateLeaf}. */
    private long version;

    private boolean leaf;

    /** Marks the cells as changed through writes from outside alone. */
    void markLeaf() {
        leaf = true;
    }

    void written() {
        version++;
    }

    /** A number that changes whenever the content of a leaf does; -1 where only a look at the content tells. */
    long version() {
        return leaf ? version : -1;
    }

    /** Single precision. */
    static final class Floats extends Cells {
        private final FloatBuffer buffer;
        private float[] narrow;
        private float[] row = {};

        Floats(FloatBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        double get(int i) {
            return buffer.get(i);
        }

        @Override
        void set(int i, double value) {
            buffer.put(i, (float) value);
        }

        /** out[from..from + count) = cells[at..]. */
        void get(int at, float[] out, int from, int count) {
            buffer.get(at, out, from, count);
        }

        /** cells[at..] = values[from..from + count). */
        void put(int at, float[] values, int from, int count) {
            buffer.put(at, values, from, count);
        }

        private float[] narrow() {
            if (narrow == null) {
                narrow = new float[BLOCK];
            }
            return narrow;
        }

        @Override
        void read(int at, double[] out, int count) {
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
        void write(int at, double[] values, int count) {
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
        void copy(Cells source, int from, int to, int count) {
            buffer.put(to, ((Floats) source).buffer, from, count);
        }

        @Override
        void fill(int at, int count, double value) {
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
        void write(RawArray source, int from, int at, int count) {
            if (source.floats() != null) {
                buffer.put(at, source.floats(), from, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                buffer.put(at + i, (float) source.doubles()[from + i]);
            }
        }

        @Override
        void addTo(RawArray target, int from, int at, int count) {
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
    static final class Doubles extends Cells {
        private final DoubleBuffer buffer;
        private double[] row = {};

        Doubles(DoubleBuffer buffer) {
            this.buffer = buffer;
        }

        @Override
        double get(int i) {
            return buffer.get(i);
        }

        @Override
        void set(int i, double value) {
            buffer.put(i, value);
        }

        @Override
        void read(int at, double[] out, int count) {
            buffer.get(at, out, 0, count);
        }

        @Override
        void write(int at, double[] values, int count) {
            buffer.put(at, values, 0, count);
        }

        private double[] row(int length) {
            if (row.length < length) {
                row = new double[length];
            }
            return row;
        }

        @Override
        void copy(Cells source, int from, int to, int count) {
            buffer.put(to, ((Doubles) source).buffer, from, count);
        }

        @Override
        void fill(int at, int count, double value) {
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
        void write(RawArray source, int from, int at, int count) {
            if (source.doubles() != null) {
                buffer.put(at, source.doubles(), from, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                buffer.put(at + i, source.floats()[from + i]);
            }
        }

        @Override
        void addTo(RawArray target, int from, int at, int count) {
            for (int i = 0; i < count; i++) {
                target.set(at + i, target.get(at + i) + buffer.get(from + i));
            }
        }
    }
}

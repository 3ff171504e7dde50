package io.etastar.frame;

import io.etastar.data.RowDigest;
import io.etastar.data.Shard;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;

/** Packs the rows of a partition into blocks; the first row that is wrong ends them. */
record FramePacker(FrameReader reader) implements FlatMapFunction<Iterator<InternalRow>, FrameBlock> {
    /** Features of a block: enough that copying blocks costs no more than copying rows, and few enough to grow in steps. */
    private static final int BLOCK = 1 << 21;

    @Override
    public Iterator<FrameBlock> call(Iterator<InternalRow> rows) {
        return new Blocks(reader, rows);
    }

    private static final class Blocks implements Iterator<FrameBlock> {
        private final FrameReader reader;
        private final Iterator<InternalRow> rows;
        private boolean ended;
        private boolean full;

        private float[] features;
        private double[] wide;
        private float[] targets;
        private double[] weights;
        private int width;
        private int targetWidth;
        private int count;
        private double least;
        private double most;
        private double weight;
        private BitSet present;
        private TreeMap<Integer, Integer> groups;

        Blocks(FrameReader reader, Iterator<InternalRow> rows) {
            this.reader = reader;
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            return !ended && rows.hasNext();
        }

        @Override
        public FrameBlock next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            count = 0;
            least = Double.POSITIVE_INFINITY;
            most = Double.NEGATIVE_INFINITY;
            weight = 0;
            present = new BitSet();
            groups = new TreeMap<>();
            while (rows.hasNext() && (count == 0 || count < capacity())) {
                String problem = reader.read(rows.next());
                if (problem == null && count > 0) {
                    problem = ragged();
                }
                if (problem != null) {
                    ended = true;
                    return new FrameBlock(null, FrameBlock.Facts.wrong(problem));
                }
                append();
            }
            return block();
        }

        private int capacity() {
            return Math.max(1, BLOCK / Math.max(width, targetWidth));
        }

        private String ragged() {
            if (reader.featureLength() != width) {
                return reader.lengthsOfFeatures(width);
            }
            return reader.targetValues.length == targetWidth ? null : reader.lengthsOfTargets(targetWidth);
        }

        private void append() {
            if (count == 0) {
                // Behind a full block there is most likely another one: it is not grown from nothing again.
                int rows = full && width == reader.featureLength() ? capacity() : 0;
                width = reader.featureLength();
                targetWidth = reader.targetValues.length;
                features = new float[reader.isWide() ? 0 : rows * width];
                wide = new double[reader.isWide() ? rows * width : 0];
                targets = new float[rows * targetWidth];
                weights = new double[reader.hasWeights() ? rows : 0];
            }
            if (reader.isWide()) {
                wide = append(wide, reader.wideValues);
            } else {
                features = append(features, reader.featureValues);
            }
            targets = append(targets, reader.targetValues);
            if (reader.findsClasses()) {
                present.set((int) reader.targetValues[0]);
            }
            for (float target : reader.targetValues) {
                least = Math.min(least, target);
                most = Math.max(most, target);
            }
            if (reader.hasWeights()) {
                weights = count < weights.length ? weights : Arrays.copyOf(weights, grown(count, 1));
                weights[count] = reader.weightValue;
            }
            if (reader.hasGroups()) {
                groups.merge(reader.groupValue, 1, Integer::sum);
            }
            weight = Math.max(weight, reader.hasWeights() ? reader.weightValue : 1);
            count++;
        }

        private float[] append(float[] all, float[] row) {
            int from = count * row.length;
            float[] grown = from + row.length <= all.length ? all : Arrays.copyOf(all, grown(count, row.length));
            System.arraycopy(row, 0, grown, from, row.length);
            return grown;
        }

        private double[] append(double[] all, double[] row) {
            int from = count * row.length;
            double[] grown = from + row.length <= all.length ? all : Arrays.copyOf(all, grown(count, row.length));
            System.arraycopy(row, 0, grown, from, row.length);
            return grown;
        }

        /** Twice the rows, but no more than a block's. */
        private int grown(int rows, int length) {
            return Math.max(rows + 1, Math.min(capacity(), 2 * rows)) * length;
        }

        private static float[] cut(float[] values, int length) {
            return values.length == length ? values : Arrays.copyOf(values, length);
        }

        private FrameBlock block() {
            full = count == capacity();
            Shard shard = new Shard(
                    count,
                    packedFeatures(),
                    RawArray.of(cut(targets, count * targetWidth)),
                    reader.hasWeights() ? Arrays.copyOf(weights, count) : null);
            return new FrameBlock(
                    shard,
                    new FrameBlock.Facts(
                            RowDigest.of(shard), width, targetWidth, least, most, weight, present, groups, null));
        }

        /** In single precision if it holds all values as they are. */
        private RawArray packedFeatures() {
            int length = count * width;
            if (!reader.isWide()) {
                return RawArray.of(cut(features, length));
            }
            float[] rounded = new float[length];
            for (int i = 0; i < length; i++) {
                rounded[i] = (float) wide[i];
                if (rounded[i] != wide[i]) {
                    return RawArray.of(wide.length == length ? wide : Arrays.copyOf(wide, length));
                }
            }
            return RawArray.of(rounded);
        }
    }
}

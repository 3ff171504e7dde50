package io.etastar.data.prepared;

import io.etastar.data.ChannelMoments;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.Arrays;

/** Mean and deviation of each channel, exact for bytes, and counts of classes, over rows that come file by file. */
final class RowStatistics implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowFormat format;
    private final int channels;
    private final long[] classCounts;
    private final long[] sums;
    private final long[] squares;
    private ChannelMoments moments;
    private long count;

    /** The statistics of no rows. */
    RowStatistics(RowFormat format) {
        this.format = format;
        channels = Standardisation.channels(format.features().shape());
        classCounts = new long[format.classes()];
        sums = new long[channels];
        squares = new long[channels];
        moments = moments(new float[0]);
    }

    private ChannelMoments moments(float... features) {
        return ChannelMoments.of(RawArray.of(features), format.features().shape());
    }

    /** Adds a row of a shard in single precision. */
    void add(Shard shard, int row) {
        int length = shard.featureLength();
        float[] features = Arrays.copyOfRange(shard.features().floats(), row * length, (row + 1) * length);
        if (!format.features().bytes()) {
            moments = moments.plus(moments(features));
        }
        int block = length / channels;
        for (int i = 0; i < length && format.features().bytes(); i++) {
            int v = Math.round(features[i] * format.features().divisor());
            sums[i / block] += v;
            squares[i / block] += (long) v * v;
        }
        count += block;
        if (classCounts.length > 0) {
            classCounts[(int) shard.targets().get(row)]++;
        }
    }

    /** Adds those of the rows that follow. */
    void add(RowStatistics next) {
        for (int c = 0; c < channels; c++) {
            sums[c] += next.sums[c];
            squares[c] += next.squares[c];
        }
        Arrays.setAll(classCounts, k -> classCounts[k] + next.classCounts[k]);
        moments = moments.plus(next.moments);
        count += next.count;
    }

    /** Mean and deviation of each channel, of at least one row. */
    Standardisation standardisation() {
        return format.features().bytes()
                ? Standardisation.of(
                        count, sums, squares, 1.0 / format.features().divisor())
                : moments.standardisation();
    }

    /** Rows of each class; a copy. */
    long[] classCounts() {
        return classCounts.clone();
    }
}

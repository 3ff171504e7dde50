package io.etastar.data.prepared;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Mean and deviation of each channel and counts of classes, over rows that come file by file: exact for bytes; for floats
 * means and sums of squared differences in double precision, put together as by Chan, Golub and LeVeque (1983).
 */
final class RowStatistics implements Serializable {
    private static final long serialVersionUID = 1L;

    private final RowFormat format;
    private final int channels;
    private final long[] classCounts;
    private final long[] sums;
    private final long[] squares;
    private final double[] means;
    private final double[] differences;
    private final float[] least;
    private final float[] most;
    private long count;

    /** Of no rows. */
    RowStatistics(RowFormat format) {
        this.format = format;
        channels = Standardisation.channels(format.features().shape());
        classCounts = new long[format.classes()];
        sums = new long[channels];
        squares = new long[channels];
        means = new double[channels];
        differences = new double[channels];
        least = new float[channels];
        most = new float[channels];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
    }

    /** Adds a row of a shard. */
    void add(Shard shard, int row) {
        int length = shard.featureLength();
        int block = length / channels;
        float[] features = shard.features().floats();
        for (int c = 0; c < channels; c++) {
            addBlock(c, features, row * length + c * block, block);
        }
        count += block;
        if (classCounts.length > 0) {
            classCounts[(int) shard.targets().get(row)]++;
        }
    }

    private void addBlock(int c, float[] features, int from, int block) {
        if (format.features().bytes()) {
            for (int i = from; i < from + block; i++) {
                int v = Math.round(features[i] * format.features().divisor());
                sums[c] += v;
                squares[c] += (long) v * v;
            }
            return;
        }
        double sum = 0;
        for (int i = from; i < from + block; i++) {
            sum += features[i];
            least[c] = Math.min(least[c], features[i]);
            most[c] = Math.max(most[c], features[i]);
        }
        double mean = sum / block;
        double difference = 0;
        for (int i = from; i < from + block; i++) {
            difference += (features[i] - mean) * (features[i] - mean);
        }
        merge(c, block, mean, difference);
    }

    private void merge(int c, long other, double mean, double difference) {
        if (other == 0) {
            return;
        }
        double apart = mean - means[c];
        double all = count + other;
        means[c] += apart * (other / all);
        differences[c] += difference + apart * apart * (count * (other / all));
    }

    /** Adds those of the rows that follow. */
    void add(RowStatistics next) {
        for (int c = 0; c < channels; c++) {
            sums[c] += next.sums[c];
            squares[c] += next.squares[c];
            least[c] = Math.min(least[c], next.least[c]);
            most[c] = Math.max(most[c], next.most[c]);
            merge(c, next.count, next.means[c], next.differences[c]);
        }
        Arrays.setAll(classCounts, k -> classCounts[k] + next.classCounts[k]);
        count += next.count;
    }

    /** Mean and deviation of each channel, of at least one row. */
    Standardisation standardisation() {
        if (format.features().bytes()) {
            return Standardisation.of(
                    count, sums, squares, 1.0 / format.features().divisor());
        }
        double[] deviation = new double[channels];
        for (int c = 0; c < channels; c++) {
            boolean varies = most[c] > least[c] && differences[c] > 0;
            deviation[c] = varies ? Math.sqrt(differences[c] / count) : 1;
        }
        return new Standardisation(means.clone(), deviation);
    }

    /** Rows of each class; a copy. */
    long[] classCounts() {
        return classCounts.clone();
    }
}

package io.etastar.data;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;

/**
 * x -> (x - mean) / deviation per channel: the first axis of images [C, H, W], each column of a table's rows [F], or one channel for
 * everything else. One mean and deviation do for rows of any shape: models of earlier versions have one for all columns.
 *
 * @param mean per channel; shared
 * @param deviation per channel, positive: the population's standard deviation, or 1 if a channel is constant; shared
 */
public record Standardisation(double[] mean, double[] deviation) implements Serializable {
    /** Checks that there is a finite mean and a positive deviation for each channel. */
    public Standardisation {
        boolean valid = mean.length == deviation.length
                && mean.length > 0
                && Arrays.stream(mean).allMatch(Double::isFinite)
                && Arrays.stream(deviation).allMatch(value -> value > 0 && Double.isFinite(value));
        if (!valid) {
            throw new IllegalArgumentException(
                    "mean " + Arrays.toString(mean) + " and deviation " + Arrays.toString(deviation));
        }
    }

    /** x -> x. */
    public static Standardisation identity(int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new Standardisation(new double[channels], ones);
    }

    /** Whether it changes nothing. */
    public boolean isIdentity() {
        return Arrays.stream(mean).allMatch(value -> value == 0)
                && Arrays.stream(deviation).allMatch(value -> value == 1);
    }

    /** Number of channels of rows of that shape. */
    public static int channels(int[] featureShape) {
        return featureShape.length == 3 || featureShape.length == 1 ? featureShape[0] : 1;
    }

    /**
     * From exact sums over whole-numbered values v, where x = v * scale.
     *
     * @param count values of each channel
     * @param sums of v, per channel
     * @param squares sums of v^2, per channel
     * @param scale what the values are multiplied by when they are read
     */
    public static Standardisation of(long count, long[] sums, long[] squares, double scale) {
        double[] mean = new double[sums.length];
        double[] deviation = new double[sums.length];
        for (int c = 0; c < sums.length; c++) {
            BigInteger n = BigInteger.valueOf(count);
            BigInteger sum = BigInteger.valueOf(sums[c]);
            BigInteger spread = n.multiply(BigInteger.valueOf(squares[c])).subtract(sum.multiply(sum));
            BigDecimal variance = new BigDecimal(spread).divide(new BigDecimal(n.multiply(n)), MathContext.DECIMAL64);
            mean[c] = (double) sums[c] / count * scale;
            deviation[c] = spread.signum() == 0 ? 1 : Math.sqrt(variance.doubleValue()) * scale;
        }
        return new Standardisation(mean, deviation);
    }

    /** The standardisation of given features, rows of {@code featureShape}, measured by two passes in double precision. */
    public static Standardisation of(RawArray features, int[] featureShape) {
        int channels = channels(featureShape);
        int block = block(featureShape);
        double count = (double) features.length() / channels;
        double[] mean = new double[channels];
        for (int i = 0; i < features.length(); i++) {
            mean[i / block % channels] += features.get(i);
        }
        for (int c = 0; c < channels; c++) {
            mean[c] /= count;
        }
        double[] deviation = new double[channels];
        double[] rest = new double[channels];
        for (int i = 0; i < features.length(); i++) {
            double difference = features.get(i) - mean[i / block % channels];
            rest[i / block % channels] += difference;
            deviation[i / block % channels] += difference * difference;
        }
        boolean[] varies = varies(features, channels, block);
        for (int c = 0; c < channels; c++) {
            double variance = (deviation[c] - rest[c] * rest[c] / count) / count;
            mean[c] += rest[c] / count;
            deviation[c] = varies[c] && variance > 0 ? Math.sqrt(variance) : 1;
        }
        return new Standardisation(mean, deviation);
    }

    private static boolean[] varies(RawArray features, int channels, int block) {
        boolean[] varies = new boolean[channels];
        for (int i = 0; i < features.length(); i++) {
            int c = i / block % channels;
            varies[c] |= features.get(i) != features.get(c * block);
        }
        return varies;
    }

    /** Elements that lie together of one channel. */
    private static int block(int[] featureShape) {
        return Ranges.length(featureShape) / channels(featureShape);
    }

    /** Standardises a shard's features in place, in double precision, rounded to the shard's. */
    public void applyInPlace(Shard shard, int[] featureShape) {
        if (mean.length != 1 && channels(featureShape) != mean.length) {
            throw new IllegalArgumentException(
                    mean.length + " channels for features of shape " + Arrays.toString(featureShape));
        }
        if (isIdentity()) {
            return;
        }
        applyInPlace(shard.features(), Ranges.length(featureShape) / mean.length);
    }

    /** Standardises rows of as many elements as there are channels in place, in double precision, rounded to their own. */
    public void applyInPlace(RawArray rows) {
        applyInPlace(rows, 1);
    }

    private void applyInPlace(RawArray rows, int block) {
        float[] floats = rows.floats();
        double[] doubles = rows.doubles();
        for (int row = 0; row < rows.length(); row += block * mean.length) {
            for (int c = 0; c < mean.length; c++) {
                for (int j = row + c * block; j < row + (c + 1) * block; j++) {
                    if (floats != null) {
                        floats[j] = (float) ((floats[j] - mean[c]) / deviation[c]);
                    } else {
                        doubles[j] = (doubles[j] - mean[c]) / deviation[c];
                    }
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Standardisation that
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }

    @Override
    public String toString() {
        return "mean " + Arrays.toString(mean) + ", deviation " + Arrays.toString(deviation);
    }
}

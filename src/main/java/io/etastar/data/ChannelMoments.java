package io.etastar.data;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Moments of each channel of some rows, in double precision; those of two sets of rows add up to those of both (Chan, Golub and
 * LeVeque, 1983).
 *
 * @param count values of each channel
 * @param mean of each channel; shared
 * @param squares sum of squared differences from the mean, for each channel; shared
 * @param least smallest value of each channel; shared
 * @param most largest value of each channel; shared
 */
public record ChannelMoments(double count, double[] mean, double[] squares, double[] least, double[] most)
        implements Serializable {
    /** The moments of rows of {@code featureShape}; there may be none. */
    public static ChannelMoments of(RawArray features, int[] featureShape) {
        int channels = Standardisation.channels(featureShape);
        int block = Ranges.length(featureShape) / channels;
        ChannelMoments moments = empty((double) features.length() / channels, channels);
        // By blocks of one channel: a division for each element would take longer than all the rest.
        for (int from = 0, c = 0; from < features.length(); from += block, c = c + 1 < channels ? c + 1 : 0) {
            double sum = 0;
            double least = moments.least[c];
            double most = moments.most[c];
            for (int i = from; i < from + block; i++) {
                double value = features.get(i);
                sum += value;
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
            moments.mean[c] += sum;
            moments.least[c] = least;
            moments.most[c] = most;
        }
        for (int c = 0; c < channels && features.length() > 0; c++) {
            moments.mean[c] /= moments.count;
        }
        for (int from = 0, c = 0; from < features.length(); from += block, c = c + 1 < channels ? c + 1 : 0) {
            double mean = moments.mean[c];
            double squares = 0;
            for (int i = from; i < from + block; i++) {
                double difference = features.get(i) - mean;
                squares += difference * difference;
            }
            moments.squares[c] += squares;
        }
        return moments;
    }

    private static ChannelMoments empty(double count, int channels) {
        double[] least = new double[channels];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        double[] most = new double[channels];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        return new ChannelMoments(count, new double[channels], new double[channels], least, most);
    }

    /** The moments of the rows of both; new arrays. */
    public ChannelMoments plus(ChannelMoments other) {
        ChannelMoments sum = empty(count + other.count, mean.length);
        for (int c = 0; c < mean.length && sum.count > 0; c++) {
            double difference = other.mean[c] - mean[c];
            sum.mean[c] = mean[c] + difference * other.count / sum.count;
            sum.squares[c] = squares[c] + other.squares[c] + difference * difference * count * other.count / sum.count;
            sum.least[c] = Math.min(least[c], other.least[c]);
            sum.most[c] = Math.max(most[c], other.most[c]);
        }
        return sum;
    }

    /** Mean and the population's standard deviation, 1 if a channel is constant. */
    public Standardisation standardisation() {
        double[] deviation = new double[mean.length];
        double[] centre = new double[mean.length];
        for (int c = 0; c < mean.length; c++) {
            boolean varies = least[c] < most[c] && squares[c] > 0;
            deviation[c] = varies ? Math.sqrt(squares[c] / count) : 1;
            // So that a constant channel gives 0, whatever the sum of its values was rounded to.
            centre[c] = least[c] == most[c] ? least[c] : mean[c];
        }
        return new Standardisation(centre, deviation);
    }
}

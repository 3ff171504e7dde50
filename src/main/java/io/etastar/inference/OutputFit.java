package io.etastar.inference;

import io.etastar.data.Shard;
import io.etastar.tensor.RawArray;
import java.io.Serializable;

/**
 * How a network's outputs fit the targets of some rows: sums over the rows, each counted by its weight.
 *
 * @param weight of all rows
 * @param loss -log p of the label's class, or the mean square of the differences from a row's targets
 * @param correct weight of the rows whose likeliest class is the label's; 0 without classes
 * @param bins for each of {@link #BINS} ranges of the likeliest class's probability: weight, probability, weight of correct rows
 */
public record OutputFit(double weight, double loss, double correct, double[][] bins) implements Serializable {
    /** Ranges of equal width, as usual for the expected calibration error. */
    public static final int BINS = 15;

    static OutputFit none() {
        return new OutputFit(0, 0, 0, new double[BINS][3]);
    }

    /** The fit of outputs [rows, width] flat; logits if there are classes. */
    static OutputFit of(Shard rows, RawArray outputs, int classes) {
        double[][] bins = new double[BINS][3];
        double weight = 0;
        double loss = 0;
        double correct = 0;
        int width = outputs.length() / rows.rows();
        double[] row = new double[width];
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < width; j++) {
                row[j] = outputs.get(i * width + j);
            }
            double counts = rows.weight(i);
            weight += counts;
            if (classes == 0) {
                loss += counts * squares(row, rows.targets(), i);
                continue;
            }
            int label = (int) rows.targets().get(i);
            double[] shares = NetworkCall.softmax(row);
            int best = NetworkCall.largest(row);
            int hit = best == label ? 1 : 0;
            loss -= counts * Math.log(Math.max(shares[label], Double.MIN_NORMAL));
            correct += counts * hit;
            double[] bin = bins[Math.min(BINS - 1, (int) (shares[best] * BINS))];
            bin[0] += counts;
            bin[1] += counts * shares[best];
            bin[2] += counts * hit;
        }
        return new OutputFit(weight, loss, correct, bins);
    }

    private static double squares(double[] outputs, RawArray targets, int row) {
        double sum = 0;
        for (int j = 0; j < outputs.length; j++) {
            double difference = outputs[j] - targets.get(row * outputs.length + j);
            sum += difference * difference;
        }
        return sum / outputs.length;
    }

    /** The sums over these rows and others; a new record. */
    OutputFit plus(OutputFit other) {
        double[][] sum = new double[BINS][3];
        for (int i = 0; i < BINS; i++) {
            for (int j = 0; j < 3; j++) {
                sum[i][j] = bins[i][j] + other.bins[i][j];
            }
        }
        return new OutputFit(weight + other.weight, loss + other.loss, correct + other.correct, sum);
    }

    /** Mean loss of a row. */
    public double meanLoss() {
        return loss / weight;
    }

    /** Share of correct rows. */
    public double accuracy() {
        return correct / weight;
    }

    /**
     * Expected calibration error: the mean over rows of |share of correct rows - mean probability| in the row's bin (Guo and others,
     * 2017).
     */
    public double calibrationError() {
        double sum = 0;
        for (double[] bin : bins) {
            sum += Math.abs(bin[2] - bin[1]);
        }
        return sum / weight;
    }
}

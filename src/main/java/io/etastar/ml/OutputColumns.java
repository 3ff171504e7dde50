package io.etastar.ml;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.DenseVector;

/**
 * Columns made of a model's outputs, in this order: raw prediction, probability, prediction.
 *
 * @param classes number of classes, 0 for regression
 * @param raw whether there is a column of logits
 * @param probability whether there is a column of probabilities
 * @param prediction whether there is a column of predictions
 * @param thresholds of the classes, or null
 */
record OutputColumns(int classes, boolean raw, boolean probability, boolean prediction, double[] thresholds)
        implements Serializable {
    /** Values of the columns for one row of {@code outputs} [rows, width]. */
    List<Object> of(RawArray outputs, int row, int width) {
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = outputs.get(row * width + i);
        }
        List<Object> columns = new ArrayList<>();
        if (classes == 0) {
            columns.add(width == 1 ? (Object) values[0] : new DenseVector(values));
            return columns;
        }
        double[] shares = softmax(values);
        if (raw) {
            columns.add(new DenseVector(values));
        }
        if (probability) {
            columns.add(new DenseVector(shares));
        }
        if (prediction) {
            columns.add((double) (thresholds == null ? largest(values) : predicted(shares, thresholds)));
        }
        return columns;
    }

    /** exp(x_i) over their sum; a new array. */
    static double[] softmax(double[] logits) {
        double most = Arrays.stream(logits).max().orElse(0);
        double[] shares = Arrays.stream(logits).map(x -> Math.exp(x - most)).toArray();
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(x -> x / sum).toArray();
    }

    /** Class of the largest share over threshold; a threshold of 0 goes before all. */
    private static int predicted(double[] shares, double[] thresholds) {
        double[] scaled = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            scaled[i] = thresholds[i] == 0 ? Double.POSITIVE_INFINITY : shares[i] / thresholds[i];
        }
        return largest(scaled);
    }

    /** Index of the first of the largest. */
    static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}

package io.etastar.graph;

/**
 * A mean over the rows of a batch that a graph takes, such as the mean and the variance of batch norm: its value over all
 * training rows, which predictions take in its place.
 *
 * @param name of the graph's variable; in the zoo PyTorch's, such as {@code bn1.running_mean}
 * @param shape of the variable; shared
 * @param values row-major; shared
 */
public record Statistic(String name, int[] shape, double[] values) {
    /** Checks that the values fit the shape. */
    public Statistic {
        int length = 1;
        for (int side : shape) {
            length *= side;
        }
        if (length != values.length) {
            throw new IllegalArgumentException(name + ": " + values.length + " values for " + length);
        }
    }
}

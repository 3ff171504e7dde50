package io.etastar.quantity;

/**
 * Means over the rows of micro-batches, summed over micro-batches, each times its number of rows.
 *
 * @param rows of all micro-batches
 * @param values rows times the mean, of each element of the variables asked for, one behind another; shared
 * @param squares rows times the mean's square
 */
public record MeanSums(double rows, double[] values, double[] squares) implements Sum<MeanSums> {
    /** The sum over no row, of so many elements. */
    public static MeanSums zero(int length) {
        return new MeanSums(0, new double[length], new double[length]);
    }

    /** Adds {@code other} to the arrays of this. */
    @Override
    public MeanSums merge(MeanSums other) {
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[i];
            squares[i] += other.squares[i];
        }
        return new MeanSums(rows + other.rows, values, squares);
    }
}

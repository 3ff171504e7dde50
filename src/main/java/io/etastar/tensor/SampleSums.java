package io.etastar.tensor;

/**
 * Operands of the sums over a micro-batch's rows: weights, weighted losses, and weights of rows whose largest output, the first
 * of equal ones, is their class.
 *
 * @param weights [N]; a row of weight 0 counts for nothing, even if its loss is not finite
 * @param losses [N]
 * @param outputs [N, width]
 * @param targets class indices [N]; of no effect unless {@code classes}
 * @param classes whether targets are classes; if not, the third sum stays
 * @param sums the three sums, each added to at its element
 */
public record SampleSums(Tensor weights, Tensor losses, Tensor outputs, Tensor targets, boolean classes, Doubles sums) {
    /** Elements of {@link #sums}. */
    public static final int SAMPLES = 0;
    /** Weighted losses. */
    public static final int LOSS = 1;
    /** Weights of correct predictions. */
    public static final int CORRECT = 2;
    /** How many there are. */
    public static final int COUNT = 3;
}

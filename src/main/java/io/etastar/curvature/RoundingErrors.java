package io.etastar.curvature;

import io.etastar.partition.Partition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds subsets whose derivatives are rounding errors alone: the loss does not depend on them, though no computed derivative is
 * exactly 0. Examples are the key biases of attention, as softmax ignores what is added to all its inputs, and biases before a batch
 * norm.
 *
 * <p>Their terms cancel within each sample, so sums over samples or shards of absolute values are as small as the derivative, and do
 * not tell. What is compared is the same computation in single and in double precision. Rounding errors are proportional to the unit
 * roundoff: the difference is the error in single precision, and 2^-29 of it is that in double precision. A value is below rounding
 * if it is at most {@link #MARGIN} times its error, fewer than four bits being right. Values that are small for other reasons agree
 * in both precisions, whatever their size: in units of this error they are larger by some ten orders.
 *
 * <p>Compared are lengths of vectors, as single numbers may agree by chance: each subset's part of the gradient, and its row of H for
 * directions of length 1. A row is below rounding, too, if it is 16 unit roundoffs of the largest row or less. A subset is left out if both its
 * gradient and its row are below rounding: a slope of 0 where the loss is curved is no reason.
 */
public final class RoundingErrors {
    /** Errors that a value must exceed: four bits. */
    public static final double MARGIN = 16;

    /** Unit roundoff of double precision over that of single precision. */
    public static final double DOUBLE = 0x1p-29;

    /** Unit roundoff of single precision. */
    private static final double SINGLE = 0x1p-24;

    private RoundingErrors() {}

    /**
     * Derivatives in one precision.
     *
     * @param gradient of the mean loss [P]
     * @param h second derivatives [S, S] along each subset's direction divided by its length
     */
    public record Derivatives(double[] gradient, double[][] h) {}

    /**
     * Which subsets have derivatives of 0 or below rounding [S]. What is not finite is not below rounding.
     *
     * @param found the derivatives in question
     * @param other the same in the other precision
     * @param relativeRoundoff unit roundoff of {@code found}'s precision over that of single precision: 1 or {@link #DOUBLE}
     */
    public static boolean[] subsets(
            Partition partition, Derivatives found, Derivatives other, double relativeRoundoff) {
        double margin = MARGIN * relativeRoundoff;
        double[] slopes = lengths(partition, found.gradient, null);
        double[] slopeErrors = lengths(partition, found.gradient, other.gradient);
        double[] rows =
                Arrays.stream(found.h).mapToDouble(row -> length(row, null)).toArray();
        double besideOthers = margin * SINGLE * Arrays.stream(rows).max().orElse(0);
        boolean[] below = new boolean[partition.size()];
        for (int s = 0; s < below.length; s++) {
            double rowError = length(found.h[s], other.h[s]);
            boolean finite = Double.isFinite(slopeErrors[s]) && Double.isFinite(rowError);
            boolean curved = rows[s] > margin * rowError && !(rows[s] <= besideOthers);
            below[s] = finite && slopes[s] <= margin * slopeErrors[s] && !curved;
        }
        return below;
    }

    /** Euclidean length of each subset's part of {@code values}, less {@code others} unless that is null [S]. */
    private static double[] lengths(Partition partition, double[] values, double @Nullable [] others) {
        double[] lengths = new double[partition.size()];
        for (int i = 0; i < partition.layout().count(); i++) {
            int from = partition.layout().offset(i);
            int s = partition.subsetOf(i);
            for (int p = from; p < from + partition.layout().length(i); p++) {
                lengths[s] = Math.hypot(lengths[s], others == null ? values[p] : values[p] - others[p]);
            }
        }
        return lengths;
    }

    private static double length(double[] values, double @Nullable [] others) {
        double length = 0;
        for (int t = 0; t < values.length; t++) {
            length = Math.hypot(length, others == null ? values[t] : values[t] - others[t]);
        }
        return length;
    }
}

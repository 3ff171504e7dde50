package io.etastar.taylor.composite;

import io.etastar.taylor.graph.Op;

/** Loss ops of SameDiff, one loss for each element or row; inputs are predictions, weights, targets. */
final class Losses {
    private Losses() {}

    /** -sum_c y_c log softmax(z)_c with y = (1 - s) targets + s / C. */
    static void softmaxCrossEntropy(Parts p) {
        weigh(p, crossEntropy(p, p.in(0), smoothed(p), p.shape(0).length));
    }

    /** The same of logits and targets alone. */
    static void softmaxCrossEntropyOfLogits(Parts p) {
        if (p.axis(p.integer(0, -1)) != p.shape(0).length - 1) {
            throw Op.error(p.source(), "found classes on axis " + p.integer(0, -1) + ", expected the last one");
        }
        crossEntropy(p, p.in(0), p.in(1), p.shape(0).length);
    }

    private static String crossEntropy(Parts p, String logits, String targets, int rank) {
        String product = p.part("multiply", p.part("log_softmax", logits), targets);
        return p.part("neg", p.reduction("reduce_sum", false, false, new int[] {rank - 1}, product));
    }

    private static String smoothed(Parts p) {
        double smoothing = p.scalar(0, 0);
        if (smoothing == 0) {
            return p.in(2);
        }
        int classes = p.shape(0)[p.shape(0).length - 1];
        return p.scalars("add_scalar", smoothing / classes, p.scalars("mul_scalar", 1 - smoothing, p.in(2)));
    }

    /** abs(z - y). */
    static void absoluteDifference(Parts p) {
        weigh(p, p.part("abs", p.part("subtract", p.in(0), p.in(2))));
    }

    /** (z - y)^2 / 2 up to a distance d, then d abs(z - y) - d^2 / 2. */
    static void huber(Parts p) {
        weigh(p, p.scalars("huber", p.scalar(0, 1), p.part("subtract", p.in(0), p.in(2))));
    }

    /** exp(z) - y z. */
    static void poisson(Parts p) {
        if (p.integer(1, 0) != 0) {
            throw Op.error(p.source(), "found the full loss, expected the one without Stirling's term");
        }
        weigh(p, p.part("subtract", p.part("exp", p.in(0)), p.part("multiply", p.in(0), p.in(2))));
    }

    /** 1 - sum of z y over the axis that the second integer names. */
    static void cosineDistance(Parts p) {
        int axis = p.axis(p.integer(1, -1));
        String product = p.part("multiply", p.in(0), p.in(2));
        weigh(p, p.scalars("rsub_scalar", 1, p.reduction("reduce_sum", true, false, new int[] {axis}, product)));
    }

    /** Multiplies by the loss op's weights. */
    private static void weigh(Parts p, String losses) {
        if (p.integer(0, 0) != 0) {
            throw Op.error(p.source(), "found a reduction, expected none (one loss for each element)");
        }
        p.weigh(losses, p.in(1));
    }
}

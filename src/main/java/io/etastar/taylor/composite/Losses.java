package io.etastar.taylor.composite;

import io.etastar.taylor.graph.Op;

/**
 * Loss ops of SameDiff; inputs are predictions, weights, targets.
 *
 * <p>They come with a reduction. Only the one without (one loss for each element or row) is taken, so that a sample's weight
 * can enter: reduce with mean or sum over the axes behind the samples.
 */
public final class Losses {
    private Losses() {}

    /** -sum_c y_c log softmax(z)_c with y = (1 - s) targets + s / C. */
    public static void softmaxCrossEntropy(Decomposer p) {
        weigh(p, crossEntropy(p, p.in(0), smoothed(p), p.shape(0).length));
    }

    /** The same of logits and targets alone. */
    public static void softmaxCrossEntropyOfLogits(Decomposer p) {
        if (p.axis(p.integer(0, -1)) != p.shape(0).length - 1) {
            throw Op.error(p.source(), "found classes on axis " + p.integer(0, -1) + ", expected the last one");
        }
        crossEntropy(p, p.in(0), p.in(1), p.shape(0).length);
    }

    private static String crossEntropy(Decomposer p, String logits, String targets, int rank) {
        String product = p.part("multiply", p.part("log_softmax", logits), targets);
        return p.part("neg", p.reduction("reduce_sum", false, false, new int[] {rank - 1}, product));
    }

    private static String smoothed(Decomposer p) {
        double smoothing = p.scalar(0, 0);
        if (smoothing == 0) {
            return p.in(2);
        }
        int classes = p.shape(0)[p.shape(0).length - 1];
        return p.scalars("add_scalar", smoothing / classes, p.scalars("mul_scalar", 1 - smoothing, p.in(2)));
    }

    /** (z - y)^2. */
    public static void squaredDifference(Decomposer p) {
        weigh(p, p.part("square", p.part("subtract", p.in(0), p.in(2))));
    }

    /**
     * With logits z and targets y: log(1 + exp z) - z y, which is -y log p - (1 - y) log(1 - p) for p = sigmoid(z). Label
     * smoothing s makes targets (1 - s) y + s / 2.
     */
    public static void binaryCrossEntropyOfLogits(Decomposer p) {
        double smoothing = p.scalar(0, 0);
        String targets = p.in(2);
        if (smoothing != 0) {
            targets = p.scalars("add_scalar", smoothing / 2, p.scalars("mul_scalar", 1 - smoothing, targets));
        }
        String normaliser = p.part("softplus", p.in(0));
        weigh(p, p.part("subtract", normaliser, p.part("multiply", p.in(0), targets)));
    }

    /** With probabilities p and targets y: -y log(p + e) - (1 - y) log(1 - p + e). */
    public static void binaryCrossEntropy(Decomposer p) {
        double epsilon = p.scalar(0, 0);
        String yes = p.part("log", p.scalars("add_scalar", epsilon, p.in(0)));
        String no = p.part("log", p.scalars("rsub_scalar", 1 + epsilon, p.in(0)));
        String rest = p.scalars("rsub_scalar", 1, p.in(2));
        String likelihood = p.part("add", p.part("multiply", yes, p.in(2)), p.part("multiply", no, rest));
        weigh(p, p.part("neg", likelihood));
    }

    /** abs(z - y). */
    public static void absoluteDifference(Decomposer p) {
        weigh(p, p.part("abs", p.part("subtract", p.in(0), p.in(2))));
    }

    /** (z - y)^2 / 2 up to a distance d, then d abs(z - y) - d^2 / 2. */
    public static void huber(Decomposer p) {
        weigh(p, p.scalars("huber", p.scalar(0, 1), p.part("subtract", p.in(0), p.in(2))));
    }

    /** exp(z) - y z. */
    public static void poisson(Decomposer p) {
        if (p.integer(1, 0) != 0) {
            throw Op.error(p.source(), "found the full loss, expected the one without Stirling's term");
        }
        weigh(p, p.part("subtract", p.part("exp", p.in(0)), p.part("multiply", p.in(0), p.in(2))));
    }

    /** 1 - sum of z y over the axis that the second integer names. */
    public static void cosineDistance(Decomposer p) {
        int axis = p.axis(p.integer(1, -1));
        String product = p.part("multiply", p.in(0), p.in(2));
        weigh(p, p.scalars("rsub_scalar", 1, p.reduction("reduce_sum", true, false, new int[] {axis}, product)));
    }

    /** Multiplies by the loss op's weights. */
    private static void weigh(Decomposer p, String losses) {
        if (p.integer(0, 0) != 0) {
            throw Op.error(p.source(), "found a reduction, expected none (one loss for each element)");
        }
        p.weigh(losses, p.in(1));
    }
}

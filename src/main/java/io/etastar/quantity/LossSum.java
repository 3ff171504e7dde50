package io.etastar.quantity;

/**
 * Loss and correct predictions summed over samples.
 *
 * @param samples sum of the samples' weights
 * @param loss weighted sum of the samples' losses
 * @param correct weighted count of samples whose largest output is their class; 0 if labels are not classes
 */
public record LossSum(double samples, double loss, double correct) implements Sum<LossSum> {
    /** The sum over no sample. */
    public static final LossSum ZERO = new LossSum(0, 0, 0);

    @Override
    public LossSum merge(LossSum other) {
        return plus(other);
    }

    /** The sum over both sets of samples; a new one. */
    public LossSum plus(LossSum other) {
        return new LossSum(samples + other.samples, loss + other.loss, correct + other.correct);
    }

    /** Mean loss of a sample. */
    public double meanLoss() {
        return loss / samples;
    }

    /** Fraction of correct predictions. */
    public double accuracy() {
        return correct / samples;
    }

    /**
     * Losses at several points, each summed over the same samples.
     *
     * @param losses by point; shared
     */
    public record Several(LossSum... losses) implements Sum<Several> {
        @Override
        public Several merge(Several other) {
            LossSum[] sum = new LossSum[losses.length];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = losses[i].plus(other.losses[i]);
            }
            return new Several(sum);
        }
    }
}

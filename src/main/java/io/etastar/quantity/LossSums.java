package io.etastar.quantity;

/**
 * Losses at several points along a direction, each summed over the same samples.
 *
 * @param losses by point; shared
 */
public record LossSums(LossSum[] losses) implements Sum<LossSums> {
    @Override
    public LossSums merge(LossSums other) {
        LossSum[] sum = new LossSum[losses.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = losses[i].plus(other.losses[i]);
        }
        return new LossSums(sum);
    }
}

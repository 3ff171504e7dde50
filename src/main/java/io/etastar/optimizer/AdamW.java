package io.etastar.optimizer;

import io.etastar.settings.BaseRuleSettings;
import java.util.Map;

/**
 * Adam whose weight decay is not divided by the second moment (I. Loshchilov, F. Hutter, arXiv 1711.05101): u is Adam's
 * direction + weightDecay theta.
 */
final class AdamW implements BaseRule {
    private final Adam adam;
    private final double weightDecay;

    AdamW(BaseRuleSettings settings, int size) {
        adam = new Adam(settings, size);
        weightDecay = settings.weightDecay();
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        return ParameterVectors.decayed(adam.direction(meanGradient, theta), theta, weightDecay);
    }

    @Override
    public Map<String, double[]> state() {
        return adam.state();
    }

    @Override
    public void restore(Map<String, double[]> state) {
        adam.restore(state);
    }
}

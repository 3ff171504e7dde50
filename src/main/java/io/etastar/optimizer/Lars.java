package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.settings.BaseRuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Steps in proportion to each tensor's norm (Y. You, I. Gitman, B. Ginsburg, arXiv 1708.03888). For a tensor w with gradient g:
 * ratio = trust |w| / (|g| + weightDecay |w|), or 1 if w or g is 0; u = momentum u + ratio (g + weightDecay w), from 0.
 */
final class Lars implements BaseRule {
    private static final String VELOCITY = "velocity";

    private final double momentum;
    private final double weightDecay;
    private final double trust;
    private final ParameterLayout layout;
    private double[] velocity;

    Lars(BaseRuleSettings settings, ParameterLayout layout) {
        momentum = settings.momentum().momentum();
        weightDecay = settings.weightDecay();
        trust = settings.trust();
        this.layout = layout;
        velocity = new double[layout.size()];
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            int from = layout.offset(tensor);
            int to = from + layout.length(tensor);
            double ratio = ratio(
                    ParameterVectors.euclidean(theta, from, to), ParameterVectors.euclidean(meanGradient, from, to));
            for (int p = from; p < to; p++) {
                velocity[p] = momentum * velocity[p] + ratio * (meanGradient[p] + weightDecay * theta[p]);
            }
        }
        return velocity;
    }

    private double ratio(double weights, double gradient) {
        return weights == 0 || gradient == 0 ? 1 : trust * weights / (gradient + weightDecay * weights);
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(VELOCITY, velocity.clone());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        velocity = State.array(state, VELOCITY, velocity.length);
    }
}

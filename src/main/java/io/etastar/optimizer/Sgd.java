package io.etastar.optimizer;

import io.etastar.settings.BaseRuleSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gradient, with weight decay and momentum: g' = g + weightDecay theta; v = g' at the first step, then v = momentum v + (1
 * - dampening) g'. Without momentum u = g', else u = v.
 */
final class Sgd implements BaseRule {
    private static final String VELOCITY = "velocity";

    private final double momentum;
    private final double dampening;
    private final double weightDecay;
    private final int size;
    private double[] velocity;

    Sgd(BaseRuleSettings settings, int size) {
        momentum = settings.momentum().momentum();
        dampening = settings.momentum().dampening();
        weightDecay = settings.weightDecay();
        this.size = size;
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        double[] decayed = meanGradient.clone();
        if (weightDecay != 0) {
            for (int p = 0; p < size; p++) {
                decayed[p] += weightDecay * theta[p];
            }
        }
        if (momentum == 0) {
            return decayed;
        }
        if (velocity == null) {
            velocity = decayed;
        } else {
            for (int p = 0; p < size; p++) {
                velocity[p] = momentum * velocity[p] + (1 - dampening) * decayed[p];
            }
        }
        return velocity;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        if (velocity != null) {
            state.put(VELOCITY, velocity.clone());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        velocity = State.optional(state, VELOCITY, size);
    }
}

package io.etastar.optimizer;

import io.etastar.settings.ModelAverageSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The steps of another optimizer, with an average a of the parameters after each step as the model (B. Polyak, A. Juditsky, SIAM J. Control
 * Optim. 30, 1992). After step n, from 1, a = k a + (1 - k) theta: {@code uniform} has k = (n - 1) / n, the mean of all; {@code moving} k = min(decay, n
 * / (n + 9)), 0 at the first step.
 */
public final class AveragedModel implements Optimizer {
    private static final String AVERAGE = "averaged_parameters";
    private static final String STEPS = "averaged_steps";
    private static final String INNER = "optimizer";

    private final Optimizer inner;
    private final ModelAverageSettings settings;
    private final int size;
    private double[] average;
    private long steps;

    /** @param size P */
    public AveragedModel(Optimizer inner, ModelAverageSettings settings, int size) {
        this.inner = inner;
        this.settings = settings;
        this.size = size;
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        StepResult result = inner.step(objective, theta, step);
        steps++;
        average = average == null ? theta.clone() : average;
        double kept = settings.kept(steps);
        for (int p = 0; p < size; p++) {
            average[p] += (1 - kept) * (theta[p] - average[p]);
        }
        return result;
    }

    @Override
    public double[] averaged(double[] theta) {
        return average == null ? theta : average;
    }

    @Override
    public void endEpoch(double meanTrainingLoss) {
        inner.endEpoch(meanTrainingLoss);
    }

    @Override
    public long noSolution() {
        return inner.noSolution();
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(STEPS, State.count(steps));
        if (average != null) {
            state.put(AVERAGE, average.clone());
        }
        State.nest(state, INNER, inner.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        long restoredSteps = State.count(state, STEPS);
        double[] restored = State.optional(state, AVERAGE, size);
        inner.restore(State.nested(state, INNER));
        steps = restoredSteps;
        average = restored;
    }
}

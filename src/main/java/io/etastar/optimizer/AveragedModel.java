package io.etastar.optimizer;

import io.etastar.settings.ModelAverageSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of another optimizer, with an average a of the parameters after each step as the model (B. Polyak, A. Juditsky, SIAM J. Control
 * Optim. 30, 1992). After step n, from 1, a = k a + (1 - k) theta: {@code uniform} has k = (n - 1) / n, the mean of all; {@code moving} k = min(decay, n
 * / (n + 9)), 0 at the first step.
 *
 * <p>Of steps that shards make by themselves the parameters are known at the end of a period alone: they count as equally spaced on the line
 * between its ends.
 */
public final class AveragedModel implements Optimizer.Local {
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
        accept(theta, theta, 0);
        return result;
    }

    /** Takes the parameters of a step in: theta + back (before - theta). */
    private void accept(double[] theta, double[] before, double back) {
        steps++;
        average = average == null ? theta.clone() : average;
        double kept = settings.kept(steps);
        for (int p = 0; p < size; p++) {
            double reached = theta[p] + back * (before[p] - theta[p]);
            average[p] += (1 - kept) * (reached - average[p]);
        }
    }

    /** @throws ClassCastException if the other optimizer needs all shards in each step */
    @Override
    public List<StepResult> period(Objective.Sharded objective, double[] theta, long step, int count) {
        double[] before = theta.clone();
        List<StepResult> results = ((Optimizer.Local) inner).period(objective, theta, step, count);
        long made = results.stream().filter(result -> !result.skipped()).count();
        for (long i = 1; i <= made; i++) {
            accept(theta, before, (double) (made - i) / made);
        }
        return results;
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

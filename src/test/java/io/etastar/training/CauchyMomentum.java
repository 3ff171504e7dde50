package io.etastar.training;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.SummaryResult;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import java.util.Map;

/** Momentum whose learning rates are g_s / H_ss / 4 of every third step's summary, times {@code factor}. */
final class CauchyMomentum implements Optimizer {
    private final Partition partition;
    private final double factor;
    private double[] velocity;
    private double[] rates;
    private long noSolution;

    CauchyMomentum(Partition partition, int parameters, double factor) {
        this.partition = partition;
        this.factor = factor;
        this.velocity = new double[parameters];
        this.rates = new double[partition.size()];
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        double norm = 0;
        for (int p = 0; p < theta.length; p++) {
            velocity[p] = 0.5 * velocity[p] + gradient[p];
            norm += gradient[p] * gradient[p];
        }
        SummaryResult summary = step % 3 == 0 ? solve(objective, theta, step) : null;
        ParameterLayout layout = objective.layout();
        for (int tensor = 0; tensor < layout.count(); tensor++) {
            for (int p = layout.offset(tensor); p < layout.offset(tensor) + layout.length(tensor); p++) {
                theta[p] -= rates[partition.subsetOf(tensor)] * velocity[p];
            }
        }
        return new StepResult(sum.loss(), Math.sqrt(norm), summary);
    }

    private SummaryResult solve(Objective objective, double[] theta, long step) {
        long index = step / 3;
        DerivativeSummary summary = objective.evaluate(
                new Quantity.Summary(partition), new Batch.Summary(index, step), Point.along(theta, velocity));
        for (int s = 0; s < rates.length; s++) {
            rates[s] = factor * summary.g()[s] / summary.h()[s][s] / 4;
        }
        noSolution += index == 1 ? 1 : 0;
        double[] eta = index == 1 ? null : rates.clone(); // as if the second summary had no solution
        SummaryResult.Solution solution = new SummaryResult.Solution(eta, 0, "regular", 0.001);
        return new SummaryResult(index, null, summary, solution, rates.clone(), Double.NaN);
    }

    @Override
    public long noSolution() {
        return noSolution;
    }

    @Override
    public Map<String, double[]> state() {
        return Map.of("velocity", velocity.clone(), "rates", rates.clone());
    }

    @Override
    public void restore(Map<String, double[]> state) {
        velocity = state.get("velocity").clone();
        rates = state.get("rates").clone();
    }
}

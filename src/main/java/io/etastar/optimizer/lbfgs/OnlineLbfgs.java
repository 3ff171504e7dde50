package io.etastar.optimizer.lbfgs;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.GradientSum;
import io.etastar.settings.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Online L-BFGS (N. Schraudolph, J. Yu, S. Günter, AISTATS 2007): the two loops of L-BFGS on stochastic gradients, without a
 * line search.
 *
 * <p>The step is s = -lr tau / (tau + t) B g, t the number of the step. B comes from the kept pairs; between the loops, B is the
 * mean of s'y / y'y over them; without a pair it is the factor {@code first}. y is the difference of two gradients on the same
 * batch + regularisation s: two passes a step. A pair with s'y not above 0 is not kept: B stays positive definite. A weight decay
 * is added to all gradients.
 */
public final class OnlineLbfgs implements Optimizer {
    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final double weightDecay;
    private final CurvaturePairs pairs;

    public OnlineLbfgs(OptimizerSpec spec, int size) {
        this.spec = spec;
        settings = spec.settings();
        weightDecay = settings.base().weightDecay();
        pairs = new CurvaturePairs(settings.lbfgs().memory(), size);
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        GradientSum sum = objective.gradient(theta, step);
        double[] mean = sum.meanGradient();
        double[] before = ParameterVectors.decayed(mean, theta, weightDecay);
        double[] moved = direction(before);
        double tau = settings.lbfgs().tau();
        double lr = settings.lr() * tau / (tau + step) * spec.decay(step);
        for (int p = 0; p < theta.length; p++) {
            moved[p] *= -lr;
            theta[p] += moved[p];
        }
        double[] after =
                ParameterVectors.decayed(objective.gradient(theta, step).meanGradient(), theta, weightDecay);
        double[] difference = new double[theta.length];
        for (int p = 0; p < theta.length; p++) {
            difference[p] = after[p] - before[p] + settings.lbfgs().regularisation() * moved[p];
        }
        if (ParameterVectors.dot(moved, difference) > 0) {
            pairs.add(moved, difference);
        }
        return new StepResult(sum.loss(), ParameterVectors.euclidean(mean), null);
    }

    /** B g, new. */
    private double[] direction(double[] gradient) {
        double[] direction = gradient.clone();
        int count = pairs.count();
        double[] curvatures = new double[count];
        double[] factors = new double[count];
        double scale = 0;
        for (int age = 0; age < count; age++) {
            double[] y = pairs.difference(age);
            curvatures[age] = ParameterVectors.dot(pairs.step(age), y);
            factors[age] = ParameterVectors.dot(pairs.step(age), direction) / curvatures[age];
            add(-factors[age], y, direction);
            scale += curvatures[age] / ParameterVectors.dot(y, y) / count;
        }
        for (int p = 0; p < direction.length; p++) {
            direction[p] *= count == 0 ? settings.lbfgs().first() : scale;
        }
        for (int age = count - 1; age >= 0; age--) {
            double factor = ParameterVectors.dot(pairs.difference(age), direction) / curvatures[age];
            add(factors[age] - factor, pairs.step(age), direction);
        }
        return direction;
    }

    private static void add(double factor, double[] vector, double[] to) {
        for (int p = 0; p < to.length; p++) {
            to[p] += factor * vector[p];
        }
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        pairs.putInto(state);
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        pairs.restore(state);
    }
}

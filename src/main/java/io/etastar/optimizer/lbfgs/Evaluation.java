package io.etastar.optimizer.lbfgs;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.State;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import java.util.Map;

/**
 * The function that L-BFGS minimises, at one point: mean loss + weightDecay |theta|^2 / 2.
 *
 * @param theta where [P]
 * @param value of the function
 * @param gradient of the function [P]
 * @param loss sums over the batch, without the decay
 * @param gradientNorm Euclidean norm of the mean gradient, without the decay
 */
record Evaluation(double[] theta, double value, double[] gradient, LossSum loss, double gradientNorm) {
    private static final String THETA = "theta";
    private static final String GRADIENT = "gradient";
    private static final String NUMBERS = "value_samples_loss_correct_norm";

    /** By one gradient on training batch {@code step}. */
    static Evaluation of(Objective objective, double[] theta, long step, double weightDecay) {
        GradientSum sum = objective.gradient(theta, step);
        double[] mean = sum.meanGradient();
        double penalty = weightDecay == 0 ? 0 : weightDecay / 2 * ParameterVectors.dot(theta, theta);
        double[] gradient = ParameterVectors.decayed(mean, theta, weightDecay);
        return new Evaluation(
                theta.clone(), sum.loss().meanLoss() + penalty, gradient, sum.loss(), ParameterVectors.euclidean(mean));
    }

    void putInto(Map<String, double[]> state) {
        state.put(THETA, theta.clone());
        state.put(GRADIENT, gradient.clone());
        state.put(NUMBERS, new double[] {value, loss.samples(), loss.loss(), loss.correct(), gradientNorm});
    }

    /** What {@link #putInto} put there, or null. */
    static Evaluation from(Map<String, double[]> state, int size) {
        if (!state.containsKey(THETA)) {
            return null;
        }
        double[] numbers = State.array(state, NUMBERS, 5);
        return new Evaluation(
                State.array(state, THETA, size),
                numbers[0],
                State.array(state, GRADIENT, size),
                new LossSum(numbers[1], numbers[2], numbers[3]),
                numbers[4]);
    }
}

package io.etastar.optimizer.lbfgs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.optimizer.FunctionObjective;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.testing.MethodObjective;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnlineLbfgsTest {
    private static Optimizer online(Objective objective, String settings, double lr) {
        return Optimizers.create(
                TestSettings.spec(TestSettings.keys("o-lbfgs", TestSettings.SGD, lr), "lbfgs { " + settings + " }"),
                Partitions.parse("canonical", objective.layout()));
    }

    /** B after one more pair: (I - s y'/s'y) B (I - y s'/s'y) + s s'/s'y. */
    private static double[][] updated(double[][] b, double[] s, double[] y) {
        int size = s.length;
        double sy = ParameterVectors.dot(s, y);
        double[] by = new double[size];
        for (int i = 0; i < size; i++) {
            by[i] = ParameterVectors.dot(b[i], y);
        }
        double yby = ParameterVectors.dot(y, by);
        double[][] next = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                next[i][j] = b[i][j] - (s[i] * by[j] + by[i] * s[j]) / sy + s[i] * s[j] * (yby / sy + 1) / sy;
            }
        }
        return next;
    }

    private static double[] denseDirection(Deque<double[][]> pairs, double[] gradient, double first) {
        double scale = pairs.isEmpty() ? first : 0;
        for (double[][] pair : pairs) {
            scale += ParameterVectors.dot(pair[0], pair[1]) / ParameterVectors.dot(pair[1], pair[1]) / pairs.size();
        }
        double[][] b = new double[gradient.length][gradient.length];
        for (int i = 0; i < b.length; i++) {
            b[i][i] = scale;
        }
        for (double[][] pair : pairs) {
            b = updated(b, pair[0], pair[1]);
        }
        double[] direction = new double[gradient.length];
        for (int i = 0; i < b.length; i++) {
            direction[i] = ParameterVectors.dot(b[i], gradient);
        }
        return direction;
    }

    /** The dense matrix of every step from its pairs, in place of the two loops. */
    @Test
    void agreesWithDenseUpdates() {
        ParameterLayout layout = TestSettings.layout(4, 3);
        PolynomialObjective objective = PolynomialObjective.random(layout, 0, 0.5, 9);
        Optimizer optimizer = online(objective, "memory = 3, tau = 5, regularisation = 0.2, first = 0.01", 0.8);
        double[] theta = {1, -1, 2, 0, 0.5, -2, 1};
        double[] expected = theta.clone();
        Deque<double[][]> pairs = new ArrayDeque<>();
        for (int step = 0; step < 12; step++) {
            optimizer.step(objective, theta, step);
            double[] before = objective.meanGradient(expected, step);
            double[] s = denseDirection(pairs, before, 0.01);
            for (int p = 0; p < s.length; p++) {
                s[p] *= -0.8 * 5 / (5 + step);
                expected[p] += s[p];
            }
            double[] y = objective.meanGradient(expected, step);
            for (int p = 0; p < y.length; p++) {
                y[p] += 0.2 * s[p] - before[p];
            }
            pairs.add(new double[][] {s, y});
            if (pairs.size() > 3) {
                pairs.remove();
            }
            assertArrayEquals(expected, theta, 1e-11, "step " + step);
        }
    }

    @Test
    void bothGradientsAreOfTheSameBatch() {
        List<Long> batches = new ArrayList<>();
        ParameterLayout layout = TestSettings.layout(2);
        PolynomialObjective noisy = PolynomialObjective.random(layout, 0, 0.5, 3);
        Objective recorded = new MethodObjective() {
            @Override
            public ParameterLayout layout() {
                return layout;
            }

            @Override
            public GradientSum gradient(double[] theta, long step) {
                batches.add(step);
                return noisy.gradient(theta, step);
            }

            @Override
            public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
                throw new UnsupportedOperationException();
            }
        };
        Optimizer optimizer = online(recorded, "", 1);
        double[] theta = {1, 1};
        optimizer.step(recorded, theta, 4);
        optimizer.step(recorded, theta, 5);
        assertEquals(List.of(4L, 4L, 5L, 5L), batches);
    }

    @Test
    void keepsNoPairOfNegativeCurvature() {
        FunctionObjective concave = new FunctionObjective(1, x -> -x[0] * x[0] / 2, x -> new double[] {-x[0]});
        Optimizer optimizer = online(concave, "memory = 3, tau = 1e9, first = 0.5", 1);
        double[] theta = {1};
        optimizer.step(concave, theta, 0);
        assertEquals(1.5, theta[0], 1e-8);
        assertEquals(0, optimizer.state().get("pairs")[0]);
        optimizer.step(concave, theta, 1);
        assertEquals(2.25, theta[0], 1e-8);
    }
}

package io.etastar.optimizer.newton;

import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.newton;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.solve.EtaSolver;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateBoundTest {
    private static final double[] G = {1.5, 0.3};
    private static final double[][] H = {{4, 0.5}, {0.5, 0.2}};
    private static final double[] ORDER3 = {-3, 0.1};
    private static final DerivativeSummary SUMMARY = new DerivativeSummary(1, 0.7, G, H, ORDER3);

    private static double[] times(double factor, double... values) {
        return Arrays.stream(values).map(value -> factor * value).toArray();
    }

    private static double share(RateBound bound, double[] eta, double... lengths) {
        return bound.snapshot().share(eta, lengths);
    }

    @Test
    void aSummaryAloneSupportsItsOwnSolution() {
        double[] eta = EtaSolver.solve(G, H, ORDER3, 1).eta();
        assertTrue(eta[0] > 0 && eta[1] > 0);
        RateBound bound = new RateBound(2, 2);
        assertEquals(1, share(bound, eta, 3, 2), "no summary, no bound");
        bound.accept(SUMMARY, new double[] {3, 2});
        assertEquals(1, share(bound, times(1.99, eta), 3, 2));
        assertEquals(2 / 2.5, share(bound, times(2.5, eta), 3, 2), 1e-9);
        assertEquals(2 / 2.5, share(bound, times(-2.5, eta), 3, 2), 1e-9, "by its length, whatever its sign");
        assertEquals(0.1, share(bound, eta, 60, 40), 1e-9, "a direction twenty times as long");
        assertEquals(1, share(bound, new double[2], 60, 40));
    }

    /** The loss of the second summary is flat: alone it would allow steps of any length. */
    @Test
    void derivativesAreAveragedInUnitsOfLength() {
        RateBound bound = new RateBound(2, 2);
        bound.accept(SUMMARY, new double[] {3, 2});
        bound.accept(
                new DerivativeSummary(1, 0.1, new double[] {1e-9, 0}, new double[2][2], new double[2]),
                new double[] {5, 0});
        double[] eta = {40, 30};
        double[] first = {3, 2};
        double[] lengths = {7, 1};
        // Weights 0.14 * 0.86 and 0.14 of the two.
        double share = 0.86 / 1.86;
        double slope = 0;
        double curvature = 0;
        double third = 0;
        for (int s = 0; s < 2; s++) {
            double e = eta[s] * lengths[s];
            slope += e * (share * G[s] / first[s] + (1 - share) * (s == 0 ? 1e-9 : 0) / 5);
            third += Math.pow(e * share * Math.cbrt(Math.abs(ORDER3[s])) / first[s], 2);
            for (int t = 0; t < 2; t++) {
                curvature += e * share * H[s][t] / (first[s] * first[t]) * eta[t] * lengths[t];
            }
        }
        third = Math.pow(third, 1.5);
        double r = (Math.sqrt(curvature * curvature + 2 * third * slope) - curvature) / third;
        assertTrue(2 * r < 1);
        assertEquals(2 * r, share(bound, eta, lengths), 1e-9);
        RateBound restored = new RateBound(2, 2);
        restored.restore(bound.state());
        assertEquals(share(bound, eta, lengths), share(restored, eta, lengths));
    }

    /** The loss falls along a line, or it does not depend on the parameters at all. */
    @Test
    void withoutCurvatureNothingBoundsAStepThatFalls() {
        RateBound bound = new RateBound(2, 2);
        double[] lengths = {3, 2};
        bound.accept(new DerivativeSummary(1, 0.7, G, new double[2][2], new double[2]), lengths);
        assertEquals(1, share(bound, new double[] {1e9, 1}, lengths));
        bound = new RateBound(2, 2);
        bound.accept(new DerivativeSummary(1, 0.7, new double[2], new double[2][2], new double[2]), lengths);
        assertEquals(0, share(bound, new double[] {1e-9, 0}, lengths));
    }

    @Test
    void noBoundIsNone() {
        RateBound bound = new RateBound(0, 2);
        bound.accept(SUMMARY, new double[] {3, 2});
        assertEquals(1, share(bound, new double[] {1e9, 1e9}, 1e9, 1e9));
    }

    /** Between two summaries the direction becomes some hundred times as long. */
    @Test
    void aStepIsNoLongerThanTwiceTheOneThatItsSummarySupports() {
        ParameterLayout layout = TestSettings.layout(4, 2);
        PolynomialObjective objective = PolynomialObjective.random(layout, 0, 0, 4);
        double[] theta = new Random(1).doubles(layout.size(), -1, 1).toArray();
        Optimizer optimizer =
                Optimizers.create(newton(SGD, "period = 100, damping = 0.3"), Partitions.parse("trivial", layout));
        double[] before = theta.clone();
        optimizer.step(objective, theta, 0);
        double first = distance(before, theta);
        for (int p = 0; p < theta.length; p++) {
            theta[p] *= 300;
        }
        before = theta.clone();
        optimizer.step(objective, theta, 1);
        assertEquals(2 * first, distance(before, theta), 1e-9 * first);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int p = 0; p < a.length; p++) {
            sum += (a[p] - b[p]) * (a[p] - b[p]);
        }
        return Math.sqrt(sum);
    }
}

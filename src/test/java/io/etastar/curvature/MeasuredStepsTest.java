package io.etastar.curvature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import org.junit.jupiter.api.Test;

class MeasuredStepsTest {
    private static MeasuredSteps.Losses losses(double... after) {
        return new MeasuredSteps.Losses(2, after);
    }

    private static MeasuredSteps steps(MeasuredSteps.Losses rows, MeasuredSteps.Losses others) {
        return new MeasuredSteps(new double[7], rows, others, 1e-12);
    }

    @Test
    void theLowestLossIsTaken() {
        MeasuredSteps steps = steps(losses(9, 3, 1.5, 1.75, 1.8, 1.9, 1.95), null);
        assertEquals(0.25, steps.take());
        assertEquals("take 1/4 of eta*: loss 2.0000 -> 1.5000; all of it gives 9.0000", steps.verdict());
        assertEquals(1, steps(losses(1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7), null).take());
        assertEquals(
                "take 1/64 of eta*: loss 2.0000 -> 1.9000; all of it gives 9.0000, less was not tried",
                steps(losses(9, 8, 7, 6, 5, 4, 1.9), null).verdict());
    }

    @Test
    void otherRowsDecide() {
        MeasuredSteps.Losses rows = losses(9, 1.2, 1.5, 1.75, 1.8, 1.9, 1.95);
        MeasuredSteps steps = steps(rows, losses(1, 3, 2.1, 1.9, 1.8, 1.9, 1.95));
        assertEquals(0.0625, steps.take());
        assertEquals(
                "take 1/16 of eta*: loss 2.0000 -> 1.8000, on other rows 2.0000 -> 1.8000; all of it gives 9.0000",
                steps.verdict());
        MeasuredSteps none = steps(rows, losses(5, 4, 3, 2.5, 2.2, 2.1, 2.05));
        assertEquals(0, none.take());
        assertEquals(
                "take none of it: the step fits these rows alone, on other rows the loss of 2.0000 becomes at least"
                        + " 2.0500",
                none.verdict());
    }

    @Test
    void whatRisesOrIsNoNumberIsNotTaken() {
        MeasuredSteps steps = steps(losses(9, Double.NaN, 3, 2.5, 2.2, 2.1, 2 - 1e-13), null);
        assertEquals(0, steps.take());
        assertTrue(steps.verdict().startsWith("take none of it: the loss of 2.0000 becomes at least"), steps.verdict());
        assertEquals(
                0.5, steps(losses(Double.NaN, 1, 3, 2.5, 2.2, 2.1, 2), null).take());
    }

    /** The solution is where the model's decrease is stationary, and there it is the largest in reach. */
    @Test
    void etaIsTheStationaryPointOfTheModel() {
        double[] g = {1, -0.5};
        double[][] h = {{2, 0.5}, {0.5, -1}};
        double[] order3 = {3, -8};
        double damping = 0.7;
        EtaSolution solution = EtaSolver.solve(g, h, order3, damping);
        double[] eta = solution.eta();
        double best = PredictedDecrease.ofModel(g, h, order3, damping, eta);
        double step = 1e-4;
        double[] slopes = new double[2];
        for (int s = 0; s < 2; s++) {
            double[] above = eta.clone();
            double[] below = eta.clone();
            above[s] += step;
            below[s] -= step;
            double up = PredictedDecrease.ofModel(g, h, order3, damping, above);
            double down = PredictedDecrease.ofModel(g, h, order3, damping, below);
            slopes[s] = (up - down) / (2 * step);
            assertTrue(up < best && down < best);
        }
        assertArrayEquals(new double[2], slopes, 1e-7);
        // By hand: D = (3^(1/3), 2), so that |D eta|^3 = (3^(2/3) + 4)^(3/2) at eta = (1, 1).
        assertEquals(
                0.5 - 1 - 0.7 / 6 * Math.pow(Math.pow(3, 2 / 3.0) + 4, 1.5),
                PredictedDecrease.ofModel(g, h, order3, damping, new double[] {1, 1}),
                1e-14);
    }
}

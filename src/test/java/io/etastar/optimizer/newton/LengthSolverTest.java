package io.etastar.optimizer.newton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LengthSolverTest {
    /** Without interactions and third derivatives, of subsets that are alike, the lengths are g_s / H_ss. */
    @Test
    void equalSubsetsHaveTheirOwnLengths() {
        assertArrayEquals(
                new double[] {0.5, 0.5},
                LengthSolver.solve(new double[] {1, 1}, new double[][] {{2, 0}, {0, 2}}, new double[2]),
                1e-12);
    }

    /** A subset that the loss does not depend on has derivatives of rounding, whose ratio may be anything. */
    @Test
    void aSlopeOfRoundingGivesTheLeastLength() {
        double[] steady = LengthSolver.solve(new double[] {1, 0}, new double[][] {{2, 0}, {0, 0}}, new double[2]);
        double[] rounded =
                LengthSolver.solve(new double[] {1, 1e-8}, new double[][] {{2, 0}, {0, 1e-20}}, new double[] {0, 1e-9});
        assertArrayEquals(steady, rounded, 1e-6);
        assertEquals(0.1 * steady[0], steady[1], 0.05 * steady[0]);
    }

    /** The slope along the lengths is used up where the quadratic and its third-order bound say so. */
    @Property(seed = "1", tries = 500)
    void theLossOfTheModelIsLeastAlongTheLengths(@ForAll long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(5);
        double[] g = random.doubles(size, -1, 2).toArray();
        double[] d = random.doubles(size, 0, 2).toArray();
        double[][] h = new double[size][size];
        for (int s = 0; s < size; s++) {
            for (int t = 0; t <= s; t++) {
                h[s][t] = h[t][s] = random.nextGaussian();
            }
        }
        double[] e = LengthSolver.solve(g, h, d);
        assertTrue(Arrays.stream(e).allMatch(length -> length >= 0 && Double.isFinite(length)));
        double best = model(g, h, d, e, 1);
        assertTrue(best <= 1e-12, "no increase");
        if (best < 0) {
            assertTrue(Arrays.stream(e).allMatch(length -> length > 0), "no subset stands still");
            assertTrue(model(g, h, d, e, 0.99) >= best && model(g, h, d, e, 1.01) >= best);
        }
    }

    private static double model(double[] g, double[][] h, double[] d, double[] e, double factor) {
        double value = 0;
        double third = 0;
        for (int s = 0; s < g.length; s++) {
            value -= factor * g[s] * e[s];
            third += Math.pow(d[s] * e[s] * factor, 2);
            for (int t = 0; t < g.length; t++) {
                value += factor * factor * e[s] * h[s][t] * e[t] / 2;
            }
        }
        return value + Math.pow(third, 1.5) / 6;
    }
}

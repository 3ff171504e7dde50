package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtaSolverTest {
    private static final double[][] POSITIVE = {{2, 1}, {1, 3}};
    private static final double[][] INDEFINITE = {{1, 2}, {2, 1}};

    @Test
    void withoutThirdOrderOneSubsetTakesCauchysStep() {
        EtaSolution solution = EtaSolver.solve(new double[] {3}, new double[][] {{4}}, new double[] {0}, 1);
        assertEquals(0.75, solution.eta()[0], 1e-16);
        assertEquals(0, solution.r());
        assertEquals(EtaSolution.SolverCase.NEWTON, solution.solverCase());
    }

    @Test
    void oneSubsetSolvesAQuadratic() {
        // eta (h + lambda/2 |d eta| d^2) = g with h = -1, d = 2, lambda = 1: 4 eta^2 - eta - 3 = 0.
        EtaSolution solution = EtaSolver.solve(new double[] {3}, new double[][] {{-1}}, new double[] {-8}, 1);
        assertEquals(1, solution.eta()[0], 1e-15);
        assertEquals(2, solution.r(), 1e-15);
    }

    @Test
    void withoutCubicTermItIsNewtonsStep() {
        double[] g = {4, 7};
        for (double[] order3 : new double[][] {{0, 0}, {1, -8}}) {
            double lambda = order3[0] == 0 ? 1 : 0;
            EtaSolution solution = EtaSolver.solve(g, POSITIVE, order3, lambda);
            assertArrayEquals(new double[] {1, 2}, solution.eta(), 1e-15);
            assertEquals(order3[0] == 0 ? 0 : Math.sqrt(17), solution.r(), 1e-15);
            assertEquals(EtaSolution.SolverCase.NEWTON, solution.solverCase());
            assertEquals(
                    EtaSolution.SolverCase.NO_SOLUTION,
                    EtaSolver.solve(g, INDEFINITE, order3, lambda).solverCase());
        }
    }

    @Test
    void anAnisotropicRidgeIsTheSameStepUnderRescaledDirections() {
        // H + 0.5 diag(|order3|^(2/3)) = {{4, 1}, {1, 3.5}} for order3 = (8, -1).
        EtaSolution plain = EtaSolver.solveAnisotropic(new double[] {6, 8}, POSITIVE, new double[] {8, -1}, 0.5);
        assertArrayEquals(new double[] {1, 2}, plain.eta(), 1e-15);
        assertEquals(EtaSolution.SolverCase.LINEAR, plain.solverCase());
        // The second direction ten times as long: its rate is a tenth.
        double[][] h = {{2, 10}, {10, 300}};
        EtaSolution longer = EtaSolver.solveAnisotropic(new double[] {6, 80}, h, new double[] {8, -1000}, 0.5);
        assertArrayEquals(new double[] {1, 0.2}, longer.eta(), 1e-15);
    }

    @Test
    void zeroGradient() {
        EtaSolution still = EtaSolver.solve(new double[2], POSITIVE, new double[] {1, 1}, 1);
        assertArrayEquals(new double[2], still.eta());
        assertEquals(0, still.r());
        EtaSolution leaves = EtaSolver.solve(new double[2], INDEFINITE, new double[] {1, 1}, 1);
        assertEquals(EtaSolution.SolverCase.HARD_CASE, leaves.solverCase());
        assertEquals(2, leaves.r(), 1e-12);
        assertEquals(leaves.eta()[0], -leaves.eta()[1], 1e-12);
    }

    @Test
    void singularWhereDIsZeroHasNoSolution() {
        double[][] h = {{1, 0, 0}, {0, 1, 1}, {0, 1, 1}};
        EtaSolution solution = EtaSolver.solve(new double[] {1, 1, 1}, h, new double[] {1, 0, 0}, 1);
        assertEquals(EtaSolution.SolverCase.NO_SOLUTION, solution.solverCase());
        assertNull(solution.eta());
        assertTrue(Double.isNaN(solution.r()));
    }

    @Test
    void aSubsetWithZeroDirectionIsLeftOut() {
        double[][] h = {{0, 0, -0.0}, {0, -1, 0.5}, {0, 0.5, 2}};
        EtaSolution solution = EtaSolver.solve(new double[] {-0.0, 1, 1}, h, new double[] {0, 1, -8}, 1);
        EtaSolution rest =
                EtaSolver.solve(new double[] {1, 1}, new double[][] {{-1, 0.5}, {0.5, 2}}, new double[] {1, -8}, 1);
        assertArrayEquals(new double[] {0, rest.eta()[0], rest.eta()[1]}, solution.eta());
        assertEquals(rest.r(), solution.r());
        assertEquals(EtaSolution.SolverCase.CUBIC, solution.solverCase());
        EtaSolution nothing = EtaSolver.solve(new double[2], new double[2][2], new double[2], 1);
        assertArrayEquals(new double[2], nothing.eta());
        assertEquals(0, nothing.r());
        assertEquals(EtaSolution.SolverCase.NEWTON, nothing.solverCase());
        assertEquals(
                EtaSolution.SolverCase.NO_SOLUTION,
                EtaSolver.solve(new double[] {1, 0}, new double[2][2], new double[2], 1)
                        .solverCase());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void nonFiniteInputIsReported(double bad) {
        double[] ones = {1, 1};
        assertNonFinite(new double[] {1, bad}, POSITIVE, ones, 1);
        assertNonFinite(ones, new double[][] {{1, bad}, {bad, 1}}, ones, 1);
        assertNonFinite(ones, POSITIVE, new double[] {bad, 1}, 1);
        assertNonFinite(ones, POSITIVE, ones, Math.abs(bad));
    }

    private static void assertNonFinite(double[] g, double[][] h, double[] order3, double lambda) {
        EtaSolution solution = EtaSolver.solve(g, h, order3, lambda);
        assertEquals(EtaSolution.SolverCase.NON_FINITE, solution.solverCase());
        assertNull(solution.eta());
    }

    @Test
    void numbersNeverThrow() {
        double[] pool = {0, -0.0, 1, -1, 1e-320, 1e-200, -1e-160, 1e150, -1e300, Double.MAX_VALUE, 1e-30, 3};
        Random random = new Random(7);
        int found = 0;
        for (int i = 0; i < 20000; i++) {
            int n = 1 + random.nextInt(4);
            double[] g = new double[n];
            double[] order3 = new double[n];
            double[][] h = new double[n][n];
            for (int s = 0; s < n; s++) {
                g[s] = pool[random.nextInt(pool.length)];
                order3[s] = pool[random.nextInt(pool.length)];
                for (int t = 0; t <= s; t++) {
                    h[s][t] = h[t][s] = pool[random.nextInt(pool.length)];
                }
            }
            EtaSolution solution = EtaSolver.solve(g, h, order3, Math.abs(pool[random.nextInt(pool.length)]));
            if (solution.found()) {
                found++;
                assertTrue(Vectors.finite(solution.eta()));
                assertTrue(Double.isFinite(solution.r()));
            }
        }
        assertTrue(found > 1000, "found " + found);
    }

    @Test
    void theArgumentsStayAsTheyAre() {
        Problems p = Problems.random(6, -1, 1, new Random(3));
        Problems same = Problems.random(6, -1, 1, new Random(3));
        p.solve(1);
        assertArrayEquals(same.g(), p.g());
        assertArrayEquals(same.h(), p.h());
        assertArrayEquals(same.order3(), p.order3());
    }

    @Test
    void wrongSizesAreErrorsOfTheCaller() {
        double[] two = new double[2];
        assertThrows(IllegalArgumentException.class, () -> EtaSolver.solve(two, new double[2][1], two, 1));
        assertThrows(IllegalArgumentException.class, () -> EtaSolver.solve(two, new double[1][2], two, 1));
        assertThrows(IllegalArgumentException.class, () -> EtaSolver.solve(two, POSITIVE, new double[1], 1));
        assertThrows(IllegalArgumentException.class, () -> EtaSolver.solve(two, POSITIVE, two, -1));
    }
}

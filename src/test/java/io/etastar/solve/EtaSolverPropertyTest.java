package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EtaSolverPropertyTest {
    private static final double[] LAMBDAS = {0.01, 0.1, 1, 30};

    @Property(seed = "1", tries = 150)
    void agreesWithBisection(@ForAll @IntRange(min = 1, max = 60) int size, @ForAll long seed) {
        Random random = new Random(seed);
        Problems p = Problems.random(size, random.nextBoolean() ? 0.05 : -1, 2, random);
        double lambda = LAMBDAS[random.nextInt(LAMBDAS.length)];
        double[] expected = new SlowCubic(p.g(), p.h(), p.order3(), lambda).eta();
        EtaSolution solution = p.solve(lambda);
        assertNotNull(expected);
        assertEquals(EtaSolution.SolverCase.CUBIC, solution.solverCase());
        assertClose(expected, solution.eta(), 1e-8);
    }

    @Property(seed = "2", tries = 150)
    void agreesWithBisectionWhereSomeOrder3IsZero(@ForAll @IntRange(min = 2, max = 20) int size, @ForAll long seed) {
        Random random = new Random(seed);
        Problems p = Problems.random(size, -0.5, 2, random);
        for (int s = 0; s < size; s++) {
            p.order3()[s] *= random.nextInt(3) == 0 ? 0 : 1;
        }
        p.order3()[0] = 1;
        double[] expected = new SlowCubic(p.g(), p.h(), p.order3(), 1).eta();
        EtaSolution solution = p.solve(1);
        assertEquals(
                expected == null ? EtaSolution.SolverCase.NO_SOLUTION : EtaSolution.SolverCase.CUBIC,
                solution.solverCase());
        if (expected != null) {
            assertClose(expected, solution.eta(), 1e-8);
        }
    }

    @Property(seed = "3", tries = 200)
    void rescalingASubsetRescalesItsRate(@ForAll @IntRange(min = 1, max = 25) int size, @ForAll long seed) {
        Random random = new Random(seed);
        Problems p = Problems.random(size, random.nextBoolean() ? 0.05 : -1, 2, random);
        double[] c = new double[size];
        for (int s = 0; s < size; s++) {
            c[s] = Math.pow(10, 12 * random.nextDouble() - 6);
            p.order3()[s] *= random.nextInt(5) == 0 && p.h()[s][s] > 0 ? 0 : 1;
        }
        EtaSolution plain = p.solve(1);
        EtaSolution scaled = p.rescaled(c).solve(1);
        assertEquals(plain.solverCase(), scaled.solverCase());
        if (!plain.found()) {
            return;
        }
        double[] back = scaled.eta().clone();
        for (int s = 0; s < size; s++) {
            back[s] *= c[s];
        }
        assertClose(plain.eta(), back, 1e-9);
        assertEquals(plain.r(), scaled.r(), 1e-9 * plain.r());
    }

    @Property(seed = "4", tries = 200)
    void solvesTheSystemWhenDSpansManyOrders(
            @ForAll @IntRange(min = 2, max = 25) int size,
            @ForAll @IntRange(min = 0, max = 60) int span,
            @ForAll long seed) {
        Random random = new Random(seed);
        Problems p = Problems.random(size, 0.05, 2, random);
        p.h()[0][0] = -1;
        for (int s = 1; s < size; s++) {
            p.order3()[s] *= Math.pow(10, -span * random.nextDouble());
        }
        p.order3()[0] = 1;
        EtaSolution solution = p.solve(1);
        assertEquals(EtaSolution.SolverCase.CUBIC, solution.solverCase());
        double[] d = new double[size];
        for (int s = 0; s < size; s++) {
            d[s] = Math.cbrt(Math.abs(p.order3()[s]));
        }
        CubicProblem problem = new CubicProblem(p.g(), p.h(), d, 0.5);
        assertTrue(problem.backwardError(solution.eta()) < 1e-13);
        assertNotNull(Cholesky.of(problem.matrix(solution.r())));
        double[] expected = new SlowCubic(p.g(), p.h(), p.order3(), 1).eta();
        assertClose(expected, solution.eta(), 1e-7);
    }

    @Property(seed = "5", tries = 200)
    void hardCases(@ForAll @IntRange(min = 2, max = 20) int size, @ForAll long seed) {
        Random random = new Random(seed);
        double[][] h = new double[size][size];
        double[] g = random.doubles(size, -0.1, 0.1).toArray();
        double[] order3 = new double[size];
        for (int s = 0; s < size; s++) {
            h[s][s] = s == 0 ? -1 : random.nextDouble();
            order3[s] = 1;
        }
        g[0] = 0;
        EtaSolution solution = EtaSolver.solve(g, h, order3, 1);
        assertEquals(EtaSolution.SolverCase.HARD_CASE, solution.solverCase());
        assertEquals(2, solution.r(), 1e-12);
        for (int s = 1; s < size; s++) {
            assertEquals(g[s] / (h[s][s] + 1), solution.eta()[s], 1e-12);
        }
        double[] norm = {solution.r(), Vectors.norm(solution.eta())};
        assertEquals(norm[0], norm[1], 1e-12);
        g[0] = -1e-9;
        EtaSolution near = EtaSolver.solve(g, h, order3, 1);
        assertTrue(near.eta()[0] < 0, "the component follows the sign of g");
        assertEquals(-Math.abs(solution.eta()[0]), near.eta()[0], 1e-7);
    }

    static void assertClose(double[] expected, double[] actual, double tolerance) {
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int s = 0; s < expected.length; s++) {
            assertEquals(expected[s], actual[s], tolerance * largest, "component " + s);
        }
    }
}

package io.etastar.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The two ways to the root, each without the refinement that follows. */
class RootsTest {
    @Property(seed = "1", tries = 150)
    void theSpectralRootAloneIsAccurate(@ForAll @IntRange(min = 1, max = 40) int size, @ForAll long seed) {
        CubicProblem problem = problem(size, seed);
        SpectralRoot.Root root = SpectralRoot.of(problem.h(), problem.g(), problem.half());
        assertFalse(root.hard());
        double[] expected = new SlowCubic(problem.g(), problem.h(), problem.d(), 2 * problem.half()).eta();
        EtaSolverPropertyTest.assertClose(expected, root.y(), 1e-9);
    }

    @Property(seed = "2", tries = 150)
    void theCholeskyRootAloneIsClose(@ForAll @IntRange(min = 1, max = 40) int size, @ForAll long seed) {
        CubicProblem problem = problem(size, seed);
        double[] expected = new SlowCubic(problem.g(), problem.h(), problem.d(), 2 * problem.half()).eta();
        double[] eta = CholeskyRoot.of(problem);
        EtaSolverPropertyTest.assertClose(expected, eta, 1e-6);
        assertEquals(Vectors.norm(expected), Vectors.norm(eta), 1e-6 * Vectors.norm(expected));
    }

    /** D = I, so that eta = y. */
    private static CubicProblem problem(int size, long seed) {
        Random random = new Random(seed);
        Problems p = Problems.random(size, random.nextBoolean() ? 0.05 : -1, 2, random);
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        return new CubicProblem(p.g(), p.h(), ones, 0.05 + random.nextDouble());
    }
}

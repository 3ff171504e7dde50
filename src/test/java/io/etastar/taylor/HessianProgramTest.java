package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partitions;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hessian-vector products of every op: symmetric, the slope of the gradient, and v'Hv the H of a summary of one subset. */
class HessianProgramTest {
    private static final int ROWS = 5;
    private static final double STEP = 5e-4;
    private static final Map<String, Model> MODELS = TestGraphs.all();

    static Set<String> names() {
        return MODELS.keySet();
    }

    static Set<String> differentiable() {
        return GraphData.differentiable(names());
    }

    @ParameterizedTest
    @MethodSource("differentiable")
    void productsAreTheSlopeOfTheGradient(String name) {
        Problem problem = new Problem(name);
        double[] near = problem.gradientDifference(STEP);
        double[] far = problem.gradientDifference(2 * STEP);
        double[] found = problem.product(problem.v);
        double scale = 0;
        double worst = 0;
        for (int p = 0; p < found.length; p++) {
            double expected = (8 * near[p] - far[p]) / (12 * STEP);
            scale = Math.max(scale, Math.abs(expected));
            worst = Math.max(worst, Math.abs(expected - found[p]));
        }
        assertTrue(worst <= 1e-7 * scale, name + ": " + worst + " of " + scale);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theHessianIsSymmetric(String name) {
        Problem problem = new Problem(name);
        double left = dot(problem.w, problem.product(problem.v));
        double right = dot(problem.v, problem.product(problem.w));
        double scale =
                Math.sqrt(dot(problem.w, problem.w) * dot(problem.product(problem.v), problem.product(problem.v)));
        assertEquals(left, right, 1e-13 * scale);
    }

    @ParameterizedTest
    @MethodSource("names")
    void theQuadraticFormIsTheSummarysH(String name) {
        Problem problem = new Problem(name);
        double expected = problem.quadraticForm();
        assertEquals(expected, dot(problem.v, problem.product(problem.v)), 1e-12 * Math.abs(expected));
    }

    @ParameterizedTest
    @MethodSource("names")
    void singlePrecisionIsCloseToDouble(String name) {
        Problem problem = new Problem(name);
        double[] expected = problem.product(problem.v);
        double[] found = problem.sum(DType.FLOAT, 2, problem.v).product().toDoubles();
        double scale = Math.sqrt(dot(expected, expected));
        for (int p = 0; p < expected.length; p++) {
            assertEquals(expected[p], found[p], 1e-4 * scale, name);
        }
    }

    @Test
    void sumsDoNotDependOnTheMicroBatch() {
        Problem problem = new Problem("tanh");
        HessianVectorSum one = problem.sum(DType.DOUBLE, 1, problem.v);
        HessianVectorSum automatic = problem.sum(DType.DOUBLE, 0, problem.v);
        assertEquals(ROWS, one.loss().samples());
        assertEquals(one.loss().loss(), automatic.loss().loss(), 1e-14);
        for (int p = 0; p < problem.v.length; p++) {
            assertEquals(one.product().get(p), automatic.product().get(p), 1e-13);
            assertEquals(one.product().get(p) / ROWS, one.meanProduct()[p], 1e-16);
        }
    }

    @Test
    void aVectorOfAnotherLengthIsRefused() {
        try (HessianProgram program = HessianProgram.compile(MODELS.get("tanh"), DType.DOUBLE, 3, 0)) {
            RawArray two = RawArray.of(new double[2]);
            assertThrows(IllegalArgumentException.class, () -> program.setDirection(two));
            assertThrows(IllegalArgumentException.class, () -> program.setParameters(two));
        }
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    /** A graph with random data, parameters and vectors, such that no kink lies within the steps of the differences. */
    private static final class Problem {
        final Model model;
        final double[] theta;
        final double[] v;
        final double[] w;
        final Shard data;
        final int[] rows = IntStream.range(0, ROWS).toArray();

        Problem(String name) {
            model = MODELS.get(name);
            Random random = new Random("maxpool2d".equals(name) ? 8 : 7);
            theta = GraphData.normal(random, model.layout().size(), 0.2);
            v = GraphData.normal(random, model.layout().size(), 0.1);
            double[] x = GraphData.features(model, random, ROWS);
            double[] y = GraphData.targets(model, random, ROWS);
            data = new Shard(ROWS, RawArray.of(x), RawArray.of(y));
            w = GraphData.normal(random, model.layout().size(), 1);
        }

        double[] product(double[] vector) {
            return sum(DType.DOUBLE, 3, vector).product().toDoubles();
        }

        HessianVectorSum sum(DType type, int batch, double[] vector) {
            try (HessianProgram program = HessianProgram.compile(model, type, microBatch(batch), ROWS)) {
                program.setParameters(RawArray.copyOf(type, theta));
                program.setDirection(RawArray.copyOf(type, vector));
                return program.hessianVector(typed(type), rows);
            }
        }

        private int microBatch(int batch) {
            return GraphData.microBatch(model, batch, ROWS);
        }

        private Shard typed(DType type) {
            return new Shard(
                    ROWS,
                    RawArray.copyOf(type, data.features().doubles()),
                    RawArray.copyOf(type, data.targets().doubles()));
        }

        /** gradient(theta + step v) - gradient(theta - step v). */
        double[] gradientDifference(double step) {
            try (Program program = Program.compile(model, DType.DOUBLE, microBatch(3), null)) {
                double[] up = gradient(program, step);
                double[] down = gradient(program, -step);
                return IntStream.range(0, up.length)
                        .mapToDouble(p -> up[p] - down[p])
                        .toArray();
            }
        }

        private double[] gradient(Program program, double step) {
            program.setParameters(RawArray.of(IntStream.range(0, theta.length)
                    .mapToDouble(p -> theta[p] + step * v[p])
                    .toArray()));
            return program.gradient(data, rows).gradient().toDoubles();
        }

        double quadraticForm() {
            try (Program program =
                    Program.compile(model, DType.DOUBLE, microBatch(3), Partitions.parse("trivial", model.layout()))) {
                program.setParameters(RawArray.of(theta));
                program.setDirection(RawArray.of(v));
                return program.summary(data, rows).h()[0][0];
            }
        }
    }
}

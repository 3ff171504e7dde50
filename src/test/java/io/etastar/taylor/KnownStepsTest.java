package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Steps that are known in closed form: Cauchy's for one subset, Newton's for one parameter in each. */
class KnownStepsTest {
    @Property(seed = "21", tries = 40)
    void oneSubsetAlongTheGradientGivesCauchysStep(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        double[] gradient = random.gradient(random.theta).meanGradient();
        double square = dot(gradient, gradient);
        if (square < 1e-12) {
            return;
        }
        DerivativeSummary mean = random.summary(
                        Partitions.parse("trivial", random.layout), DType.DOUBLE, 4, gradient, random.rows())
                .mean();
        double curvature = curvature(random, gradient);
        double scale = Math.max(Math.abs(curvature), square);
        assertEquals(square, mean.g()[0], 1e-11 * square, "g'g");
        EtaSolution solution = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), 0);
        if (curvature > 1e-4 * scale) {
            assertEquals(EtaSolution.SolverCase.NEWTON, solution.solverCase());
            assertEquals(square / curvature, solution.eta()[0], 1e-5 * square / curvature, "Cauchy's step");
        } else if (curvature < -1e-4 * scale) {
            assertFalse(solution.found(), "curvature " + curvature);
        }
    }

    /** g'Hg by a difference of mean gradients along the gradient. */
    private static double curvature(RandomCase random, double... gradient) {
        double step = 1e-5 / Math.sqrt(dot(gradient, gradient));
        double[][] ends = new double[2][];
        for (int side = 0; side < 2; side++) {
            double[] moved = random.theta.clone();
            for (int p = 0; p < moved.length; p++) {
                moved[p] += (side == 0 ? -step : step) * gradient[p];
            }
            ends[side] = random.gradient(moved).meanGradient();
        }
        return (dot(ends[1], gradient) - dot(ends[0], gradient)) / (2 * step);
    }

    @Property(seed = "22", tries = 40)
    void oneParameterInEachSubsetGivesNewtonsStep(
            @ForAll @IntRange(min = 1, max = 6) int parameters, @ForAll long seed) {
        Random random = new Random(seed);
        int rows = parameters + 3;
        double[] x = random.doubles(rows * parameters, -1, 1).toArray();
        double[] y = random.doubles(rows, -1, 1).toArray();
        double[] theta = random.doubles(parameters, -1, 1).toArray();
        double[] direction = random.doubles(parameters, 0.1, 2).toArray();
        Model model = regression(parameters);
        DerivativeSummary mean;
        try (Program program = Program.compile(model, DType.DOUBLE, 4, Partitions.parse("canonical", model.layout()))) {
            program.setParameters(RawArray.of(theta));
            program.setDirection(RawArray.of(direction));
            int[] all = IntStream.range(0, rows).toArray();
            mean = program.summary(new Shard(rows, RawArray.of(x), RawArray.of(y)), all)
                    .mean();
        }
        // Quadratic: no third order, so that the cubic term vanishes at any weight.
        EtaSolution solution = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), 1);
        assertTrue(solution.found(), "" + solution.solverCase());
        double[] expected = normalEquations(parameters, x, y);
        for (int i = 0; i < parameters; i++) {
            double reached = theta[i] - solution.eta()[i] * direction[i];
            assertEquals(expected[i], reached, 1e-7 * Math.max(1, Math.abs(expected[i])), "parameter " + i);
        }
    }

    /** (sum_i w_i x_i - y)^2 with a tensor of one element for each w_i. */
    private static Model regression(int parameters) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, parameters);
        SDVariable y = graph.placeHolder("y", DataType.DOUBLE, -1, 1);
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        SDVariable sum = null;
        for (int i = 0; i < parameters; i++) {
            names.add("w" + i);
            shapes.add(new int[] {1});
            double[][] unit = new double[parameters][1];
            unit[i][0] = 1;
            SDVariable column = x.mmul(graph.constant("column" + i, Nd4j.createFromArray(unit)));
            SDVariable term = column.mul(graph.var("w" + i, DataType.DOUBLE, 1));
            sum = sum == null ? term : sum.add(term);
        }
        graph.math.square(sum.sub(y)).mean(1).rename("loss");
        return new Model(graph, "x", "y", sum.name(), "loss", new ParameterLayout(names, shapes), 0);
    }

    /** The w that solves X'X w = X'y, by elimination. */
    private static double[] normalEquations(int n, double[] x, double... y) {
        double[][] a = new double[n][n + 1];
        for (int row = 0; row < y.length; row++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    a[i][j] += x[row * n + i] * x[row * n + j];
                }
                a[i][n] += x[row * n + i] * y[row];
            }
        }
        for (int pivot = 0; pivot < n; pivot++) {
            for (int i = 0; i < n; i++) {
                double factor = i == pivot ? 0 : a[i][pivot] / a[pivot][pivot];
                for (int j = pivot; j <= n; j++) {
                    a[i][j] -= factor * a[pivot][j];
                }
            }
        }
        return IntStream.range(0, n).mapToDouble(i -> a[i][n] / a[i][i]).toArray();
    }

    private static double dot(double[] a, double... b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}

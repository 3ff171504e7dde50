package io.etastar.optimizer.newton;

import static io.etastar.optimizer.TestSettings.ADAM;
import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.newton;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.SummaryResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SolvedLengthsTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);
    private static final Partition PARTITION = Partitions.parse("canonical", LAYOUT);

    private static double[] start() {
        return new Random(1).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    private static Optimizer solved(String base, String keys) {
        return Optimizers.create(newton(base, "preset = solved, " + keys), PARTITION);
    }

    @Test
    void summariesAreAtPowersOfTwoAndThenEveryPeriod() {
        Optimizer optimizer = solved(ADAM, "period = 12");
        PolynomialObjective objective = PolynomialObjective.random(LAYOUT, 0.2, 0.1, 4);
        double[] theta = start();
        List<Integer> steps = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            if (optimizer.step(objective, theta, step).summary() != null) {
                steps.add(step);
            }
        }
        assertEquals(List.of(0, 1, 2, 4, 8, 12, 24, 36), steps);
    }

    @Test
    void laterSummariesOfManySubsetsTakeFewerRows() {
        assertEquals(List.of(100L, 100L, 100L), summaryRows(8, 100));
        assertEquals(List.of(100L, 50L, 50L), summaryRows(16, 100));
        assertEquals(List.of(200L, 100L, 100L), summaryRows(16, 2000));
        assertEquals(List.of(32L, 32L, 32L), summaryRows(16, 32));
        assertEquals(List.of(32L, 13L, 13L), summaryRows(62, 32));
    }

    /** How many rows of a batch the first three summaries of so many subsets ask for. */
    private static List<Long> summaryRows(int subsets, long batch) {
        int[] lengths = new int[subsets];
        Arrays.fill(lengths, 1);
        ParameterLayout layout = TestSettings.layout(lengths);
        PolynomialObjective polynomial = PolynomialObjective.random(layout, 0.2, 0, 4);
        List<Long> rows = new ArrayList<>();
        Objective recording = new Objective() {
            @Override
            public ParameterLayout layout() {
                return layout;
            }

            @Override
            public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch of, Point<double[]> point) {
                if (of instanceof Batch.Summary summary) {
                    rows.add(summary.part().of(batch));
                }
                return polynomial.evaluate(quantity, of, point);
            }
        };
        Partition canonical = Partitions.parse("canonical", layout);
        Optimizer optimizer = Optimizers.create(newton(SGD, "preset = solved"), canonical);
        double[] theta = new Random(1).doubles(subsets, -1, 1).toArray();
        for (int step = 0; step < 3; step++) {
            optimizer.step(recording, theta, step);
        }
        return rows;
    }

    /** Without noise all that is promised is confirmed: the first step of the rule is 2 c times that of the solver. */
    @Test
    void theFirstStepIsThatOfItsSummary() {
        PolynomialObjective objective = PolynomialObjective.random(LAYOUT, 0.2, 0, 4);
        double[] theta = start();
        double[] before = theta.clone();
        double[] u = objective.gradient(theta, 0).meanGradient();
        SummaryResult summary =
                solved(SGD, "damping = 0.25").step(objective, theta, 0).summary();
        double length = Math.sqrt(Arrays.stream(u).map(x -> x * x).sum());
        double[] g = summary.mean().g();
        double[] d = summary.mean().order3();
        double[][] h = summary.mean().h();
        for (int s = 0; s < g.length; s++) {
            g[s] /= length;
            d[s] = Math.cbrt(Math.abs(d[s])) / length;
            for (int t = 0; t < g.length; t++) {
                h[s][t] /= length * length;
            }
        }
        double[] e = LengthSolver.solve(g, h, d);
        for (int tensor = 0; tensor < LAYOUT.count(); tensor++) {
            for (int p = LAYOUT.offset(tensor); p < LAYOUT.offset(tensor) + LAYOUT.length(tensor); p++) {
                assertEquals(before[p] - 0.5 * e[tensor] * u[p] / length, theta[p], 1e-12);
            }
            assertEquals(0.5 * e[tensor] / length, summary.learningRates()[tensor], 1e-12);
        }
    }

    /** c_t = c (1 + 20 / (20 + t)), along the same direction with the same means. */
    @Test
    void laterStepsAreShorter() {
        double first = firstRateAt(0);
        assertEquals(first * 0.75, firstRateAt(20), 1e-12);
        assertEquals(first * 0.55, firstRateAt(180), 1e-12);
    }

    /** The rate of a run whose first summary is made in step {@code step}. */
    private static double firstRateAt(long step) {
        PolynomialObjective objective = PolynomialObjective.random(LAYOUT, 0.2, 0, 4);
        return solved(SGD, "period = 1")
                .step(objective, start(), step)
                .summary()
                .learningRates()[0];
    }

    /** Rows that have nothing in common: what one batch promises, others do not confirm. */
    @Test
    void noiseTakesNoSteps() {
        PolynomialObjective noise = PolynomialObjective.random(LAYOUT, 0, 30, 4);
        PolynomialObjective signal = PolynomialObjective.random(LAYOUT, 0, 0, 4);
        assertTrue(share(noise) < 0.5 * share(signal), share(noise) + " of noise, " + share(signal) + " of signal");
    }

    /** c_t alone is left of the factors, in step 39. */
    @Test
    void withoutConfirmationTheShareIsOne() {
        PolynomialObjective noise = PolynomialObjective.random(LAYOUT, 0, 30, 4);
        assertEquals(1 + 20.0 / 59, share(noise, ", confirm = false"), 1e-9);
    }

    private static double share(PolynomialObjective objective) {
        return share(objective, "");
    }

    private static double share(PolynomialObjective objective, String keys) {
        Optimizer optimizer = solved(SGD, "period = 1, damping = 1e-9" + keys);
        double[] theta = start();
        SummaryResult last = null;
        for (int step = 0; step < 40; step++) {
            last = optimizer.step(objective, theta, step).summary();
        }
        return last.learningRates()[0] / last.solution().eta()[0] / 1e-9;
    }

    @Test
    void parametersAreAveraged() {
        Optimizer optimizer = solved(ADAM, "period = 3");
        PolynomialObjective objective = PolynomialObjective.random(LAYOUT, 0, 0.5, 4);
        double[] theta = start();
        assertSame(theta, optimizer.averaged(theta));
        double[] mean = null;
        for (int step = 0; step < 300; step++) {
            optimizer.step(objective, theta, step);
            double kept = Math.min(0.99, (step + 1) / (step + 10.0));
            mean = mean == null ? theta.clone() : mean;
            for (int p = 0; p < mean.length; p++) {
                mean[p] = kept * mean[p] + (1 - kept) * theta[p];
            }
        }
        assertArrayEquals(mean, optimizer.averaged(theta), 1e-12);
    }

    @Test
    void aStepWithoutADirectionDoesNothing() {
        PolynomialObjective flat = new PolynomialObjective(
                LAYOUT, new double[LAYOUT.size()][LAYOUT.size()], new double[LAYOUT.size()], start(), ones(), 0);
        double[] theta = start();
        Optimizer optimizer = solved(SGD, "period = 2");
        assertNull(optimizer.step(flat, theta, 0).summary());
        assertArrayEquals(start(), theta);
        PolynomialObjective objective = PolynomialObjective.random(LAYOUT, 0.2, 0, 4);
        assertNotNull(optimizer.step(objective, theta, 3).summary(), "the first direction is summarised");
    }

    private static double[] ones() {
        return new Random(1).doubles(LAYOUT.size()).map(x -> 1).toArray();
    }
}

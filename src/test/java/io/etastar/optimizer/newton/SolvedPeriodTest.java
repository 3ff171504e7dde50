package io.etastar.optimizer.newton;

import static io.etastar.optimizer.TestSettings.SGD;
import static io.etastar.optimizer.TestSettings.newton;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.BaseRules;
import io.etastar.optimizer.LocalSteps;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps that shards make by themselves with solved lengths, against loops written from the formulas. */
class SolvedPeriodTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(4, 2, 3, 1);
    private static final Partition PARTITION = Partitions.parse("canonical", LAYOUT);
    private static final int SIZE = PARTITION.size();
    private static final double C = 0.3;
    private static final OptimizerSpec SPEC = newton(SGD, "preset = solved, damping = " + C);

    /** The second one's rows are so far apart that its slopes are much more than the usual ones. */
    private static final Shards SHARDS =
            new Shards(PolynomialObjective.random(LAYOUT, 0.2, 0.1, 6), PolynomialObjective.random(LAYOUT, 0.1, 8, 7));

    /** Two shards in memory. */
    private record Shards(PolynomialObjective first, PolynomialObjective second) implements Objective.Sharded {
        @Override
        public ParameterLayout layout() {
            return LAYOUT;
        }

        @Override
        public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Batch batch, Point<double[]> point) {
            return first.evaluate(quantity, batch, point).merge(second.evaluate(quantity, batch, point));
        }

        @Override
        public PeriodSum localSteps(LocalSteps steps, double[] theta, Map<String, double[]> state, Batch.Summary at) {
            return steps.run(new Rows(first, at), theta, state, 0.5)
                    .merge(steps.run(new Rows(second, at), theta, state, 0.5));
        }
    }

    private record Rows(PolynomialObjective shard, Batch.Summary at) implements LocalSteps.LocalRows {
        @Override
        public GradientSum gradient(double[] theta, int i) {
            return shard.gradient(theta, at.step() + i);
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction) {
            return shard.evaluate(new Quantity.Summary(PARTITION), at, Point.along(theta, direction));
        }

        @Override
        public DerivativeTensor slopes(double[] theta, double[] direction, int i) {
            Batch others = new Batch.Other(at.step() + i, 100);
            return shard.evaluate(new Quantity.Derivatives(PARTITION, 1), others, Point.along(theta, direction));
        }
    }

    private static double c(int step) {
        return C * (1 + 20.0 / (20 + step));
    }

    private static double[] start() {
        return new Random(3).doubles(LAYOUT.size(), -1, 1).toArray();
    }

    private static SolvedLengths solved() {
        return new SolvedLengths(SPEC, BaseRules.create(SPEC.settings().base(), LAYOUT), PARTITION);
    }

    private static int subset(int p) {
        int tensor = 0;
        while (p >= LAYOUT.offset(tensor) + LAYOUT.length(tensor)) {
            tensor++;
        }
        return PARTITION.subsetOf(tensor);
    }

    private static double norm(double[] u) {
        double sum = 0;
        for (double x : u) {
            sum += x * x;
        }
        return Math.sqrt(sum);
    }

    @Test
    void shardsStepWithTheLengthsOfTheLastSolution() {
        SolvedLengths optimizer = solved();
        double[] theta = start();
        assertEquals(1, optimizer.period(SHARDS, theta, 0, 10).size(), "without lengths a step of all shards");
        Map<String, double[]> before = optimizer.state();
        double[] expected = new double[theta.length];
        int[] shortened = new int[2];
        for (int shard = 0; shard < 2; shard++) {
            double[] reached = alone(shard == 0 ? SHARDS.first() : SHARDS.second(), theta, before, shortened);
            for (int p = 0; p < theta.length; p++) {
                expected[p] += 0.5 * reached[p];
            }
        }
        assertTrue(shortened[0] > 0 && shortened[1] > 0, "slopes of both kinds");
        assertEquals(3, optimizer.period(SHARDS, theta, 3, 3).size());
        assertArrayEquals(expected, theta, 1e-12);
    }

    /** Three steps of one shard, the first of them step 3. */
    private static double[] alone(
            PolynomialObjective shard, double[] from, Map<String, double[]> state, int[] shortened) {
        double usual = 0;
        for (int s = 0; s < SIZE; s++) {
            usual += state.get("lengths")[s] * state.get("mean")[s];
        }
        double share = Math.min(1, Math.max(0, state.get("shares")[1] / state.get("shares")[0]));
        assertTrue(share > 0.1, "steps that move");
        double[] theta = from.clone();
        for (int i = 0; i < 3; i++) {
            double[] u = shard.meanGradient(theta, 3 + i);
            double length = norm(u);
            // The direction is the gradient.
            double slope = 0;
            for (int p = 0; p < u.length; p++) {
                slope += state.get("lengths")[subset(p)] * u[p] * u[p] / length;
            }
            double bound = slope > 3 * usual ? 3 * usual / slope : 1;
            shortened[bound < 1 ? 1 : 0]++;
            for (int p = 0; p < theta.length; p++) {
                theta[p] -= c(3 + i) * share * bound * state.get("lengths")[subset(p)] * u[p] / length;
            }
        }
        return theta;
    }

    @Test
    void theSummaryOfAPeriodGivesTheLengthsOfTheNext() {
        SolvedLengths optimizer = solved();
        double[] theta = start();
        optimizer.period(SHARDS, theta, 0, 10);
        Map<String, double[]> before = optimizer.state();
        double[] at = theta.clone();
        List<StepResult> results = optimizer.period(SHARDS, theta, 5, 3);
        assertNull(results.get(0).summary(), "none of the steps 5, 6, 7 makes one");
        assertArrayEquals(before.get("lengths"), optimizer.state().get("lengths"));

        optimizer.restore(before);
        theta = at.clone();
        results = optimizer.period(SHARDS, theta, 2, 3);
        Map<String, double[]> after = optimizer.state();
        double[] found = new double[(2 + SIZE) * SIZE];
        double[] confirmed = new double[SIZE];
        for (PolynomialObjective shard : List.of(SHARDS.first(), SHARDS.second())) {
            double[] u = shard.meanGradient(at, 2);
            add(shard.evaluate(new Quantity.Summary(PARTITION), new Batch.Summary(1, 2), Point.along(at, u)), u, found);
            double[] others = shard.meanGradient(at, 3);
            for (int p = 0; p < u.length; p++) {
                confirmed[subset(p)] += 0.5 * others[p] * u[p] / norm(u);
            }
        }
        for (int s = SIZE; s < 2 * SIZE; s++) {
            found[s] = Math.cbrt(Math.abs(found[s]));
        }
        double count = before.get("averaged_summaries")[0] + 1;
        double[] mean = new double[found.length];
        for (int i = 0; i < mean.length; i++) {
            double old = before.get("mean")[i];
            mean[i] = old + (found[i] - old) / count;
        }
        assertArrayEquals(mean, after.get("mean"), 1e-12);
        double promised = 0;
        double kept = 0;
        for (int s = 0; s < SIZE; s++) {
            promised += after.get("lengths")[s] * found[s];
            kept += after.get("lengths")[s] * confirmed[s];
        }
        assertEquals(before.get("shares")[0] + promised, after.get("shares")[0], 1e-12);
        assertEquals(before.get("shares")[1] + kept, after.get("shares")[1], 1e-12);
        double share = Math.min(1, Math.max(0, after.get("shares")[1] / after.get("shares")[0]));
        for (int s = 0; s < SIZE; s++) {
            double rate = results.get(0).summary().learningRates()[s];
            assertEquals(c(5) * share * after.get("lengths")[s], rate, 1e-12);
        }
    }

    /** Adds half of the mean derivatives along u / |u|: g, order3 and H. */
    private static void add(DerivativeSummary sum, double[] u, double[] found) {
        double length = norm(u);
        for (int s = 0; s < SIZE; s++) {
            found[s] += 0.5 * sum.mean().g()[s] / length;
            found[SIZE + s] += 0.5 * sum.mean().order3()[s] / (length * length * length);
            for (int t = 0; t < SIZE; t++) {
                found[(2 + s) * SIZE + t] += 0.5 * sum.mean().h()[s][t] / (length * length);
            }
        }
    }

    @Test
    void stepsOfAPeriodAreAveragedAsOnALine() {
        Optimizer.Local optimizer = (Optimizer.Local) Optimizers.create(SPEC, PARTITION);
        double[] theta = start();
        optimizer.period(SHARDS, theta, 0, 10);
        assertArrayEquals(theta, optimizer.averaged(theta), 0, "one step");
        double[] average = theta.clone();
        int steps = 1;
        for (int period = 0; period < 40; period++) {
            double[] before = theta.clone();
            int made = optimizer.period(SHARDS, theta, steps, 4).size();
            assertEquals(4, made);
            for (int i = 1; i <= made; i++) {
                steps++;
                double kept = Math.min(0.99, steps / (steps + 9.0));
                for (int p = 0; p < theta.length; p++) {
                    double reached = before[p] + i / 4.0 * (theta[p] - before[p]);
                    average[p] = kept * average[p] + (1 - kept) * reached;
                }
            }
        }
        assertArrayEquals(average, optimizer.averaged(theta), 1e-12);
    }
}

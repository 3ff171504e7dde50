package io.etastar.optimizer.lbfgs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.FunctionObjective;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partitions;
import org.junit.jupiter.api.Test;

class LbfgsTest {
    private static Optimizer lbfgs(Objective objective, double weightDecay) {
        return Optimizers.create(
                TestSettings.spec("name = l-bfgs", TestSettings.sgd(0, 0, weightDecay)),
                Partitions.parse("canonical", objective.layout()));
    }

    /** sum_p (p + 1) (x_p - p)^2 / 2. */
    private static FunctionObjective quadratic(int size) {
        return new FunctionObjective(
                size,
                x -> {
                    double sum = 0;
                    for (int p = 0; p < size; p++) {
                        sum += (p + 1) * (x[p] - p) * (x[p] - p) / 2;
                    }
                    return sum;
                },
                x -> {
                    double[] gradient = new double[size];
                    for (int p = 0; p < size; p++) {
                        gradient[p] = (p + 1) * (x[p] - p);
                    }
                    return gradient;
                });
    }

    @Test
    void descendsAlongRosenbrocksValley() {
        FunctionObjective objective = FunctionObjective.rosenbrock(1, 100);
        Optimizer optimizer = lbfgs(objective, 0);
        double[] theta = {-1.2, 1};
        double last = Double.POSITIVE_INFINITY;
        int steps = 0;
        while (objective.value(theta) > 1e-10) {
            double loss = optimizer.step(objective, theta, steps++).loss().meanLoss();
            assertTrue(loss < last, loss + " after " + last);
            last = loss;
            assertTrue(steps < 50, "found " + objective.value(theta));
        }
        assertTrue(objective.calls() < 70, "found " + objective.calls() + " gradients");
        assertEquals(0, optimizer.noSolution());
    }

    @Test
    void solvesAQuadraticInAboutAsManyStepsAsParameters() {
        FunctionObjective objective = quadratic(8);
        Optimizer optimizer = lbfgs(objective, 0);
        double[] theta = new double[8];
        for (int step = 0; step < 16; step++) {
            optimizer.step(objective, theta, step);
        }
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, theta, 1e-6);
    }

    @Test
    void weightDecayIsPartOfTheFunction() {
        FunctionObjective objective = quadratic(3);
        double[] theta = {1, 1, 1};
        Optimizer optimizer = lbfgs(objective, 0.5);
        StepResult first = optimizer.step(objective, theta, 0);
        assertEquals((1 + 0 + 3) / 2.0, first.loss().meanLoss());
        assertEquals(Math.sqrt(1 + 9), first.gradientNorm(), 1e-15);
        for (int step = 1; step < 12; step++) {
            optimizer.step(objective, theta, step);
        }
        assertArrayEquals(new double[] {0, 2 * 1 / 2.5, 3 * 2 / 3.5}, theta, 1e-6);
    }

    @Test
    void aPointIsEvaluatedOnce() {
        FunctionObjective objective = new FunctionObjective(1, x -> x[0] * x[0] / 2, double[]::clone);
        Optimizer optimizer = lbfgs(objective, 0);
        double[] theta = {2};
        optimizer.step(objective, theta, 0);
        assertEquals(1, theta[0], 1e-15); // the first trial, of norm 1
        assertEquals(2, objective.calls());
        optimizer.step(objective, theta, 1);
        assertEquals(0, theta[0], 1e-15);
        assertEquals(3, objective.calls());
    }

    @Test
    void staysWhereTheGradientIsZero() {
        FunctionObjective objective = new FunctionObjective(1, x -> x[0] * x[0] / 2, double[]::clone);
        Optimizer optimizer = lbfgs(objective, 0);
        double[] theta = {0};
        for (int step = 0; step < 3; step++) {
            assertEquals(0, optimizer.step(objective, theta, step).gradientNorm());
        }
        assertEquals(0, theta[0]);
        assertEquals(1, objective.calls());
        assertEquals(0, optimizer.noSolution());
    }

    @Test
    void staysAndCountsOnceWhereNoStepDescends() {
        FunctionObjective wrong = new FunctionObjective(2, x -> x[0] + x[1], x -> new double[] {-1, -2});
        Optimizer optimizer = lbfgs(wrong, 0);
        double[] theta = {3, 4};
        optimizer.step(wrong, theta, 0);
        int calls = wrong.calls();
        StepResult result = optimizer.step(wrong, theta, 1);
        assertArrayEquals(new double[] {3, 4}, theta);
        assertEquals(7, result.loss().meanLoss());
        assertEquals(1, optimizer.noSolution());
        assertEquals(calls, wrong.calls());
        theta[0] = 5;
        optimizer.step(wrong, theta, 2);
        assertEquals(2, optimizer.noSolution());
    }

    @Test
    void goesOnFromAStateWithoutANewGradient() {
        FunctionObjective objective = FunctionObjective.rosenbrock(1, 100);
        Optimizer first = lbfgs(objective, 0);
        double[] theta = {-1.2, 1};
        for (int step = 0; step < 60; step++) {
            Optimizer second = lbfgs(objective, 0);
            second.restore(first.state());
            double[] resumed = theta.clone();
            int before = objective.calls();
            StepResult expected = first.step(objective, theta, step);
            int between = objective.calls();
            assertEquals(expected, second.step(objective, resumed, step));
            assertArrayEquals(theta, resumed);
            assertEquals(between - before, objective.calls() - between, "gradients of step " + step);
        }
        assertEquals(1, first.noSolution()); // at the minimum
        assertArrayEquals(new double[] {1, 1}, theta, 1e-9);
    }

    @Test
    void anErrorOfTheObjectiveComesThrough() {
        IllegalStateException error = new IllegalStateException("lost");
        FunctionObjective broken = new FunctionObjective(1, x -> -x[0], x -> {
            if (x[0] != 0) {
                throw error;
            }
            return new double[] {-1};
        });
        Optimizer optimizer = lbfgs(broken, 0);
        assertSame(error, assertThrows(IllegalStateException.class, () -> optimizer.step(broken, new double[] {0}, 0)));
    }
}

package io.etastar.optimizer.lodo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.PolynomialObjective;
import io.etastar.optimizer.Schedule;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.settings.OptimizerSettings;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LodoTest {
    private static final ParameterLayout LAYOUT = TestSettings.layout(3, 2);
    private static final double[] START = {0.3, -1, 0.5, 0.2, 2};

    private final Objective objective = PolynomialObjective.random(LAYOUT, 0.2, 0.1, 4);

    private static OptimizerSpec spec(long seed) {
        return OptimizerSpec.of(OptimizerSettings.of("name = lodo, lodo.initial = 0.05"), seed);
    }

    private static Optimizer lodo(Schedule schedule) {
        return Optimizers.create(spec(5).with(schedule), Partitions.parse("canonical", LAYOUT));
    }

    @Test
    void theFirstStepStaysWhereItIsAndTheSecondGoesDownTheFirstGradient() {
        Optimizer lodo = lodo(Schedule.NONE);
        double[] theta = START.clone();
        lodo.step(objective, theta, 0);
        assertArrayEquals(START, theta);
        StepResult second = lodo.step(objective, theta, 1);
        double[] gradient = objective.gradient(START, 0).meanGradient();
        for (int p = 0; p < theta.length; p++) {
            assertEquals(START[p] - 0.05 * 0.1 * gradient[p], theta[p], 1e-14);
        }
        assertEquals(objective.gradient(theta, 1).loss(), second.loss());
    }

    @Test
    void aScheduleScalesTheMove() {
        Optimizer first = lodo(Schedule.NONE);
        double[] theta = START.clone();
        for (int step = 0; step < 3; step++) {
            first.step(objective, theta, step);
        }
        double[] plain = moved(Schedule.NONE, first.state(), theta);
        double[] decaying = moved(Schedule.linear(12), first.state(), theta);
        for (int p = 0; p < theta.length; p++) {
            assertEquals(plain[p] * (1 - 3 / 12.0), decaying[p], 1e-14);
        }
        assertFalse(Arrays.stream(plain).allMatch(move -> move == 0));
        assertArrayEquals(new double[5], moved(Schedule.linear(3), first.state(), theta));
    }

    private double[] moved(Schedule schedule, Map<String, double[]> state, double[] from) {
        Optimizer lodo = lodo(schedule);
        lodo.restore(state);
        double[] theta = from.clone();
        lodo.step(objective, theta, 3);
        for (int p = 0; p < theta.length; p++) {
            theta[p] -= from[p];
        }
        return theta;
    }

    @Test
    void anotherSeedLearnsOtherwise() {
        double[] one = START.clone();
        double[] other = START.clone();
        Optimizer five = lodo(Schedule.NONE);
        Optimizer six = Optimizers.create(spec(6), Partitions.parse("canonical", LAYOUT));
        for (int step = 0; step < 4; step++) {
            five.step(objective, one, step);
            six.step(objective, other, step);
        }
        assertFalse(Arrays.equals(one, other));
    }
}

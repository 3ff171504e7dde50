package io.etastar.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.Partitions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Base rules with the settings of I. Liao and others (TMLR 2023, table 6) on 0.01 (1 - x)^2 + (y - x^2)^2 from (-0.5, 2): mean of
 * the losses before the steps 180 to 200, counted from 1. The paper's table 8 has 5.342e-5 and 7.916e-4.
 */
class RosenbrockFiguresTest {
    @ParameterizedTest
    @CsvSource({"adam, 0.9704, 0.864, 0.99804, 5.353e-5", "yogi, 0.2991, 0.9273, 0.998787, 7.913e-4"})
    void meanLossOfTheLastSteps(String name, double lr, double beta1, double beta2, double expected) {
        FunctionObjective objective = FunctionObjective.rosenbrock(0.01, 1);
        Optimizer optimizer = Optimizers.create(
                TestSettings.fixed(name, "base { beta1 = " + beta1 + ", beta2 = " + beta2 + " }", lr),
                Partitions.parse("canonical", objective.layout()));
        double[] theta = {-0.5, 2};
        double sum = 0;
        for (int step = 1; step <= 200; step++) {
            double loss = optimizer.step(objective, theta, step - 1).loss().meanLoss();
            sum += step >= 180 ? loss : 0;
        }
        assertEquals(expected, sum / 21, 1e-3 * expected);
    }
}

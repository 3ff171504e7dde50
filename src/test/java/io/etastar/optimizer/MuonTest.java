package io.etastar.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.partition.ParameterLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MuonTest {
    private static final ParameterLayout CONVOLUTION =
            new ParameterLayout(List.of("c.weight", "c.bias"), List.of(new int[] {6, 1, 2, 1}, new int[] {3}));
    private static final ParameterLayout DENSE =
            new ParameterLayout(List.of("d.weight", "d.bias"), List.of(new int[] {2, 6}, new int[] {3}));

    private static BaseRule rule(ParameterLayout layout) {
        return BaseRules.create(TestSettings.base("base { name = muon, weight_decay = 0.1 }"), layout);
    }

    private static double[] random(int seed) {
        return new Random(seed).doubles(15, -1, 1).toArray();
    }

    /** A [6, 2] weight as [2, 6]; the bias as it is. */
    private static double[] turned(double[] values) {
        double[] result = values.clone();
        for (int i = 0; i < 12; i++) {
            result[i % 2 * 6 + i / 2] = values[i];
        }
        return result;
    }

    @Test
    void convolutionsAreMatricesOfOutputsByInputs() {
        BaseRule convolution = rule(CONVOLUTION);
        BaseRule dense = rule(DENSE);
        for (int step = 0; step < 3; step++) {
            double[] expected = turned(convolution.direction(random(step), random(9)));
            assertArrayEquals(expected, dense.direction(turned(random(step)), turned(random(9))), 1e-12);
        }
    }

    /** Weights of [out, in], as PyTorch has them, go the way of those of [in, out]. */
    @Test
    void theFactorIsOfTheSideOnWhichTheLayoutHasTheOutputs() {
        ParameterLayout flat = new ParameterLayout(List.of("w", "b"), List.of(new int[] {6, 2}, new int[] {3}));
        BaseRule turned = rule(flat.withOutputsFirst(true, false));
        BaseRule dense = rule(DENSE);
        for (int step = 0; step < 3; step++) {
            double[] expected = turned(turned.direction(random(step), random(9)));
            assertArrayEquals(expected, dense.direction(turned(random(step)), turned(random(9))), 1e-12);
        }
    }

    @Test
    void matricesHaveSingularValuesNearTheRootOfOutputsByInputsAndBiasesAdamsDirection() {
        double[] direction = rule(DENSE).direction(random(1), new double[15]);
        double[][] gram = new double[2][2];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                for (int k = 0; k < 6; k++) {
                    gram[i][j] += direction[i * 6 + k] * direction[j * 6 + k];
                }
            }
        }
        double half = (gram[0][0] + gram[1][1]) / 2;
        double root = Math.sqrt(half * half - gram[0][0] * gram[1][1] + gram[0][1] * gram[1][0]);
        assertEquals(3, half - root, 1.7);
        assertEquals(3, half + root, 1.7);
        double[] signs = Arrays.stream(random(1), 12, 15).map(Math::signum).toArray();
        double[] biases = Arrays.stream(direction, 12, 15).map(u -> u / 0.015).toArray();
        assertArrayEquals(signs, biases, 1e-6);
    }

    @Test
    void matricesAboveTheLimitTakeAdamsDirection() {
        BaseRule limited = BaseRules.create(TestSettings.base("base { name = muon, muon.max_side = 1 }"), DENSE);
        double[] direction = limited.direction(random(1), random(2));
        double[] signs = Arrays.stream(random(1)).map(Math::signum).toArray();
        assertArrayEquals(signs, Arrays.stream(direction).map(u -> u / 0.015).toArray(), 1e-6);
        BaseRule wide = BaseRules.create(TestSettings.base("base { name = muon, muon.max_side = 2 }"), DENSE);
        BaseRule unlimited = BaseRules.create(TestSettings.base("base { name = muon }"), DENSE);
        assertArrayEquals(unlimited.direction(random(1), random(2)), wide.direction(random(1), random(2)));
    }

    @Test
    void aRestoredRuleGoesOn() {
        BaseRule first = rule(CONVOLUTION);
        first.direction(random(1), random(2));
        Map<String, double[]> state = first.state();
        BaseRule second = rule(CONVOLUTION);
        second.restore(state);
        assertArrayEquals(first.direction(random(3), random(4)), second.direction(random(3), random(4)));
    }

    @Test
    void aGradientOfZeroGivesTheDecayAlone() {
        double[] theta = random(1);
        double[] direction = rule(DENSE).direction(new double[15], theta);
        double[] expected = Arrays.stream(theta).map(w -> 0.1 * w).toArray();
        Arrays.fill(expected, 12, 15, 0);
        assertArrayEquals(expected, direction, 1e-15);
    }
}

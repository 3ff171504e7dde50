package io.etastar.optimizer.kfac;

import static io.etastar.optimizer.TestSettings.sgd;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import io.etastar.testing.MethodObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps of K-FAC against the linear systems that they solve, for both layouts of weights. */
class KfacTest {
    private static final int SAMPLES = 5;
    private static final double DAMPING = 0.07;
    /** A bias before its convolution, a weight without a bias, a parameter of no layer, a dense layer. */
    private static final ParameterLayout LAYOUT = new ParameterLayout(
            List.of("conv.bias", "conv.weight", "plain.weight", "scale", "dense.weight", "dense.bias"),
            List.of(
                    new int[] {3},
                    new int[] {3, 2, 2, 1},
                    new int[] {2, 4},
                    new int[] {5},
                    new int[] {4, 2},
                    new int[] {2}));

    private static final List<KroneckerFactors.Layer> LAYERS = List.of(
            new KroneckerFactors.Layer(1, 0, 5, 3, 6, false),
            new KroneckerFactors.Layer(2, -1, 2, 4, 1, true),
            new KroneckerFactors.Layer(4, 5, 5, 2, 1, true));

    private static final Partition PARTITION = Partitions.parse("canonical", LAYOUT);

    /** A gradient and factors that depend on the step alone. */
    private static final class Fixed implements MethodObjective {
        final List<Long> asked = new ArrayList<>();

        @Override
        public ParameterLayout layout() {
            return LAYOUT;
        }

        @Override
        public GradientSum gradient(double[] theta, long step) {
            double[] sum =
                    new Random(step).doubles(LAYOUT.size(), -SAMPLES, SAMPLES).toArray();
            return new GradientSum(new LossSum(SAMPLES, SAMPLES, 0), RawArray.of(sum));
        }

        @Override
        public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
            throw new UnsupportedOperationException();
        }

        @Override
        public KroneckerFactors kroneckerFactors(double[] theta, long step, boolean sampled) {
            asked.add(step);
            Random random = new Random(step);
            RawArray[] a = new RawArray[LAYERS.size()];
            RawArray[] s = new RawArray[LAYERS.size()];
            for (int i = 0; i < a.length; i++) {
                a[i] = products(random, LAYERS.get(i).inputs());
                s[i] = products(random, LAYERS.get(i).outputs());
            }
            return new KroneckerFactors(SAMPLES, LAYERS, a, s);
        }

        private static RawArray products(Random random, int side) {
            double[] triangle = new double[KroneckerFactors.length(side)];
            for (int sample = 0; sample < SAMPLES; sample++) {
                double[] x = random.doubles(side, -2, 2).toArray();
                for (int i = 0, at = 0; i < side; i++) {
                    for (int j = 0; j <= i; j++) {
                        triangle[at++] += x[i] * x[j];
                    }
                }
            }
            return RawArray.of(triangle);
        }
    }

    private static Optimizer optimizer(String base, double lr, double clip, int factors, int inverses) {
        OptimizerSpec spec = TestSettings.spec(
                TestSettings.keys("k-fac", base, lr),
                "kfac { decay = 0.8, damping = " + DAMPING + ", clip = " + clip + ", factor_period = " + factors
                        + ", inverse_period = " + inverses + ", fisher = empirical }");
        return Optimizers.create(spec, PARTITION);
    }

    /** (S (x) A + damping I) u for the layers, u elsewhere; means of factors as given. */
    private static double[] system(double[][] a, double[][] s, double[] u) {
        double[] product = u.clone();
        for (int i = 0; i < LAYERS.size(); i++) {
            KroneckerFactors.Layer layer = LAYERS.get(i);
            for (int o = 0; o < layer.outputs(); o++) {
                for (int k = 0; k < layer.inputs(); k++) {
                    double sum = DAMPING * u[place(layer, o, k)];
                    for (int p = 0; p < layer.outputs(); p++) {
                        for (int j = 0; j < layer.inputs(); j++) {
                            sum += at(s[i], o, p) * at(a[i], k, j) * u[place(layer, p, j)];
                        }
                    }
                    product[place(layer, o, k)] = sum;
                }
            }
        }
        return product;
    }

    private static double at(double[] triangle, int i, int j) {
        return i >= j ? triangle[i * (i + 1) / 2 + j] : at(triangle, j, i);
    }

    private static int place(KroneckerFactors.Layer layer, int output, int input) {
        int own = layer.weightInputs();
        if (input == own) {
            return LAYOUT.offset(layer.bias()) + output;
        }
        return LAYOUT.offset(layer.weight())
                + (layer.inputsFirst() ? input * layer.outputs() + output : output * own + input);
    }

    private static double[][] means(boolean ofA, double[] shares, long... steps) {
        double[][] means = new double[LAYERS.size()][];
        for (int k = 0; k < steps.length; k++) {
            KroneckerFactors factors = new Fixed().kroneckerFactors(null, steps[k], false);
            for (int i = 0; i < means.length; i++) {
                double[] mean = ofA ? factors.meanA(i) : factors.meanS(i);
                means[i] = means[i] == null ? new double[mean.length] : means[i];
                for (int m = 0; m < mean.length; m++) {
                    means[i][m] += shares[k] * mean[m];
                }
            }
        }
        return means;
    }

    private static double[] moved(double[] before, double[] after, double lr) {
        double[] u = new double[before.length];
        for (int p = 0; p < u.length; p++) {
            u[p] = (before[p] - after[p]) / lr;
        }
        return u;
    }

    @Test
    void aStepSolvesTheDampedSystemWithTheDecayedGradient() {
        Fixed objective = new Fixed();
        double[] theta = new Random(9).doubles(LAYOUT.size(), -1, 1).toArray();
        double[] before = theta.clone();
        optimizer(sgd(0, 0, 0.3), 0.5, 0, 1, 1).step(objective, theta, 4);
        double[] expected = objective.gradient(null, 4).meanGradient();
        for (int p = 0; p < expected.length; p++) {
            expected[p] += 0.3 * before[p];
        }
        double[] one = {1};
        double[] found = system(means(true, one, 4), means(false, one, 4), moved(before, theta, 0.5));
        assertArrayEquals(expected, found, 1e-11);
    }

    @Test
    void factorsAndInversesHaveTheirPeriods() {
        Fixed objective = new Fixed();
        Optimizer optimizer = optimizer(sgd(0, 0, 0), 0.5, 0, 2, 5);
        double[] theta = new double[LAYOUT.size()];
        double[] before = {};
        for (int step = 0; step < 8; step++) {
            before = theta.clone();
            optimizer.step(objective, theta, step);
        }
        assertEquals(List.of(0L, 2L, 4L, 6L), objective.asked);
        double[] shares = {0.64, 0.16, 0.2};
        double[][] a = means(true, shares, 0, 2, 4);
        double[][] s = means(false, shares, 0, 2, 4);
        assertArrayEquals(objective.gradient(null, 7).meanGradient(), system(a, s, moved(before, theta, 0.5)), 1e-11);
    }

    @Test
    void clippedStepsChangeTheLayersByNoMoreThanTheBound() {
        Fixed objective = new Fixed();
        double[] free = new double[LAYOUT.size()];
        double[] clipped = new double[LAYOUT.size()];
        optimizer(sgd(0, 0, 0), 0.5, 0, 1, 1).step(objective, free, 0);
        optimizer(sgd(0, 0, 0), 0.5, 1e-3, 1, 1).step(objective, clipped, 0);
        double[] gradient = objective.gradient(null, 0).meanGradient();
        double change = 0;
        for (int p = 0; p < free.length; p++) {
            boolean scale = p >= LAYOUT.offset(3) && p < LAYOUT.offset(4);
            change -= scale ? 0 : 0.5 * free[p] * gradient[p];
        }
        for (int p = 0; p < free.length; p++) {
            boolean scale = p >= LAYOUT.offset(3) && p < LAYOUT.offset(4);
            assertEquals(free[p] * (scale ? 1 : Math.sqrt(1e-3 / change)), clipped[p], 1e-14);
        }
    }

    @Test
    void anObjectiveWithoutFactorsIsSaidSo() {
        Objective plain = new MethodObjective() {
            @Override
            public ParameterLayout layout() {
                return LAYOUT;
            }

            @Override
            public GradientSum gradient(double[] theta, long step) {
                return new Fixed().gradient(theta, step);
            }

            @Override
            public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
                throw new UnsupportedOperationException();
            }
        };
        Optimizer optimizer = optimizer(sgd(0, 0, 0), 0.5, 0, 1, 1);
        assertThrows(UnsupportedOperationException.class, () -> optimizer.step(plain, new double[LAYOUT.size()], 0));
    }
}

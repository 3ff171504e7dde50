package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.StepResult;
import io.etastar.optimizer.TestSettings;
import io.etastar.optimizer.registry.Optimizers;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partitions;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.testing.LocalObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Solved learning rates make a run independent of the scale on which each subset's parameters are written. */
class RescalingTest {
    private static final int[] LAYERS = {6, 5, 4, 3};
    private static final int STEPS = 20;
    private static final double[] FACTORS = {100, 0.02, 1e-3, 7, 3e3, 0.3};

    /** A run's losses and, at its end, the parameters as the layers use them. */
    private record Run(double[] losses, double[] used) {}

    /** A tanh perceptron with cross-entropy that uses each parameter tensor times its factor. */
    private static Model perceptron(double... factors) {
        SameDiff graph = SameDiff.create();
        SDVariable z = graph.placeHolder("x", DataType.DOUBLE, -1, LAYERS[0]);
        SDVariable label = graph.placeHolder("y", DataType.INT, -1);
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        for (int i = 0; i + 1 < LAYERS.length; i++) {
            SDVariable weight = graph.var(i + ".weight", DataType.DOUBLE, LAYERS[i], LAYERS[i + 1]);
            SDVariable bias = graph.var(i + ".bias", DataType.DOUBLE, LAYERS[i + 1]);
            names.addAll(List.of(i + ".weight", i + ".bias"));
            shapes.addAll(List.of(new int[] {LAYERS[i], LAYERS[i + 1]}, new int[] {LAYERS[i + 1]}));
            SDVariable h = i == 0 ? z : graph.math.tanh(z);
            z = h.mmul(weight.mul(factors[2 * i])).add(bias.mul(factors[2 * i + 1]));
        }
        graph.loss.sparseSoftmaxCrossEntropy("loss", z, label);
        return new Model(graph, "x", "y", z.name(), "loss", new ParameterLayout(names, shapes), LAYERS[3]);
    }

    private static LocalObjective.Batches batches(int seed, int count, int size) {
        Random random = new Random(seed);
        int rows = count * size;
        double[] x = new double[rows * LAYERS[0]];
        double[] y = new double[rows];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < LAYERS[0]; i++) {
                x[row * LAYERS[0] + i] = random.nextGaussian();
            }
            y[row] = x[row * LAYERS[0]] > 0.4 ? 2 : x[row * LAYERS[0] + 1] > 0 ? 1 : 0;
        }
        return new LocalObjective.Batches(new Shard(rows, RawArray.of(x), RawArray.of(y)), size);
    }

    private static Run train(double momentum, double... factors) {
        Model model = perceptron(factors);
        ParameterLayout layout = model.layout();
        Random random = new Random(3);
        double[] theta = new double[layout.size()];
        for (int i = 0; i < layout.count(); i++) {
            for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                theta[p] = 0.5 * random.nextGaussian() / factors[i];
            }
        }
        double[] losses = losses(model, theta, momentum);
        for (int i = 0; i < layout.count(); i++) {
            for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                theta[p] *= factors[i];
            }
        }
        return new Run(losses, theta);
    }

    /** Losses of a run from theta, which is where it ends afterwards. */
    private static double[] losses(Model model, double[] theta, double momentum) {
        Optimizer optimizer = Optimizers.create(settings(momentum), Partitions.parse("canonical", model.layout()));
        double[] losses = new double[STEPS];
        try (LocalObjective objective = new LocalObjective(model, batches(1, 4, 30), batches(2, 3, 50))) {
            for (int step = 0; step < STEPS; step++) {
                StepResult result = optimizer.step(objective, theta, step);
                losses[step] = result.loss().meanLoss();
                if (result.summary() != null) {
                    assertNotNull(result.summary().solution().eta(), "step " + step + " has no solution");
                }
            }
        }
        return losses;
    }

    private static OptimizerSpec settings(double momentum) {
        return TestSettings.newton(TestSettings.sgd(momentum, momentum, 0), 2, 0.5, 3, 0.3, true);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.9})
    void rescalingEachSubsetLeavesTheRunAsItIs(double momentum) {
        double[] ones = new double[FACTORS.length];
        Arrays.fill(ones, 1);
        Run plain = train(momentum, ones);
        Run rescaled = train(momentum, FACTORS);
        assertNotEquals(plain.losses()[0], plain.losses()[STEPS - 1], 0.05, "the run must get somewhere");
        for (int step = 0; step < STEPS; step++) {
            assertEquals(plain.losses()[step], rescaled.losses()[step], 1e-8, "loss of step " + step);
        }
        for (int p = 0; p < plain.used().length; p++) {
            assertEquals(plain.used()[p], rescaled.used()[p], 1e-8, "parameter " + p);
        }
    }

    @Test
    void bothParameterisationsTakeTheSameWay() {
        String keys = "{\"model\":\"perceptron\",\"layers\":[6,5,4,3],\"activation\":\"tanh\",\"loss\":\"nll\","
                + "\"sigma_w\":1.5,\"sigma_b\":0.2,\"parameterisation\":\"standard\"}";
        ModelDescription standard = new ModelDescription(keys);
        ModelDescription ntk = new ModelDescription(keys.replace("standard", "ntk"));
        double[] theta = standard.initialParameters(5);
        double[] units = ntk.initialParameters(5);
        ParameterLayout layout = ntk.build(DType.DOUBLE).layout();
        for (int i = 0; i < layout.count(); i++) {
            double factor = layout.name(i).endsWith("bias") ? 0.2 : 1.5 / Math.sqrt(layout.shape(i)[0]);
            for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                assertEquals(theta[p], factor * units[p], 1e-15, layout.name(i));
            }
        }
        double[] losses = losses(standard.build(DType.DOUBLE), theta, 0.5);
        assertNotEquals(losses[0], losses[STEPS - 1], 0.05, "the run must get somewhere");
        assertArrayEquals(losses, losses(ntk.build(DType.DOUBLE), units, 0.5), 1e-8);
    }
}

package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.RawArray;
import io.etastar.testing.MethodObjective;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A function of theta, the same on all batches, that counts how often it is asked. Sums over two equal samples. */
public final class FunctionObjective implements MethodObjective {
    private static final int SAMPLES = 2;

    private final ParameterLayout layout;
    private final ToDoubleFunction<double[]> value;
    private final Function<double[], double[]> gradient;
    private int calls;

    public FunctionObjective(int size, ToDoubleFunction<double[]> value, Function<double[], double[]> gradient) {
        layout = TestSettings.layout(size);
        this.value = value;
        this.gradient = gradient;
    }

    /** far (1 - x)^2 + steep (y - x^2)^2. */
    public static FunctionObjective rosenbrock(double far, double steep) {
        return new FunctionObjective(
                2, x -> far * (1 - x[0]) * (1 - x[0]) + steep * Math.pow(x[1] - x[0] * x[0], 2), x -> new double[] {
                    -2 * far * (1 - x[0]) - 4 * steep * x[0] * (x[1] - x[0] * x[0]), 2 * steep * (x[1] - x[0] * x[0])
                });
    }

    public double value(double[] theta) {
        return value.applyAsDouble(theta);
    }

    /** Gradients asked for so far. */
    public int calls() {
        return calls;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public GradientSum gradient(double[] theta, long step) {
        calls++;
        double[] sum = gradient.apply(theta).clone();
        for (int p = 0; p < sum.length; p++) {
            sum[p] *= SAMPLES;
        }
        return new GradientSum(new LossSum(SAMPLES, SAMPLES * value(theta), 0), RawArray.of(sum));
    }

    @Override
    public DerivativeSummary summary(double[] theta, double[] direction, Partition partition, long index) {
        throw new UnsupportedOperationException();
    }
}

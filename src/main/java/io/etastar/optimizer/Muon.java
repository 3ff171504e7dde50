package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.settings.BaseRuleSettings;
import io.etastar.solve.NewtonSchulz;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Muon (K. Jordan and others, 2024, https://kellerjordan.github.io/posts/muon/): the momentum of each matrix with its singular values
 * brought near 1, and AdamW for tensors of fewer than two axes.
 *
 * <p>For a matrix m = momentum m + (1 - momentum) g from 0, X = m or, with Nesterov's momentum, (1 - momentum) g + momentum m, and u = sqrt(max(1, out
 * / in)) O(X) + weightDecay theta, O as {@link NewtonSchulz} has it. Tensors of more axes, [outC, inC, kH, kW], are matrices [outC, inC kH kW]; on
 * which side the outputs are, the layout says. For other tensors, and for matrices whose shorter side is above {@code maxSide}, u is {@code adamFactor} times Adam's
 * direction, without a decay.
 */
final class Muon implements BaseRule {
    private static final String MOMENTUM = "momentum";
    private static final String ADAM = "adam";

    private final BaseRuleSettings.Muon settings;
    private final double weightDecay;
    private final ParameterLayout layout;

    private final int[] matrices;

    /** Which parameters are in none of them. */
    private final int[] others;

    private final Adam adam;
    private final NewtonSchulz iteration;
    private double[] momentum;

    Muon(BaseRuleSettings settings, ParameterLayout layout) {
        this.settings = settings.muon();
        this.layout = layout;
        weightDecay = settings.weightDecay();
        matrices = IntStream.range(0, layout.count()).filter(this::isMatrix).toArray();
        others = IntStream.range(0, layout.count())
                .filter(tensor -> !isMatrix(tensor))
                .flatMap(
                        tensor -> IntStream.range(layout.offset(tensor), layout.offset(tensor) + layout.length(tensor)))
                .toArray();
        double epsilon = settings.epsilonOr(BaseRules.EPSILON);
        adam = new Adam(settings.moments().beta1(), this.settings.beta2(), epsilon, others.length);
        iteration = new NewtonSchulz(this.settings.iterations());
        momentum = new double[layout.size()];
    }

    private boolean isMatrix(int tensor) {
        int[] shape = layout.shape(tensor);
        int length = layout.length(tensor);
        int limit = settings.maxSide();
        return shape.length >= 2 && length > 0 && (limit == 0 || Math.min(shape[0], length / shape[0]) <= limit);
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        double[] direction = new double[theta.length];
        for (int tensor : matrices) {
            int from = layout.offset(tensor);
            int end = from + layout.length(tensor);
            int rows = layout.shape(tensor)[0];
            accept(meanGradient, from, end, direction);
            iteration.orthogonalize(direction, from, rows, (end - from) / rows);
            double factor = factor(tensor, rows, (end - from) / rows);
            for (int i = from; i < end; i++) {
                direction[i] = direction[i] * factor + weightDecay * theta[i];
            }
        }
        double[] adams = adam.direction(
                IntStream.of(others).mapToDouble(p -> meanGradient[p]).toArray(), theta);
        for (int i = 0; i < others.length; i++) {
            direction[others[i]] = settings.adamFactor() * adams[i];
        }
        return direction;
    }

    /** Takes a matrix's gradient into its momentum, and writes X. */
    private void accept(double[] gradient, int from, int end, double[] x) {
        double kept = settings.momentum();
        for (int i = from; i < end; i++) {
            double g = gradient[i];
            double m = kept * momentum[i] + (1 - kept) * g;
            momentum[i] = m;
            x[i] = settings.nesterov() ? (1 - kept) * g + kept * m : m;
        }
    }

    private double factor(int tensor, int rows, int columns) {
        double ratio = layout.outputsFirst(tensor) ? (double) rows / columns : (double) columns / rows;
        return Math.sqrt(Math.max(1, ratio));
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(MOMENTUM, momentum.clone());
        State.nest(state, ADAM, adam.state());
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] restored = State.array(state, MOMENTUM, momentum.length);
        adam.restore(State.nested(state, ADAM));
        momentum = restored;
    }
}

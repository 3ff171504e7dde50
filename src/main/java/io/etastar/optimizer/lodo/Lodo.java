package io.etastar.optimizer.lodo;

import io.etastar.optimizer.Objective;
import io.etastar.optimizer.Optimizer;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.Preconditioner;
import io.etastar.optimizer.State;
import io.etastar.optimizer.StepResult;
import io.etastar.quantity.GradientSum;
import io.etastar.settings.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Steps by a learned inverse Hessian (I. Liao, R. Dangovski, J. Foerster, M. Soljacic, arXiv 2210.06171, algorithm 1).
 *
 * <p>One step: theta - G(phi) m with m the momentum of the gradients before; then loss and gradient g there; phi learns from
 * d(-g' G m)/dphi; m = beta m + (1 - beta) g. So the first step stays where it is, and the loss reported is the one where the
 * gradient is taken, after the move. A schedule's factor scales G m, and with it the hypergradient.
 */
public final class Lodo implements Optimizer, Preconditioner {
    private static final String LEARNED = "learned";
    private static final String MOMENTUM = "momentum";
    private static final String FIRST = "first_moment";
    private static final String SECOND = "second_moment";
    private static final String UPDATES = "updates";

    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final LearnedInverse inverse;
    private final MetaOptimizer meta;
    private final double beta;
    private final double[] momentum;
    private final double[] move;
    private final double[] hypergradient;

    public Lodo(OptimizerSpec spec, LearnedInverse inverse, int size) {
        this.spec = spec;
        settings = spec.settings();
        this.inverse = inverse;
        int learned = inverse.learned().length;
        meta = new MetaOptimizer(
                settings.lodo().meta().equals("adam"), settings.lodo().metaLr(), learned);
        beta = settings.lodo().beta();
        momentum = new double[size];
        move = new double[size];
        hypergradient = new double[learned];
    }

    @Override
    public StepResult step(Objective objective, double[] theta, long step) {
        double factor = spec.decay(step);
        inverse.multiply(momentum, move);
        for (int p = 0; p < theta.length; p++) {
            theta[p] -= factor * move[p];
        }
        GradientSum sum = objective.gradient(theta, step);
        double[] gradient = sum.meanGradient();
        learn(gradient, factor);
        for (int p = 0; p < theta.length; p++) {
            momentum[p] = beta * momentum[p] + (1 - beta) * gradient[p];
        }
        return new StepResult(sum.loss(), ParameterVectors.euclidean(gradient), null);
    }

    @Override
    public void precondition(double[] v, double[] result) {
        // Between steps: a step's hypergradient is of its own product.
        inverse.multiply(v, result);
    }

    private void learn(double[] gradient, double factor) {
        inverse.hypergradient(gradient, hypergradient);
        for (int i = 0; i < hypergradient.length && factor != 1; i++) {
            hypergradient[i] *= factor;
        }
        meta.update(inverse.learned(), hypergradient);
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(LEARNED, inverse.learned().clone());
        state.put(MOMENTUM, momentum.clone());
        state.put(FIRST, meta.first().clone());
        state.put(SECOND, meta.second().clone());
        state.put(UPDATES, State.count(meta.steps()));
        return state;
    }

    /** Without a copy: it may be most of the memory. */
    @Override
    public long stateSize() {
        return 1L + hypergradient.length + momentum.length + meta.first().length + meta.second().length;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        double[] learned = State.array(state, LEARNED, hypergradient.length);
        double[] restored = State.array(state, MOMENTUM, momentum.length);
        double[] first = State.array(state, FIRST, meta.first().length);
        double[] second = State.array(state, SECOND, meta.second().length);
        meta.resume(State.count(state, UPDATES));
        copy(learned, inverse.learned());
        copy(restored, momentum);
        copy(first, meta.first());
        copy(second, meta.second());
    }

    private static void copy(double[] from, double[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }
}

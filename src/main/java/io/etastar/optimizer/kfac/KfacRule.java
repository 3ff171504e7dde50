package io.etastar.optimizer.kfac;

import io.etastar.optimizer.BaseRule;
import io.etastar.optimizer.Objective;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.State;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.Batch;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.settings.KfacSettings;
import io.etastar.settings.OptimizerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The direction of K-FAC (J. Martens, R. Grosse, arXiv 1503.05671; convolutions: R. Grosse, J. Martens, arXiv 1602.01407): natural
 * gradient with the Fisher matrix of each layer taken as a Kronecker product S (x) A.
 *
 * <p>Every factor period, from the first step on, the factors of the step's batch enter running averages; every inverse period
 * the averages are decomposed. With G = the mean gradient of a layer's weight and bias, weight decay included:
 *
 * <pre>
 * u = (S (x) A + damping I)^-1 G for layers, the gradient itself for all other parameters
 * u = min(1, sqrt(clip / (lr^2 sum over layers of u.G))) u for layers
 * v = momentum v + u
 * </pre>
 *
 * <p>v is the direction. The bound on a step takes lr without its schedule, so that a schedule scales steps as it does those of
 * other optimizers.
 */
public final class KfacRule implements BaseRule {
    private static final String SIZE = "parameters";
    private static final String LAYERS = "layers";
    private static final String LAYER = "layer";
    private static final String VELOCITY = "velocity";
    private static final int FIELDS = 6;

    private final OptimizerSpec spec;
    private final OptimizerSettings settings;
    private final ParameterLayout layout;
    private final double clip;
    private List<KfacLayer> layers = List.of();
    private double[] velocity;

    /** @param clip bound on the step; 0 for none, if learning rates are not those of the settings */
    public KfacRule(OptimizerSpec spec, ParameterLayout layout, double clip) {
        this.spec = spec;
        settings = spec.settings();
        this.clip = clip;
        this.layout = layout;
    }

    @Override
    public double[] direction(double[] meanGradient, double[] theta) {
        throw new IllegalStateException("k-fac asks the objective for its factors");
    }

    @Override
    public double[] direction(Objective objective, double[] meanGradient, double[] theta, long step) {
        KfacSettings kfac = settings.kfac();
        if (layers.isEmpty() || step % kfac.factorPeriod() == 0) {
            Quantity<KroneckerFactors> factors = new Quantity.Factors(kfac.sampled());
            average(objective.evaluate(factors, new Batch.Step(step), Point.at(theta)));
        }
        if (step % kfac.inversePeriod() == 0 || !layers.stream().allMatch(KfacLayer::decomposed)) {
            layers.parallelStream().forEach(KfacLayer::decompose);
        }
        return momentum(preconditioned(meanGradient.clone(), theta));
    }

    private void average(KroneckerFactors factors) {
        if (layers.isEmpty()) {
            List<KfacLayer> first = new ArrayList<>();
            for (int i = 0; i < factors.layers().size(); i++) {
                first.add(KfacLayer.of(factors, i, layout));
            }
            layers = first;
            return;
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).average(settings.kfac().decay(), factors.meanA(i), factors.meanS(i));
        }
    }

    /** u; the gradient is overwritten with the decayed one. */
    private double[] preconditioned(double[] gradient, double[] theta) {
        double weightDecay = settings.base().weightDecay();
        for (int p = 0; p < gradient.length && weightDecay != 0; p++) {
            gradient[p] += weightDecay * theta[p];
        }
        double[] direction = gradient.clone();
        double damping = settings.kfac().damping();
        double[] products = layers.parallelStream()
                .mapToDouble(layer -> layer.precondition(damping, gradient, direction))
                .toArray();
        double change = 0;
        for (double product : products) {
            change += settings.lr() * settings.lr() * product;
        }
        double nu = clip > 0 && change > clip ? Math.sqrt(clip / change) : 1;
        if (nu < 1) {
            layers.forEach(layer -> layer.scale(nu, direction));
        }
        return direction;
    }

    private double[] momentum(double[] direction) {
        double momentum = settings.base().momentum().momentum();
        if (momentum == 0) {
            return direction;
        }
        for (int p = 0; p < direction.length && velocity != null; p++) {
            direction[p] += momentum * velocity[p];
        }
        velocity = direction;
        return direction;
    }

    @Override
    public Map<String, double[]> state() {
        Map<String, double[]> state = new LinkedHashMap<>();
        state.put(SIZE, State.count(layout.size()));
        state.put(LAYERS, new double[FIELDS * layers.size()]);
        for (int i = 0; i < layers.size(); i++) {
            KroneckerFactors.Layer l = layers.get(i).layer();
            double[] numbers = {l.weight(), l.bias(), l.inputs(), l.outputs(), l.positions(), l.inputsFirst() ? 1 : 0};
            System.arraycopy(numbers, 0, state.get(LAYERS), FIELDS * i, FIELDS);
            Map<String, double[]> inner = new LinkedHashMap<>();
            layers.get(i).state(inner);
            State.nest(state, LAYER + i, inner);
        }
        if (velocity != null) {
            state.put(VELOCITY, velocity.clone());
        }
        return state;
    }

    @Override
    public void restore(Map<String, double[]> state) {
        if (State.count(state, SIZE) != layout.size()) {
            throw new IllegalArgumentException(
                    "state '" + SIZE + "': found " + State.count(state, SIZE) + ", expected " + layout.size());
        }
        double[] numbers = state.getOrDefault(LAYERS, new double[0]);
        List<KfacLayer> restored = new ArrayList<>();
        for (int i = 0; FIELDS * i < numbers.length; i++) {
            int[] l = new int[FIELDS];
            for (int k = 0; k < FIELDS; k++) {
                l[k] = (int) numbers[FIELDS * i + k];
            }
            KroneckerFactors.Layer layer = new KroneckerFactors.Layer(l[0], l[1], l[2], l[3], l[4], l[5] == 1);
            restored.add(KfacLayer.of(layer, layout, State.nested(state, LAYER + i)));
        }
        velocity = State.optional(state, VELOCITY, layout.size());
        layers = restored;
    }
}

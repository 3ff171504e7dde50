package io.etastar.optimizer;

import io.etastar.partition.ParameterLayout;
import io.etastar.solve.EigenBasis;
import io.etastar.solve.KroneckerInverse;
import io.etastar.summary.KroneckerFactors;
import java.util.Map;

/** One layer under K-FAC: running averages of its two factors, and their eigenvectors as of the last decomposition. */
final class KfacLayer {
    private static final String MEAN_A = "factor_a";
    private static final String MEAN_S = "factor_s";
    private static final String[] BASES = {"values_a", "vectors_a", "values_s", "vectors_s"};

    private final KroneckerFactors.Layer layer;
    private final int weightOffset;
    private final int biasOffset;
    private final double[] a;
    private final double[] s;
    private EigenBasis basisA;
    private EigenBasis basisS;

    private KfacLayer(KroneckerFactors.Layer layer, ParameterLayout layout, double[] a, double[] s) {
        this.layer = layer;
        weightOffset = layout.offset(layer.weight());
        biasOffset = layer.bias() < 0 ? 0 : layout.offset(layer.bias());
        this.a = a;
        this.s = s;
    }

    /** The layer of place {@code i} with the means of its first factors. */
    static KfacLayer of(KroneckerFactors factors, int i, ParameterLayout layout) {
        return new KfacLayer(factors.layers().get(i), layout, factors.meanA(i), factors.meanS(i));
    }

    /** The layer with the state that {@link #state} gave. */
    static KfacLayer of(KroneckerFactors.Layer layer, ParameterLayout layout, Map<String, double[]> state) {
        int inputs = layer.inputs();
        int outputs = layer.outputs();
        KfacLayer restored = new KfacLayer(
                layer,
                layout,
                State.array(state, MEAN_A, KroneckerFactors.length(inputs)),
                State.array(state, MEAN_S, KroneckerFactors.length(outputs)));
        if (state.containsKey(BASES[0])) {
            restored.basisA =
                    new EigenBasis(State.array(state, BASES[0], inputs), State.array(state, BASES[1], inputs * inputs));
            restored.basisS = new EigenBasis(
                    State.array(state, BASES[2], outputs), State.array(state, BASES[3], outputs * outputs));
        }
        return restored;
    }

    /** Adds all that the future depends on but the layer itself. */
    void state(Map<String, double[]> state) {
        state.put(MEAN_A, a.clone());
        state.put(MEAN_S, s.clone());
        if (decomposed()) {
            state.put(BASES[0], basisA.values().clone());
            state.put(BASES[1], basisA.vectors().clone());
            state.put(BASES[2], basisS.values().clone());
            state.put(BASES[3], basisS.vectors().clone());
        }
    }

    KroneckerFactors.Layer layer() {
        return layer;
    }

    /** Averages = decay averages + (1 - decay) new means. */
    void average(double decay, double[] meanA, double[] meanS) {
        average(a, decay, meanA);
        average(s, decay, meanS);
    }

    private static void average(double[] mean, double decay, double... next) {
        for (int k = 0; k < mean.length; k++) {
            mean[k] = decay * mean[k] + (1 - decay) * next[k];
        }
    }

    /** Decomposes both averages; where one cannot be, both stay as they were decomposed before, if ever. */
    void decompose() {
        EigenBasis nextA = EigenBasis.of(layer.inputs(), a);
        EigenBasis nextS = EigenBasis.of(layer.outputs(), s);
        if (nextA != null && nextS != null) {
            basisA = nextA;
            basisS = nextS;
        }
    }

    boolean decomposed() {
        return basisA != null;
    }

    /**
     * Writes the layer's part of the direction; without a decomposition, the gradient.
     *
     * @param gradient [P]
     * @param direction [P]
     * @return inner product of both over the layer's parameters
     */
    double precondition(double damping, double[] gradient, double[] direction) {
        double[] matrix = new double[layer.outputs() * layer.inputs()];
        each((at, p) -> matrix[at] = gradient[p]);
        if (decomposed()) {
            new KroneckerInverse(basisA, basisS).solve(damping, matrix);
        }
        double[] product = new double[1];
        each((at, p) -> {
            direction[p] = matrix[at];
            product[0] += direction[p] * gradient[p];
        });
        return product[0];
    }

    /** Multiplies the layer's parameters. */
    void scale(double factor, double[] direction) {
        each((at, p) -> direction[p] *= factor);
    }

    /** A place in the layer's matrix [outputs, inputs] and the parameter that lies there. */
    private interface Place {
        void visit(int at, int p);
    }

    private void each(Place place) {
        int inputs = layer.inputs();
        int own = layer.weightInputs();
        for (int o = 0; o < layer.outputs(); o++) {
            for (int i = 0; i < own; i++) {
                int p = layer.inputsFirst() ? i * layer.outputs() + o : o * own + i;
                place.visit(o * inputs + i, weightOffset + p);
            }
            if (own < inputs) {
                place.visit(o * inputs + own, biasOffset + o);
            }
        }
    }
}

package io.etastar.optimizer.kfac;

import io.etastar.optimizer.State;
import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.solve.EigenBasis;
import io.etastar.solve.KroneckerInverse;
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

    /** Decomposes both averages; if one cannot be, both stay as they were decomposed before, if ever. */
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
        double[] matrix = matrix(gradient);
        if (decomposed()) {
            KroneckerInverse inverse =
                    layer.inputsFirst() ? new KroneckerInverse(basisS, basisA) : new KroneckerInverse(basisA, basisS);
            double[] before = matrix.clone();
            inverse.solve(damping, matrix);
            write(matrix, direction);
            return inner(before, matrix);
        }
        return inner(matrix, matrix);
    }

    private static double inner(double[] left, double... right) {
        double sum = 0;
        for (int k = 0; k < left.length; k++) {
            sum += left[k] * right[k];
        }
        return sum;
    }

    /** Multiplies the layer's parameters. */
    void scale(double factor, double[] direction) {
        double[] matrix = matrix(direction);
        for (int k = 0; k < matrix.length; k++) {
            matrix[k] *= factor;
        }
        write(matrix, direction);
    }

    /** The layer's weight and bias: rows [outputs, inputs], or, if the weight is [inputs, outputs], rows of that. */
    private double[] matrix(double[] parameters) {
        double[] matrix = new double[layer.outputs() * layer.inputs()];
        each((at, p, count, apart) -> {
            for (int k = 0; k < count; k++) {
                matrix[at + k * apart] = parameters[p + k];
            }
        });
        return matrix;
    }

    private void write(double[] matrix, double[] parameters) {
        each((at, p, count, apart) -> {
            for (int k = 0; k < count; k++) {
                parameters[p + k] = matrix[at + k * apart];
            }
        });
    }

    /** Parameters from p on, which lie in the matrix from {@code at} on, some places apart. */
    private interface Run {
        void visit(int at, int p, int count, int apart);
    }

    private void each(Run run) {
        int inputs = layer.inputs();
        int own = layer.weightInputs();
        int outputs = layer.outputs();
        if (layer.inputsFirst()) {
            run.visit(0, weightOffset, own * outputs, 1);
        }
        for (int o = 0; o < outputs && !layer.inputsFirst(); o++) {
            run.visit(o * inputs, weightOffset + o * own, own, 1);
        }
        if (own < inputs) {
            run.visit(layer.inputsFirst() ? own * outputs : own, biasOffset, outputs, layer.inputsFirst() ? 1 : inputs);
        }
    }
}

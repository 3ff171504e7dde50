package io.etastar.ml.perceptron;

import io.etastar.data.Standardisation;

/**
 * Weights of a perceptron in MLlib's form and in the one that is trained: two parameterisations of the same functions.
 *
 * <p>MLlib's has sigmoid hidden layers on features as they are, z = W a + b. The trained one has tanh hidden layers on standardised
 * features: with sigmoid(z) = (1 + tanh(z / 2)) / 2, each activation of MLlib's is centre + scale a' of a trained one a', where centre and
 * scale are mean and deviation of the features, and 1/2 both in hidden layers. Weights and biases follow exactly; activations that are
 * centred at 0 train in far fewer steps.
 *
 * <p>Both lay a layer out as its weights [inputs, outputs], rows of an input together, and then its biases [outputs]: the trained model in
 * its layout's order, MLlib as a matrix [outputs, inputs] by columns.
 *
 * @param layers units from input to output
 * @param features standardisation of the features
 */
record PerceptronWeights(int[] layers, Standardisation features) {
    private static final double HALF = 0.5;

    /** Parameters [P] of the layers. */
    static int count(int... layers) {
        int count = 0;
        for (int l = 0; l + 1 < layers.length; l++) {
            count += (layers[l] + 1) * layers[l + 1];
        }
        return count;
    }

    /**
     * MLlib's weights in the trained form.
     *
     * @param mllib [P], kept by the caller
     * @return a new array [P]
     */
    double[] trained(double[] mllib) {
        double[] trained = mllib.clone();
        forEachOutput((layer, from, bias) -> {
            double moved = mllib[bias];
            for (int i = 0; i < layers[layer]; i++) {
                int weight = from + i * layers[layer + 1];
                moved += centre(layer, i) * mllib[weight];
                trained[weight] = factor(layer) * scale(layer, i) * mllib[weight];
            }
            trained[bias] = factor(layer) * moved;
        });
        return trained;
    }

    /**
     * Parameters of the trained form as MLlib's weights.
     *
     * @param trained [P], kept by the caller
     * @return a new array [P]
     */
    double[] mllib(double[] trained) {
        double[] mllib = trained.clone();
        forEachOutput((layer, from, bias) -> {
            double moved = trained[bias] / factor(layer);
            for (int i = 0; i < layers[layer]; i++) {
                int weight = from + i * layers[layer + 1];
                mllib[weight] = trained[weight] / (factor(layer) * scale(layer, i));
                moved -= centre(layer, i) * mllib[weight];
            }
            mllib[bias] = moved;
        });
        return mllib;
    }

    /** Takes an output of a layer: where its first input's weight is, and its bias. */
    private interface Output {
        void take(int layer, int weight, int bias);
    }

    private void forEachOutput(Output each) {
        int at = 0;
        for (int layer = 0; layer + 1 < layers.length; layer++) {
            int outputs = layers[layer + 1];
            int biases = at + layers[layer] * outputs;
            for (int o = 0; o < outputs; o++) {
                each.take(layer, at + o, biases + o);
            }
            at = biases + outputs;
        }
    }

    private double factor(int layer) {
        return layer + 2 < layers.length ? HALF : 1;
    }

    private double centre(int layer, int input) {
        return layer == 0 ? features.mean()[input] : HALF;
    }

    private double scale(int layer, int input) {
        return layer == 0 ? features.deviation()[input] : HALF;
    }
}

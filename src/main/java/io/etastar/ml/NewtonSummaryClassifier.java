package io.etastar.ml;

import org.apache.spark.ml.util.MLReader;

/** The former name of {@link NeuralNetworkClassifier}, which saved pipelines still hold. */
public final class NewtonSummaryClassifier {
    private NewtonSummaryClassifier() {}

    /** Reads a stage that was saved under the former name; Spark calls it by reflection. */
    public static MLReader<NeuralNetworkClassifier> read() {
        return NeuralNetworkClassifier.read();
    }
}

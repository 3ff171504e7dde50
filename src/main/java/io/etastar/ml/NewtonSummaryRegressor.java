package io.etastar.ml;

import org.apache.spark.ml.util.MLReader;

/** The former name of {@link NeuralNetworkRegressor}, which saved pipelines still hold. */
public final class NewtonSummaryRegressor {
    private NewtonSummaryRegressor() {}

    /** Reads a stage that was saved under the former name; Spark calls it by reflection. */
    public static MLReader<NeuralNetworkRegressor> read() {
        return NeuralNetworkRegressor.read();
    }
}

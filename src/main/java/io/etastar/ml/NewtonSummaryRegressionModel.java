package io.etastar.ml;

import org.apache.spark.ml.util.MLReader;

/** The former name of {@link NeuralNetworkRegressionModel}, which saved pipelines still hold. */
public final class NewtonSummaryRegressionModel {
    private NewtonSummaryRegressionModel() {}

    /** Reads a stage that was saved under the former name; Spark calls it by reflection. */
    public static MLReader<NeuralNetworkRegressionModel> read() {
        return NeuralNetworkRegressionModel.read();
    }
}

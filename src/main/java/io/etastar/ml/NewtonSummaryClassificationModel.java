package io.etastar.ml;

import org.apache.spark.ml.util.MLReader;

/** The former name of {@link NeuralNetworkClassificationModel}, which saved pipelines still hold. */
public final class NewtonSummaryClassificationModel {
    private NewtonSummaryClassificationModel() {}

    /** Reads a stage that was saved under the former name; Spark calls it by reflection. */
    public static MLReader<NeuralNetworkClassificationModel> read() {
        return NeuralNetworkClassificationModel.read();
    }
}

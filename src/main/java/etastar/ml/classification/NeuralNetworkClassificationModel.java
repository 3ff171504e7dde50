package etastar.ml.classification;

import org.apache.spark.ml.util.MLReader;

/** {@link io.etastar.ml.NeuralNetworkClassificationModel} under the name that Python knows. */
public final class NeuralNetworkClassificationModel extends io.etastar.ml.NeuralNetworkClassificationModel {
    private static final long serialVersionUID = 1L;

    /** Of no network: service loaders want such a constructor, but never call it. */
    public NeuralNetworkClassificationModel() {}

    /** The same model, with the same uid and Params. */
    public NeuralNetworkClassificationModel(io.etastar.ml.NeuralNetworkClassificationModel model) {
        super(model);
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<io.etastar.ml.NeuralNetworkClassificationModel> read() {
        return reader(NeuralNetworkClassificationModel::new);
    }

    /** Reads from a path. */
    public static io.etastar.ml.NeuralNetworkClassificationModel load(String path) {
        return read().load(path);
    }
}

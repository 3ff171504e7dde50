package etastar.ml.regression;

import org.apache.spark.ml.util.MLReader;

/** {@link io.etastar.ml.NeuralNetworkRegressionModel} under the name that Python knows. */
public final class NeuralNetworkRegressionModel extends io.etastar.ml.NeuralNetworkRegressionModel {
    private static final long serialVersionUID = 1L;

    /** Of no network: service loaders want such a constructor, but never call it. */
    public NeuralNetworkRegressionModel() {}

    /** The same model, with the same uid and Params. */
    public NeuralNetworkRegressionModel(io.etastar.ml.NeuralNetworkRegressionModel model) {
        super(model);
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<io.etastar.ml.NeuralNetworkRegressionModel> read() {
        return reader(NeuralNetworkRegressionModel::new);
    }

    /** Reads from a path. */
    public static io.etastar.ml.NeuralNetworkRegressionModel load(String path) {
        return read().load(path);
    }
}

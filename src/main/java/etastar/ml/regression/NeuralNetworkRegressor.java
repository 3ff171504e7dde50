package etastar.ml.regression;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;

/**
 * {@link io.etastar.ml.NeuralNetworkRegressor} under the name that Python knows: PySpark looks for the module of a saved stage, and for
 * the operator of a Spark Connect server, by the name of the class, and Python has a module {@code io} of its own.
 */
public final class NeuralNetworkRegressor extends io.etastar.ml.NeuralNetworkRegressor {
    private static final long serialVersionUID = 1L;

    /** With a uid of its own. */
    public NeuralNetworkRegressor() {}

    /** With a given uid. */
    public NeuralNetworkRegressor(String uid) {
        super(uid);
    }

    /** The same stage, with the same uid and Params. */
    public NeuralNetworkRegressor(io.etastar.ml.NeuralNetworkRegressor stage) {
        super(stage.uid());
        stage.copyValues(this, ParamMap.empty());
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<io.etastar.ml.NeuralNetworkRegressor> read() {
        return reader(NeuralNetworkRegressor::new);
    }

    /** Reads from a path. */
    public static io.etastar.ml.NeuralNetworkRegressor load(String path) {
        return read().load(path);
    }
}

package etastar.ml.classification;

import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;

/**
 * {@link io.etastar.ml.NeuralNetworkClassifier} under the name that Python knows: PySpark looks for the module of a saved stage, and for
 * the operator of a Spark Connect server, by the name of the class, and Python has a module {@code io} of its own.
 */
public final class NeuralNetworkClassifier extends io.etastar.ml.NeuralNetworkClassifier {
    private static final long serialVersionUID = 1L;

    /** With a uid of its own. */
    public NeuralNetworkClassifier() {}

    /** With a given uid. */
    public NeuralNetworkClassifier(String uid) {
        super(uid);
    }

    /** The same stage, with the same uid and Params. */
    public NeuralNetworkClassifier(io.etastar.ml.NeuralNetworkClassifier stage) {
        super(stage.uid());
        stage.copyValues(this, ParamMap.empty());
    }

    /** Reads what {@code write} wrote. */
    public static MLReader<io.etastar.ml.NeuralNetworkClassifier> read() {
        return reader(NeuralNetworkClassifier::new);
    }

    /** Reads from a path. */
    public static io.etastar.ml.NeuralNetworkClassifier load(String path) {
        return read().load(path);
    }
}

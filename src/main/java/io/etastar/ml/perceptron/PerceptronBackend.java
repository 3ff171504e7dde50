package io.etastar.ml.perceptron;

import java.util.Optional;
import org.apache.spark.sql.connect.plugin.MLBackendPlugin;

/**
 * What a server of Spark Connect asks which class trains: with {@code spark.connect.ml.backend.classes} set to this class, clients that
 * fit MLlib's {@code MultilayerPerceptronClassifier} fit {@link MultilayerPerceptronClassifier}.
 */
public final class PerceptronBackend implements MLBackendPlugin {
    /** For the server, by its name. */
    public PerceptronBackend() {}

    /** Our Estimator for the name of MLlib's; none for any other. */
    @Override
    public Optional<String> transform(String mlClassName) {
        return mlClassName.equals(org.apache.spark.ml.classification.MultilayerPerceptronClassifier.class.getName())
                ? Optional.of(MultilayerPerceptronClassifier.class.getName())
                : Optional.empty();
    }
}

package io.etastar.jobs;

import io.etastar.config.Configuration;
import io.etastar.data.DataSource;
import java.util.Arrays;

/** Whether data and configuration fit; errors name the key to change. */
final class DataChecks {
    private DataChecks() {}

    /** Checks that the model takes such rows. */
    static void fit(Configuration configuration, DataSource source) {
        ModelShape model = ModelShape.of(configuration.model());
        if (model.classes() == 0 && source.classes() > 0) {
            throw configuration.mistake("model.loss", "nll: targets of " + source.description() + " are classes");
        }
        int[] shape = source.featureShape();
        int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (elements != model.inputs()) {
            throw configuration.mistake(
                    "model.input", "the shape of a row of " + source.description() + ", " + Arrays.toString(shape));
        }
        if (source.classes() != model.classes()) {
            throw configuration.mistake("model.classes", source.classes() + ", the classes of " + source.description());
        }
    }

    /** Checks that a batch is not larger than the data. */
    static void batch(Configuration configuration, String key, int batch, DataSource source) {
        if (batch > source.rows()) {
            throw configuration.mistake(key, "at most " + source.rows() + ", the rows of " + source.description());
        }
    }
}

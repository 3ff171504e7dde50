package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.config.Configuration;
import io.etastar.data.DataSource;
import java.util.Arrays;
import java.util.List;

/** Whether data and configuration fit; errors name the key to change. */
final class DataChecks {
    private DataChecks() {}

    /** Checks that the model takes such rows. */
    static void fit(Configuration configuration, DataSource source) {
        ModelShape model = ModelShape.of(configuration.model());
        if (model.classes() == 0 && source.classes() > 0) {
            throw configuration.mistake("model.loss", "nll: targets of " + source.description() + " are classes");
        }
        List<Integer> shape = Arrays.stream(source.featureShape()).boxed().toList();
        int elements = shape.stream().reduce(1, Math::multiplyExact);
        boolean image = model.takesImages() && shape.size() == 3;
        if (image ? !shape.equals(model.input()) : elements != model.inputs()) {
            throw input(configuration, model, source, shape, elements);
        }
        if (source.classes() != model.classes()) {
            String key = key(configuration, "model.classes", model.kind().equals("vgg") ? null : "model.layers");
            String what = key.equals("model.layers") ? " units in the last layer: " : ": ";
            throw configuration.mistake(
                    key, source.classes() + what + source.description() + " has " + source.classes() + " classes");
        }
    }

    private static UserError input(
            Configuration configuration, ModelShape model, DataSource source, List<Integer> shape, int elements) {
        String rows = "rows of " + source.description() + " are " + shape;
        if (configuration.gives("model.input") || shape.size() != 3 && model.takesImages()) {
            return configuration.mistake("model.input", shape + ": " + rows);
        }
        if (!model.takesImages()) {
            return configuration.mistake("model.layers", elements + " units in the first layer: " + rows);
        }
        if (!shape.subList(1, 3).equals(model.input().subList(1, 3))) {
            return configuration.mistake("model.image_size", shape.get(1) + ": " + rows);
        }
        String key = model.kind().equals("vgg") ? "model.in_channels" : "model.layers";
        return configuration.mistake(key, shape.get(0) + " input channels: " + rows);
    }

    /** The key that the user gave: {@code key}, else the one that it follows from. */
    private static String key(Configuration configuration, String key, String source) {
        return source == null || configuration.gives(key) ? key : source;
    }

    /** Checks that a batch is not larger than the data. */
    static void batch(Configuration configuration, String key, int batch, DataSource source) {
        if (batch > source.rows()) {
            throw configuration.mistake(key, "at most " + source.rows() + ", the rows of " + source.description());
        }
    }
}

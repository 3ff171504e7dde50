package io.etastar.training;

import io.etastar.UserError;
import io.etastar.data.RowShape;
import io.etastar.settings.Configuration;
import io.etastar.spark.rows.Rows;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;

/** Whether data and configuration fit; errors name the key to change. */
public final class DataChecks {
    private DataChecks() {}

    /** Checks that the model takes such rows. */
    public static void fit(Configuration configuration, ModelShape model, Rows rows) {
        RowShape source = rows.shape();
        if (model.takesTokens() && configuration.data().rows().standardise()) {
            boolean vocabulary = configuration.gives("model.vocabulary");
            throw configuration.mistake(
                    "data.standardise",
                    "false: " + (vocabulary ? "model.vocabulary makes rows" : "the model takes rows of")
                            + " indices of tokens");
        }
        if (model.kind().equals("samediff")) {
            graph(configuration, model, source);
            return;
        }
        if (model.classes() == 0 && source.classes() > 0) {
            throw configuration.mistake("model.loss", "nll: targets of " + source.description() + " are classes");
        }
        List<Integer> shape = Arrays.stream(source.features()).boxed().toList();
        int elements = source.featureLength();
        boolean image = model.takesImages() && shape.size() == 3;
        if (image ? !shape.equals(model.input()) : elements != model.inputs()) {
            throw input(configuration, model, source, shape, elements);
        }
        if (source.classes() != model.classes()) {
            boolean dense = model.kind().equals("lenet")
                    || !model.takesImages() && !model.kind().equals("transformer");
            String key = key(configuration, "model.classes", dense ? "model.layers" : null);
            String what = key.equals("model.layers") ? " units in the last layer: " : ": ";
            throw configuration.mistake(
                    key, source.classes() + what + source.description() + " has " + source.classes() + " classes");
        }
        if (model.classes() == 0) {
            targets(configuration, model, rows);
        }
    }

    /** Targets that are numbers. */
    private static void targets(Configuration configuration, ModelShape model, Rows rows) {
        int elements = rows.shape().targetLength();
        if (elements != model.targets()) {
            throw configuration.mistake(
                    configuration.gives("model.target") ? "model.target" : "model.layers",
                    elements + " outputs: targets of " + rows.shape().description() + " have that many elements");
        }
        RawArray some = model.loss().equals("bce") ? rows.someTargets() : RawArray.of(new float[0]);
        for (int i = 0; i < some.length(); i++) {
            if (!(some.get(i) >= 0 && some.get(i) <= 1)) {
                throw configuration.mistake(
                        "model.loss",
                        "mse: a target of " + rows.shape().description() + " is " + some.get(i) + ", not in [0, 1]");
            }
        }
    }

    /** A graph from a file: what its placeholders hold cannot be changed here. */
    private static void graph(Configuration configuration, ModelShape model, RowShape source) {
        if (model.classes() != source.classes()) {
            throw configuration.mistake(
                    "model.classes",
                    source.classes() == 0
                            ? "no such key: targets of " + source.description() + " are no classes"
                            : source.classes() + ": " + source.description() + " has that many classes");
        }
        int elements = source.featureLength();
        if (elements != model.inputs()) {
            throw configuration.mistake(
                    "model.input_name",
                    "a placeholder of rows of " + Arrays.toString(source.features()) + " as in " + source.description()
                            + ", not of " + model.input());
        }
        int targets = source.targetLength();
        if (targets != model.targets()) {
            throw configuration.mistake(
                    "model.label_name",
                    "a placeholder of " + targets + " elements a row as in " + source.description() + ", not of "
                            + model.targets());
        }
    }

    private static UserError input(
            Configuration configuration, ModelShape model, RowShape source, List<Integer> shape, int elements) {
        String rows = "rows of " + source.description() + " are " + shape;
        if (configuration.gives("model.input") || shape.size() != 3 && model.takesImages()) {
            return configuration.mistake("model.input", shape + ": " + rows);
        }
        if (model.kind().equals("transformer")) {
            return configuration.mistake("model.length", "sequences of " + elements + " elements: " + rows);
        }
        if (!model.takesImages()) {
            return configuration.mistake("model.layers", elements + " units in the first layer: " + rows);
        }
        if (!shape.subList(1, 3).equals(model.input().subList(1, 3))) {
            return configuration.mistake("model.image_size", shape.get(1) + ": " + rows);
        }
        String key = model.kind().equals("lenet") ? "model.layers" : "model.in_channels";
        return configuration.mistake(key, shape.get(0) + " input channels: " + rows);
    }

    /** The key that the user gave: {@code key}, else the one that it follows from. */
    private static String key(Configuration configuration, String key, String source) {
        return source == null || configuration.gives(key) ? key : source;
    }

    /** Checks that a batch is not larger than the data. */
    public static void batch(Configuration configuration, String key, int batch, Rows source) {
        if (batch > source.count()) {
            throw configuration.mistake(
                    key,
                    "at most " + source.count() + ", the rows of "
                            + source.shape().description());
        }
    }
}

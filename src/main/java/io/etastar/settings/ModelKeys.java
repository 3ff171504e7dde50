package io.etastar.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.settings.schema.Located;
import io.etastar.settings.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which model uses which keys, what follows from them, and the canonical description. */
final class ModelKeys {
    /** Found by trials on tables: docs/design-notes.md. */
    private static final List<Integer> DEFAULT_HIDDEN = List.of(96, 96, 96);

    private final String place;
    private final String prefix;
    private final Map<String, Located> given;
    private final Map<String, Object> keys = new TreeMap<>();
    private ModelKind kind;

    private ModelKeys(String place, String prefix, Map<String, Located> given) {
        this.place = place;
        this.prefix = prefix;
        this.given = given;
    }

    /**
     * The model's own keys, complete.
     *
     * @param place file, for keys that are missing
     * @param prefix of the keys in that file, for messages
     * @param given what the user gave, by name of the key
     * @return sorted; only keys that the model uses, defaults and what follows from other keys filled in
     * @throws UserError if a key is missing, not used by the model, or at odds with another
     */
    static Map<String, Object> complete(String place, String prefix, Map<String, Located> given) {
        return new ModelKeys(place, prefix, given).complete();
    }

    /** The description that holds exactly {@code keys}. */
    static ModelDescription description(Map<String, Object> keys) {
        try {
            return new ModelDescription(new ObjectMapper().writeValueAsString(new TreeMap<>(keys)));
        } catch (JsonProcessingException exception) {
            throw new IllegalStateException(exception);
        }
    }

    private Map<String, Object> complete() {
        String model = (String) (given.containsKey("model") ? given.get("model").value() : "perceptron");
        kind = ModelKind.of(model);
        TreeSet<String> used = new TreeSet<>(kind.required());
        used.addAll(kind.optional());
        keys.put("model", model);
        for (String key : given.keySet()) {
            if (!used.contains(key) && !key.equals("model")) {
                throw error(key, "no such key: model " + model + " uses " + String.join(", ", used));
            }
        }
        for (String key : used) {
            Object value = given.containsKey(key) ? given.get(key).value() : kind.defaultOf(key);
            if (value != null) {
                keys.put(key, value);
            } else if (kind.required().contains(key) && !isOpen(model)) {
                throw missing(key, "model " + model);
            }
        }
        if (isOpen(model)) {
            open();
            return keys;
        }
        if (given.containsKey("hidden_layers")) {
            throw error("hidden_layers", "no such key beside layers");
        }
        loss(model);
        switch (model) {
            case "perceptron", "autoencoder" -> dense(model);
            case "lenet" -> lenet();
            case "vgg" -> vgg();
            case "resnet18", "image_generator" -> images();
            case "transformer" -> transformer();
            case "onnx" -> onnx();
            default -> {}
        }
        return keys;
    }

    /** Whether inputs and outputs are still to be told by the data. */
    private boolean isOpen(String model) {
        return model.equals("perceptron") && !given.containsKey("layers");
    }

    private void open() {
        keys.putIfAbsent("hidden_layers", DEFAULT_HIDDEN);
        for (String key : List.of("input", "target", "embeddings", "embedding_widths")) {
            if (given.containsKey(key)) {
                throw error(key, "no such key without layers: the data say it");
            }
        }
        loss("perceptron");
        if (given.containsKey("classes") && !keys.get("loss").equals("nll")) {
            throw error("classes", "no such key: loss " + keys.get("loss") + " does not use it");
        }
    }

    /**
     * The keys of a model whose inputs and outputs are known now.
     *
     * @param open a description without layers
     * @param inputs elements of a row's features
     * @param outputs classes, or elements of a target
     * @param embeddings rows of the tables of the last inputs
     * @param widths numbers of an embedding of each table
     */
    static Map<String, Object> fitted(
            Map<String, Object> open, int inputs, int outputs, List<Integer> embeddings, List<Integer> widths) {
        List<Integer> layers = new ArrayList<>();
        layers.add(inputs);
        ((List<?>) open.get("hidden_layers")).forEach(units -> layers.add((Integer) units));
        layers.add(outputs);
        Map<String, Object> keys = new TreeMap<>(Map.of("layers", List.copyOf(layers)));
        if (!embeddings.isEmpty()) {
            keys.put("embeddings", embeddings);
            keys.put("embedding_widths", widths);
        }
        return keys;
    }

    /** What a trained model says of the inputs and outputs of an open description, by path. */
    static Map<String, Object> fitted(Configuration job, Map<String, Object> open, ModelDescription trained) {
        Map<String, Object> stored = parsed(trained);
        List<?> layers = stored.get("layers") instanceof List<?> list ? list : List.of();
        boolean same = layers.size() > 2
                && stored.get("model").equals("perceptron")
                && layers.subList(1, layers.size() - 1).equals(open.get("hidden_layers"));
        if (!same) {
            throw job.mistake("model.hidden_layers", "those of " + trained.shortJson());
        }
        Map<String, Object> keys = new TreeMap<>();
        for (String key : List.of("layers", "embeddings", "embedding_widths")) {
            if (stored.containsKey(key)) {
                keys.put("model." + key, stored.get(key));
            }
        }
        return keys;
    }

    private static Map<String, Object> parsed(ModelDescription description) {
        try {
            return new ObjectMapper().readValue(description.json(), new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException exception) {
            throw new IllegalStateException(exception);
        }
    }

    /** Classes of a complete description's targets, or null if they are no class indices. */
    static Integer classes(Map<String, Object> model) {
        boolean classes = "nll".equals(model.get("loss")) || "samediff".equals(model.get("model"));
        return classes ? (Integer) model.get("classes") : null;
    }

    private void loss(String model) {
        List<String> losses = kind.losses();
        if (losses.isEmpty()) {
            return;
        }
        keys.putIfAbsent("loss", losses.get(0));
        if (!losses.contains((String) keys.get("loss"))) {
            throw error("loss", "one of " + String.join(", ", losses) + " for model " + model);
        }
        if (given.containsKey("label_smoothing") && !keys.get("loss").equals("nll")) {
            throw error("label_smoothing", "no such key: loss " + keys.get("loss") + " does not use it");
        }
    }

    private void dense(String model) {
        List<Integer> layers = ints("layers");
        if (layers.size() < 2) {
            throw error("layers", "two or more layers for model " + model);
        }
        if (keys.containsKey("embeddings") != keys.containsKey("embedding_widths")
                || keys.containsKey("embeddings")
                        && (ints("embeddings").size()
                                        != ints("embedding_widths").size()
                                || ints("embeddings").size() > layers.get(0))) {
            throw error("embedding_widths", "as many numbers as embeddings, at most one for each input");
        }
        keys.putIfAbsent("input", List.of(layers.get(0)));
        long size = ints("input").stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        if (size != layers.get(0)) {
            throw error("input", "a shape of " + layers.get(0) + " elements, the first of layers");
        }
        if (model.equals("perceptron")) {
            targets(layers.get(layers.size() - 1));
        } else if (given.containsKey("target")) {
            target(layers.get(0), "the first of layers");
        }
    }

    private void lenet() {
        List<Integer> layers = ints("layers");
        if (layers.size() != 6) {
            throw error("layers", "six numbers for model lenet: input channels, two convolutions, three dense layers");
        }
        int size = (int) keys.get("image_size");
        int kernel = (int) keys.get("kernel");
        if (((size - kernel + 1) / 2 - kernel + 1) / 2 < 1 || size < kernel) {
            throw error("image_size", "a larger image for two convolutions of kernel " + kernel + " and two poolings");
        }
        same("input", List.of(layers.get(0), size, size));
        targets(layers.get(5));
    }

    private void vgg() {
        int size = (int) keys.get("image_size");
        long poolings = ((List<?>) keys.get("cfg")).stream().filter("M"::equals).count();
        if (poolings > 30 || size >> poolings < 1) {
            throw error("image_size", "at least " + (1L << Math.min(poolings, 40)) + " for " + poolings + " poolings");
        }
        images();
    }

    private void images() {
        int size = (int) keys.get("image_size");
        same("input", List.of((int) keys.get("in_channels"), size, size));
        targets((int) keys.get("classes"));
    }

    private void transformer() {
        if (keys.containsKey("vocabulary") == keys.containsKey("features")) {
            throw keys.containsKey("features")
                    ? error("features", "no such key beside vocabulary: samples are tokens or vectors")
                    : missing("vocabulary", "model transformer (or features, for samples of vectors)");
        }
        if ((int) keys.get("width") % (int) keys.get("heads") != 0) {
            throw error("heads", "a divisor of width " + keys.get("width"));
        }
        int length = (int) keys.get("length");
        same("input", keys.containsKey("features") ? List.of(length, keys.get("features")) : List.of(length));
        targets((int) keys.get("classes"));
    }

    private void onnx() {
        if (given.containsKey("file") == given.containsKey("content")) {
            throw given.containsKey("file")
                    ? error("content", "no such key beside file")
                    : missing("file", "model onnx");
        }
    }

    private void targets(int outputs) {
        if (given.containsKey("classes") || keys.get("loss").equals("nll")) {
            same("classes", outputs);
        }
        if (keys.get("loss").equals("nll")) {
            if (given.containsKey("target")) {
                throw error("target", "no such key: loss nll does not use it");
            }
            return;
        }
        if (!kind.required().contains("classes")) {
            // Says what the layers say already.
            keys.remove("classes");
        }
        keys.putIfAbsent("target", List.of(outputs));
        target(outputs, "the last layer's units");
    }

    private void target(int outputs, String source) {
        if (ints("target").stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact) != outputs) {
            throw error("target", "a shape of " + outputs + " elements, " + source);
        }
    }

    private void same(String key, Object follows) {
        if (!keys.computeIfAbsent(key, k -> follows).equals(follows)) {
            throw error(key, follows + ", which follows from the other keys");
        }
    }

    private List<Integer> ints(String key) {
        List<Integer> numbers = new ArrayList<>();
        ((List<?>) keys.get(key)).forEach(number -> numbers.add((Integer) number));
        return numbers;
    }

    private UserError error(String key, String expected) {
        Located found = given.get(key);
        return found == null
                ? new UserError(UserError.Subject.key(place, prefix + key), keys.get(key), expected)
                : Schema.error(prefix + key, found.source(), expected);
    }

    private UserError missing(String key, String user) {
        Schema.Setting known = JobSettings.schema().of("model." + key);
        return new UserError(
                UserError.Subject.key(place, prefix + key), "nothing", known.expected() + ": " + user + " needs it");
    }
}

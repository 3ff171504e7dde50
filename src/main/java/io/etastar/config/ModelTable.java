package io.etastar.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one kind of model uses.
 *
 * @param required keys without which there is no model
 * @param optional other keys
 * @param losses it may have, the default first; empty if the loss is part of the graph
 * @param defaults of keys if they are not those of all models
 */
record ModelTable(List<String> required, List<String> optional, List<String> losses, Map<String, Object> defaults) {
    private static final List<String> NLL_OR_MSE = List.of("nll", "mse");
    private static final Map<String, ModelTable> MODELS = new TreeMap<>();

    static {
        add("perceptron", "layers", "activation loss classes input target sigma_w label_smoothing dropout", NLL_OR_MSE);
        add("autoencoder", "layers", "activation loss input target sigma_w", List.of("bce", "mse"));
        add(
                "lenet",
                "layers image_size",
                "kernel activation loss classes input target sigma_w label_smoothing",
                NLL_OR_MSE);
        add(
                "vgg",
                "cfg in_channels image_size classes",
                "activation loss input target sigma_w batch_norm label_smoothing dropout",
                NLL_OR_MSE);
        add(
                "resnet18",
                "in_channels image_size classes",
                "width activation loss input target sigma_w label_smoothing",
                NLL_OR_MSE,
                Map.of("activation", "relu", "width", 64));
        add(
                "image_generator",
                "image_size",
                "in_channels classes width depth kernel activation loss input sigma_w label_smoothing",
                List.of("nll"),
                Map.of("activation", "arctan", "in_channels", 5, "classes", 256, "width", 20, "depth", 5, "kernel", 1));
        add(
                "transformer",
                "length classes",
                "vocabulary features width heads depth activation loss input target sigma_w label_smoothing",
                NLL_OR_MSE,
                Map.of("activation", "gelu", "width", 64, "heads", 4, "depth", 2));
        add("samediff", "file input_name label_name output_name loss_name", "classes", List.of());
        add("rosenbrock", "d", "a b loss", List.of("none"));
    }

    private static void add(String model, String required, String optional, List<String> losses) {
        add(model, required, optional, losses, Map.of());
    }

    private static void add(
            String model, String required, String optional, List<String> losses, Map<String, Object> defaults) {
        MODELS.put(model, new ModelTable(List.of(required.split(" ")), List.of(optional.split(" ")), losses, defaults));
    }

    /** What {@code model} uses. */
    static ModelTable of(String model) {
        return MODELS.get(model);
    }

    /** All kinds of model by name, sorted. */
    static Map<String, ModelTable> all() {
        return Collections.unmodifiableMap(MODELS);
    }

    /** The default of a key, or null. */
    Object defaultOf(String key) {
        Object own = defaults.get(key);
        return own != null ? own : Schema.job().keys().get("model." + key).defaultValue();
    }
}

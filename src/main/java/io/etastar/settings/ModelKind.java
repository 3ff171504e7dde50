package io.etastar.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A kind of network, and the keys of block {@code model} that it uses. */
public enum ModelKind {
    PERCEPTRON(
            "layers",
            "hidden_layers embeddings embedding_widths activation loss classes input target sigma_w sigma_b parameterisation"
                    + " label_smoothing dropout",
            Losses.NLL_OR_MSE,
            Map.of()),
    LENET(
            "layers image_size",
            "kernel activation loss classes input target sigma_w sigma_b parameterisation label_smoothing",
            Losses.NLL_OR_MSE,
            Map.of()),
    VGG(
            "cfg in_channels image_size classes",
            "activation loss input target sigma_w sigma_b parameterisation batch_norm label_smoothing dropout",
            Losses.NLL_OR_MSE,
            Map.of()),
    RESNET18(
            "in_channels image_size classes",
            "width activation loss input target sigma_w label_smoothing",
            Losses.NLL_OR_MSE,
            Map.of("activation", "relu", "width", 64)),
    IMAGE_GENERATOR(
            "image_size",
            "in_channels classes width depth kernel activation loss input sigma_w label_smoothing",
            List.of("nll"),
            Map.of("activation", "arctan", "in_channels", 5, "classes", 256, "width", 20, "depth", 5, "kernel", 1)),
    TRANSFORMER(
            "length classes",
            "vocabulary features width heads depth activation loss input target sigma_w label_smoothing",
            Losses.NLL_OR_MSE,
            Map.of("activation", "gelu", "width", 64, "heads", 4, "depth", 2)),
    AUTOENCODER("layers", "activation loss input target sigma_w", List.of("bce", "mse"), Map.of()),
    SAMEDIFF("file input_name label_name output_name loss_name", "classes", List.of(), Map.of()),
    ONNX(
            "",
            "file content loss input output_name class_axis batch_norm trainable frozen",
            List.of("nll", "mse", "bce"),
            Map.of());

    private interface Losses {
        List<String> NLL_OR_MSE = List.of("nll", "mse");
    }

    private final List<String> required;
    private final List<String> optional;
    private final List<String> losses;
    private final Map<String, Object> defaults;

    ModelKind(String required, String optional, List<String> losses, Map<String, Object> defaults) {
        this.required = required.isEmpty() ? List.of() : List.of(required.split(" "));
        this.optional = List.of(optional.split(" "));
        this.losses = losses;
        this.defaults = defaults;
    }

    /** The kind of that name. */
    static ModelKind of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Keys without which there is no model. */
    public List<String> required() {
        return required;
    }

    /** Other keys that it uses. */
    public List<String> optional() {
        return optional;
    }

    /** Losses that it may have, the default first; empty if the loss is part of the graph. */
    List<String> losses() {
        return losses;
    }

    /** The default of a key, or null. */
    Object defaultOf(String key) {
        Object own = defaults.get(key);
        return own != null ? own : JobSettings.schema().of("model." + key).defaultValue();
    }

    /** Its name in files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.etastar.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A model and its partition in one small file, the model's keys on top level.
 *
 * @param model the model in canonical JSON
 * @param partition how its parameters are split
 */
public record CaseFile(ModelDescription model, PartitionChoice partition) {
    private static final List<String> MODEL = List.of(
            "model",
            "layers",
            "activation",
            "loss",
            "classes",
            "input",
            "target",
            "cfg",
            "in_channels",
            "image_size",
            "kernel",
            "d",
            "a",
            "b",
            "batch_norm",
            "dropout",
            "label_smoothing",
            "width",
            "depth",
            "heads",
            "length",
            "vocabulary",
            "features",
            "file",
            "input_name",
            "label_name",
            "output_name",
            "loss_name");
    private static final List<String> TOP = List.of("partition", "seed");
    private static final List<String> IGNORED = List.of("direction", "batch", "expected");

    /**
     * Reads a case.
     *
     * @throws UserError in one line {@code FILE:LINE: key 'x': found ..., expected ...}
     */
    public static CaseFile load(String file) {
        return HoconFile.bounded(file, () -> read(file));
    }

    private static CaseFile read(String file) {
        ConfigObject root = HoconFile.resolve(file, HoconFile.parse(file), ConfigFactory.empty())
                .root();
        TreeSet<String> known = new TreeSet<>(MODEL);
        known.addAll(TOP);
        known.addAll(IGNORED);
        Map<String, Located> model = new TreeMap<>();
        Object partition = "canonical";
        for (Map.Entry<String, ConfigValue> entry : root.entrySet()) {
            String key = entry.getKey();
            if (!known.contains(key)) {
                throw new UserError(Located.place(entry.getValue()) + ": unknown key '" + key + "': found "
                        + Schema.render(entry.getValue()) + ", expected a key of a case; the nearest is '"
                        + Schema.nearest(key, known) + "'");
            }
            if (MODEL.contains(key)) {
                model.put(key, new Located(read(key, "model." + key, entry.getValue()), entry.getValue()));
            } else if (TOP.contains(key)) {
                Object value = read(key, key, entry.getValue());
                partition = key.equals("partition") ? value : partition;
            }
        }
        if (!model.containsKey("model")) {
            throw new UserError(file + ": key 'model': found nothing, expected "
                    + Schema.job().keys().get("model.model").type().expected());
        }
        return new CaseFile(ModelKeys.description(ModelKeys.complete(file, "", model)), PartitionChoice.of(partition));
    }

    private static Object read(String key, String schemaKey, ConfigValue value) {
        KeyType type = Schema.job().keys().get(schemaKey).type();
        Object read = type.read(value);
        if (read == null) {
            throw Schema.error(key, value, type.expected());
        }
        return read;
    }
}

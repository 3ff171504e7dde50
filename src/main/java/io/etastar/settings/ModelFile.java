package io.etastar.settings;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.PartitionChoice;
import io.etastar.settings.schema.HoconFile;
import io.etastar.settings.schema.Key;
import io.etastar.settings.schema.Located;
import io.etastar.settings.schema.Schema;
import io.etastar.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The model of a job file, or of a file with the keys of block {@code model} at its top.
 *
 * @param model the model in canonical JSON
 * @param partition how its parameters are split; canonical if the file does not say
 * @param dtype of the job, float if the file has no job
 */
public record ModelFile(ModelDescription model, PartitionChoice partition, DType dtype) {
    private static final Schema KEYS = Schema.of(Keys.class);
    private static final String VALLEY = "rosenbrock";
    private static final Schema VALLEY_KEYS = Schema.of(Valley.class);
    /** Keys of test cases that say nothing about the model. */
    private static final Set<String> IGNORED = Set.of("seed", "direction", "batch", "expected");

    /** The keys of such a file. */
    record Keys(
            @Key.Flat ModelSettings model,

            @Key(value = "canonical", doc = "subsets of parameters, as in a job file")
            PartitionChoice partition) {}

    /** The keys of Rosenbrock's function, which has no data, so that no job trains it. */
    record Valley(
            @Key(value = VALLEY, oneOf = VALLEY, doc = "the function")
            String model,

            @Key(min = 1, doc = "number of pairs of parameters")
            int d,

            @Key(value = "1.0", doc = "position of the minimum")
            double a,

            @Key(value = "100.0", doc = "steepness of the valley")
            double b,

            @Key(value = "none", oneOf = "none", doc = "the function is its own loss")
            String loss,

            @Key(value = "canonical", doc = "subsets of parameters, as in a job file")
            PartitionChoice partition) {}

    /**
     * Reads a file.
     *
     * @throws UserError in one line {@code FILE:LINE: key 'x': found ..., expected ...}
     */
    public static ModelFile load(String file) {
        return HoconFile.bounded(file, () -> read(file));
    }

    private static ModelFile read(String file) {
        ConfigObject root = HoconFile.parse(file).root();
        ConfigValue model = root.get("model");
        if (model == null) {
            throw new UserError(
                    UserError.Subject.key(file, "model"), "nothing", "the block of a job file or the name of a model");
        }
        if (model.valueType() == ConfigValueType.OBJECT) {
            Configuration job = Configuration.load(file, List.of());
            return new ModelFile(job.model(), job.partition(), job.dtype());
        }
        return ofKeys(
                file,
                HoconFile.resolve(file, root.toConfig(), ConfigFactory.empty()).root());
    }

    private static ModelFile ofKeys(String file, ConfigObject root) {
        ConfigObject keys = root;
        for (String ignored : IGNORED) {
            keys = keys.withoutKey(ignored);
        }
        if (VALLEY.equals(keys.get("model").unwrapped())) {
            return valley(file, keys);
        }
        Map<String, Located> given = new TreeMap<>(KEYS.read(keys));
        PartitionChoice partition = partition(given);
        return new ModelFile(ModelKeys.description(ModelKeys.complete(file, "", given)), partition, DType.FLOAT);
    }

    private static ModelFile valley(String file, ConfigObject keys) {
        Map<String, Located> given = new TreeMap<>(VALLEY_KEYS.read(keys));
        PartitionChoice partition = partition(given);
        Map<String, Object> values = new TreeMap<>();
        for (Schema.Setting setting : VALLEY_KEYS.settings().values()) {
            Located located = given.get(setting.path());
            values.put(setting.path(), located == null ? setting.defaultValue() : located.value());
        }
        values.remove("partition");
        if (values.get("d") == null) {
            throw new UserError(
                    UserError.Subject.key(file, "d"),
                    "nothing",
                    VALLEY_KEYS.of("d").expected() + ": model " + VALLEY + " needs it");
        }
        return new ModelFile(ModelKeys.description(values), partition, DType.FLOAT);
    }

    private static PartitionChoice partition(Map<String, Located> given) {
        Located partition = given.remove("partition");
        return PartitionChoice.of(partition == null ? "canonical" : partition.value());
    }
}

package io.etastar.settings;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
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
    /** Keys of test cases that say nothing about the model. */
    private static final Set<String> IGNORED = Set.of("seed", "direction", "batch", "expected");

    /** The keys of such a file. */
    record Keys(
            @Key.Flat ModelSettings model,

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
        boolean valley = "rosenbrock".equals(keys.get("model").unwrapped());
        Map<String, Located> given = new TreeMap<>(KEYS.read(
                valley && keys.containsKey("partition") ? keys.withOnlyKey("partition") : valley ? empty() : keys));
        Located partition = given.remove("partition");
        return new ModelFile(
                valley ? ofTests(keys.withoutKey("partition")) : ofModel(file, given),
                PartitionChoice.of(partition == null ? "canonical" : partition.value()),
                DType.FLOAT);
    }

    private static ConfigObject empty() {
        return ConfigFactory.empty().root();
    }

    private static ModelDescription ofModel(String file, Map<String, Located> given) {
        return ModelKeys.description(ModelKeys.complete(file, "", given));
    }

    /** A function without data, which no job trains: its keys are the zoo's alone. */
    private static ModelDescription ofTests(ConfigObject keys) {
        return new ModelDescription(keys.render(ConfigRenderOptions.concise()));
    }
}

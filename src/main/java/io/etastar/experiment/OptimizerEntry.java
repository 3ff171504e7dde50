package io.etastar.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.etastar.UserError;
import io.etastar.settings.Configuration;
import io.etastar.settings.OptimizerSettings;
import io.etastar.settings.schema.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One optimizer of an experiment file: the keys of a job file's block {@code optimizer}; or the key {@code reference} alone,
 * for a method that the kind of experiment knows by itself; and, in a block {@code job}, keys of the job that this optimizer
 * has otherwise.
 */
public final class OptimizerEntry {
    private static final String REFERENCE = "reference";
    private static final String JOB = "job";

    private final String file;
    private final String name;
    private final @Nullable ConfigValue reference;
    private final Config keys;
    private final Config job;

    private OptimizerEntry(String file, String name, @Nullable ConfigValue reference, Config keys, Config job) {
        this.file = file;
        this.name = name;
        this.reference = reference;
        this.keys = keys;
        this.job = job;
    }

    static OptimizerEntry of(String file, String name, ConfigValue value, ConfigObject job) {
        String path = "optimizers." + name;
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw Schema.error(path, value, "a name of letters, digits, '-' and '_'");
        }
        if (!(value instanceof ConfigObject block)) {
            throw Schema.error(path, value, "a block of keys");
        }
        ConfigValue reference = block.get(REFERENCE);
        if (reference != null && (block.size() > 1 || !(reference.unwrapped() instanceof String))) {
            throw Schema.error(path, value, "the name of a reference and nothing else");
        }
        ConfigValue own = block.get(JOB);
        if (own != null && !(own instanceof ConfigObject)) {
            throw Schema.error(path + "." + JOB, own, "a block of keys");
        }
        Config keys = block.withoutKey(REFERENCE).withoutKey(JOB).toConfig();
        Config merged = own == null
                ? job.toConfig()
                : ((ConfigObject) own).withFallback(job).toConfig();
        return new OptimizerEntry(file, name, reference, keys, merged);
    }

    /** Its name on the result line. */
    public String name() {
        return name;
    }

    /** The reference that it stands for, or null. */
    public @Nullable String reference() {
        return reference == null ? null : (String) reference.unwrapped();
    }

    /** What its runs depend on, as a text: its keys and the job's, but not where the data lie. */
    String given() {
        Config all = keys.atPath("optimizer")
                .withValue("job", job.withoutPath("data.path").root());
        return String.valueOf(reference()) + all.root().render(ConfigRenderOptions.concise());
    }

    /**
     * The error of a reference that the kind of experiment does not have.
     *
     * @param expected what it should have been
     */
    public UserError unknownReference(String expected) {
        return Schema.error("optimizers." + name + "." + REFERENCE, Objects.requireNonNull(reference), expected);
    }

    /**
     * The optimizer alone.
     *
     * @throws UserError in one line {@code FILE:LINE: key 'optimizer.x': found ..., expected ...}
     */
    public OptimizerSettings settings() {
        OptimizerSettings settings = OptimizerSettings.of(keys);
        OptimizerSettings.Mistake mistake = settings.mistake();
        if (mistake != null) {
            String key = mistake.path().replaceFirst("^optimizer", "optimizers." + name);
            throw new UserError(UserError.Subject.key(file, key), mistake.found(), mistake.expected());
        }
        return settings;
    }

    /**
     * The experiment's job with this optimizer.
     *
     * @param seed of the run
     * @throws UserError in one line {@code FILE:LINE: key 'x.y': found ..., expected ...}
     */
    public Configuration configuration(long seed) {
        return configuration(seed, ConfigFactory.empty());
    }

    /**
     * The same with other keys in force over all.
     *
     * @param overrides keys of a job file
     */
    public Configuration configuration(long seed, Config overrides) {
        Config own = keys.atPath("optimizer").withValue("seed", seed(seed));
        return Configuration.of(file, overrides.withFallback(own).withFallback(job));
    }

    private static ConfigValue seed(long seed) {
        return ConfigValueFactory.fromAnyRef(seed, "seed of the run");
    }
}

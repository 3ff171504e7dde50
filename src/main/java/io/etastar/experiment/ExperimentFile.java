package io.etastar.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.etastar.UserError;
import io.etastar.settings.schema.HoconFile;
import io.etastar.settings.schema.Located;
import io.etastar.settings.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An experiment file, every key checked: a kind, its settings and the optimizers to compare. Immutable. */
public final class ExperimentFile {
    private static final Set<String> COMMON = Set.of("kind", "description", "seeds", "seed", "scale", "optimizers");
    private static final int DIGEST_BYTES = 8;

    private final String file;
    private final Map<String, Located> given;
    private final Map<String, Object> values = new TreeMap<>();
    private final List<OptimizerEntry> optimizers = new ArrayList<>();

    private ExperimentFile(String file, Map<String, Located> given, List<String> order) {
        this.file = file;
        this.given = given;
        values.putAll(ExperimentSettings.SCHEMA.defaults());
        given.forEach((path, located) -> values.put(path, located.value()));
        if (values.get("kind") == null) {
            throw mistake("kind", ExperimentSettings.SCHEMA.of("kind").expected());
        }
        ConfigObject job = block("job");
        ConfigObject entries = block("optimizers");
        if (entries.isEmpty()) {
            throw mistake("optimizers", "at least one optimizer: NAME { keys of a job file's block optimizer }");
        }
        for (String name : order) {
            optimizers.add(OptimizerEntry.of(file, name, Objects.requireNonNull(entries.get(name)), job));
        }
    }

    /** All settings of experiment files. */
    public static Schema schema() {
        return ExperimentSettings.SCHEMA;
    }

    /**
     * Reads an experiment file.
     *
     * @param file HOCON or JSON
     * @param overrides {@code path=value} each, in force over the file, later over earlier
     * @throws UserError in one line {@code FILE:LINE: key 'x.y': found ..., expected ...}
     */
    public static ExperimentFile load(String file, List<String> overrides) {
        return HoconFile.bounded(file, () -> read(file, overrides));
    }

    private static ExperimentFile read(String file, List<String> overrides) {
        Config parsed = HoconFile.parse(file);
        Config user = HoconFile.overrides(overrides).withFallback(parsed);
        Config resolved = HoconFile.resolve(file, user, ConfigFactory.empty());
        Map<String, Located> given = ExperimentSettings.SCHEMA.read(resolved.root());
        return new ExperimentFile(file, given, order(parsed, resolved));
    }

    /** Names of the optimizers as they follow one another in the file, then those that overrides added. */
    private static List<String> order(Config parsed, Config resolved) {
        if (!(resolved.root().get("optimizers") instanceof ConfigObject entries)) {
            return List.of();
        }
        Map<String, Integer> lines = new TreeMap<>();
        for (String name : entries.keySet()) {
            lines.put(name, line(parsed, name));
        }
        return lines.keySet().stream().sorted(Comparator.comparing(lines::get)).toList();
    }

    private static int line(Config parsed, String name) {
        try {
            ConfigValue value =
                    parsed.root().get("optimizers") instanceof ConfigObject entries ? entries.get(name) : null;
            return value == null ? Integer.MAX_VALUE : value.origin().lineNumber();
        } catch (ConfigException.NotResolved substitution) {
            return Integer.MAX_VALUE;
        }
    }

    /** A block of keys as it is written; empty if it is not there. */
    public ConfigObject block(String key) {
        Located located = given.get(key);
        return located == null ? ConfigFactory.empty().root() : (ConfigObject) located.source();
    }

    /**
     * Refuses keys that the kind of experiment does not use.
     *
     * @param used keys beside those that every experiment has
     * @throws UserError at the first other key that is given
     */
    public void only(Set<String> used) {
        given.keySet().stream()
                .filter(key -> !COMMON.contains(key) && !used.contains(key))
                .min(Comparator.comparing(key ->
                        Objects.requireNonNull(given.get(key)).source().origin().lineNumber()))
                .ifPresent(key -> {
                    throw mistake(key, "no such key: kind " + kind() + " does not use it");
                });
    }

    /**
     * The error of a key whose value turned out to be wrong.
     *
     * @param key the key
     * @param expected what it should have been
     */
    public UserError mistake(String key, String expected) {
        Located located = given.get(key);
        return located != null
                ? Schema.error(key, located.source(), expected)
                : new UserError(UserError.Subject.key(file, key), "nothing", expected);
    }

    /**
     * A digest of the keys that a run's figures depend on: those of the experiment and of the optimizer, but not where data lie.
     *
     * @param optimizer one of this file's
     */
    String digest(OptimizerEntry optimizer) {
        StringBuilder text = new StringBuilder();
        given.forEach((key, located) -> {
            if (!COMMON.contains(key) && !key.equals("job")) {
                text.append(key).append('=').append(located.source().render(ConfigRenderOptions.concise()));
                text.append('\n');
            }
        });
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((kind() + '\n' + text + optimizer.given()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The file's name without directory and ending. */
    public String name() {
        return Path.of(file).getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
    }

    /** What is run. */
    public String kind() {
        return (String) Objects.requireNonNull(values.get("kind"));
    }

    /** Which paper, which table; empty if the file does not say. */
    public String description() {
        return values.get("description") == null ? "" : (String) values.get("description");
    }

    /** Runs of each optimizer. */
    public int seeds() {
        return integer("seeds");
    }

    /** Seed of the first run. */
    public int firstSeed() {
        return integer("seed");
    }

    /** Share of the experiment's length that is run, in (0, 1]. */
    public double scale() {
        return number("scale");
    }

    /** The optimizers in the file's order, at least one. */
    public List<OptimizerEntry> optimizers() {
        return List.copyOf(optimizers);
    }

    /**
     * A whole number.
     *
     * @throws UserError if the key is not set and has no default
     */
    public int integer(String key) {
        return (Integer) value(key);
    }

    /**
     * A number.
     *
     * @throws UserError if the key is not set and has no default
     */
    public double number(String key) {
        return (Double) value(key);
    }

    /**
     * Whole numbers in the file's order.
     *
     * @throws UserError if the key is not set and has no default
     */
    public List<Integer> integers(String key) {
        List<Integer> numbers = new ArrayList<>();
        ((List<?>) value(key)).forEach(number -> numbers.add((Integer) number));
        return numbers;
    }

    /** A text; null if it is not there. */
    public @Nullable String text(String key) {
        return (String) values.get(key);
    }

    /**
     * The items of a list.
     *
     * @param type of all of them
     */
    public <T> List<T> list(String key, Class<T> type) {
        List<?> items = (List<?>) Objects.requireNonNullElse(values.get(key), List.of());
        return items.stream().map(type::cast).toList();
    }

    /** The names in a block, in the order of their lines. */
    public static List<String> names(ConfigObject block) {
        return block.keySet().stream()
                .sorted(Comparator.comparing((String name) ->
                                Objects.requireNonNull(block.get(name)).origin().lineNumber())
                        .thenComparing(name -> name))
                .toList();
    }

    /**
     * An optimizer of a job.
     *
     * @param name on lines
     * @param keys of a job file's block optimizer, and perhaps a block job
     * @param job a job file without its optimizer
     */
    public OptimizerEntry entry(String name, ConfigValue keys, ConfigObject job) {
        return OptimizerEntry.of(file, name, keys, job);
    }

    /**
     * A value of any type.
     *
     * @throws UserError if the key is not set and has no default
     */
    Object value(String key) {
        Object value = values.get(key);
        if (value == null) {
            String type = ExperimentSettings.SCHEMA.of(key).expected();
            throw mistake(key, type + ": kind " + kind() + " needs it");
        }
        return value;
    }
}

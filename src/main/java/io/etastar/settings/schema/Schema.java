package io.etastar.settings.schema;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.etastar.UserError;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The settings of a tree of records: path, type, meaning and default of each, in the order of their declaration. */
public final class Schema {
    /**
     * One setting.
     *
     * @param path names and dots
     * @param type what it may hold
     * @param meaning in words
     * @param defaultValue null if there is none
     */
    public record Setting(String path, KeyType type, String meaning, Object defaultValue) {
        /** What it may hold, in words: {@code int >= 1}. */
        public String expected() {
            return type.expected();
        }

        /** Whether it may hold a value: a number, boolean, string or list. */
        public boolean accepts(Object value) {
            return type.read(Schema.value(value, path)) != null;
        }
    }

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, String> renamed = new HashMap<>();
    private final TreeSet<String> blocks = new TreeSet<>();

    private Schema(Class<? extends Record> root) {
        collect("", root);
    }

    /** Settings of a tree of records. */
    public static Schema of(Class<? extends Record> root) {
        return new Schema(root);
    }

    private void collect(String prefix, Class<?> block) {
        for (RecordComponent component : block.getRecordComponents()) {
            String path = Binder.path(prefix, component);
            Key key = component.getAnnotation(Key.class);
            if (key == null) {
                if (!component.isAnnotationPresent(Key.Flat.class)) {
                    blocks.add(path.substring(0, path.length() - 1));
                }
                collect(path, component.getType());
                continue;
            }
            KeyType type = KeyType.of(component, key);
            settings.put(path, new Setting(path, type, key.doc(), defaultOf(path, type, key.value())));
            if (!key.formerly().isEmpty()) {
                renamed.put(key.formerly(), path);
            }
        }
    }

    private static Object defaultOf(String path, KeyType type, String text) {
        if (text.isEmpty()) {
            return null;
        }
        Object value = type.read(ConfigFactory.parseString("value = " + text).getValue("value"));
        if (value == null) {
            throw new IllegalStateException("default of " + path + ": found " + text + ", expected " + type.expected());
        }
        return value;
    }

    /** All settings by path, in the order of their declaration; not to be changed. */
    public Map<String, Setting> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** The setting of that path. */
    public Setting of(String path) {
        return settings.get(path);
    }

    /** The present path of a setting, whose path may be that of an earlier version. */
    public String present(String path) {
        return renamed.getOrDefault(path, path);
    }

    /** What an earlier version wrote, with the present paths. */
    public Config present(Config written) {
        Config present = written;
        for (Map.Entry<String, String> path : renamed.entrySet()) {
            if (written.hasPathOrNull(path.getKey())) {
                present = present.withoutPath(path.getKey());
                present = written.hasPath(path.getKey())
                        ? present.withValue(path.getValue(), written.getValue(path.getKey()))
                        : present;
            }
        }
        return present;
    }

    /** A new map of the defaults by path; null if there is none. */
    public Map<String, Object> defaults() {
        Map<String, Object> values = new TreeMap<>();
        settings.forEach((path, setting) -> values.put(path, setting.defaultValue()));
        return values;
    }

    /**
     * Reads the values of {@code block}, known settings only.
     *
     * @param block values, resolved
     * @return canonical values of the settings that are given, by path
     * @throws UserError at the first one in the file that is unknown or does not fit
     */
    public Map<String, Located> read(ConfigObject block) {
        TreeMap<String, UserError> errors = new TreeMap<>();
        Map<String, Located> values = new TreeMap<>();
        read("", block, values, errors);
        if (!errors.isEmpty()) {
            throw errors.firstEntry().getValue();
        }
        return values;
    }

    private void read(String prefix, ConfigObject block, Map<String, Located> values, Map<String, UserError> errors) {
        for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
            String path = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            if (blocks.contains(path) && value instanceof ConfigObject inner) {
                read(path + ".", inner, values, errors);
                continue;
            }
            try {
                Object read = readOne(path, value);
                if (read != null) {
                    values.put(path, new Located(read, value));
                }
            } catch (UserError error) {
                errors.put(String.format(Locale.ROOT, "%09d %s", value.origin().lineNumber() + 1, path), error);
            }
        }
    }

    private Object readOne(String path, ConfigValue value) {
        if (blocks.contains(path)) {
            throw error(path, value, "a block of keys");
        }
        if (renamed.containsKey(path)) {
            throw error(path, value, "its new name, '" + renamed.get(path) + "'");
        }
        Setting setting = settings.get(path);
        if (setting == null) {
            boolean isBlock = value instanceof ConfigObject && !blocks.isEmpty();
            throw new UserError(
                    UserError.Subject.of(Located.place(value) + ": unknown key '" + path + "'"),
                    render(value),
                    "a known key; the nearest is '" + nearest(path, isBlock ? blocks : new TreeSet<>(settings.keySet()))
                            + "'");
        }
        if (value.valueType() == ConfigValueType.NULL && setting.defaultValue() == null) {
            return null;
        }
        Object read = setting.type().read(value);
        if (read == null) {
            throw error(path, value, setting.expected());
        }
        return read;
    }

    /** The error of a setting whose value does not fit. */
    public static UserError error(String path, ConfigValue value, String expected) {
        return new UserError(UserError.Subject.key(Located.place(value), path), render(value), expected);
    }

    /** A value in one short line. */
    public static String render(ConfigValue value) {
        String text = value.render(ConfigRenderOptions.concise()).replaceAll("\\s+", " ");
        text = Secrets.hidden(text, "a value that may hold a secret");
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    /**
     * A value of a configuration.
     *
     * @param value number, boolean, string or list; a string that begins with [ is read as a list in HOCON
     * @param origin what messages say about where it is from
     */
    public static ConfigValue value(Object value, String origin) {
        if (value instanceof String text && text.startsWith("[")) {
            return ConfigFactory.parseString("list = " + text).getValue("list");
        }
        return ConfigValueFactory.fromAnyRef(value, origin);
    }

    /** The one of {@code candidates} most like {@code path}: the same last name first, then the least edits. */
    static String nearest(String path, Iterable<String> candidates) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        Comparator<String> order = Comparator.<String>comparingInt(
                        key -> Math.min(distance.apply(path, key), 1 + distance.apply(last(path), last(key))))
                .thenComparingInt(key -> distance.apply(path, key));
        String best = null;
        for (String candidate : candidates) {
            if (best == null || order.compare(candidate, best) < 0) {
                best = candidate;
            }
        }
        return best;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}

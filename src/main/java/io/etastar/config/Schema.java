package io.etastar.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.etastar.UserError;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The keys of a kind of file, read from the defaults' own comments: path, type, meaning, default. */
final class Schema {
    /**
     * One key.
     *
     * @param type what it may hold
     * @param meaning for people
     * @param defaultValue null if there is none
     */
    record Key(KeyType type, String meaning, Object defaultValue) {}

    private static final Schema JOB = new Schema("etastar-defaults.conf");
    private static final Schema EXPERIMENT = new Schema("etastar-experiment.conf");

    private final String resource;
    private final Map<String, Key> keys = new TreeMap<>();
    private final TreeSet<String> blocks = new TreeSet<>();

    private Schema(String resource) {
        this.resource = resource;
        collect("", ConfigFactory.parseResources(resource).root());
    }

    /** The schema of job files. */
    static Schema job() {
        return JOB;
    }

    /** The schema of experiment files. */
    static Schema experiment() {
        return EXPERIMENT;
    }

    private void collect(String prefix, ConfigObject block) {
        for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
            String path = prefix + entry.getKey();
            List<String> comments = entry.getValue().origin().comments();
            String comment =
                    comments.isEmpty() ? "" : comments.get(comments.size() - 1).strip();
            if (entry.getValue() instanceof ConfigObject inner && !comment.startsWith("map of ")) {
                blocks.add(path);
                collect(path + ".", inner);
            } else {
                int colon = comment.indexOf(": ");
                if (colon < 0) {
                    throw new IllegalStateException(resource + ": key " + path + " has no typed comment");
                }
                keys.put(path, key(path, entry.getValue(), comment.substring(0, colon), comment.substring(colon + 2)));
            }
        }
    }

    private Key key(String path, ConfigValue value, String spec, String meaning) {
        KeyType type = KeyType.parse(spec);
        Object read = value.valueType() == ConfigValueType.NULL ? null : type.read(value);
        if (read == null && value.valueType() != ConfigValueType.NULL) {
            throw new IllegalStateException(resource + ": default of " + path + " is not " + spec);
        }
        return new Key(type, meaning, read);
    }

    /** All keys by path, sorted. */
    Map<String, Key> keys() {
        return keys;
    }

    /**
     * Reads the values of {@code block}, known keys only.
     *
     * @param block values, resolved
     * @return canonical values of the keys that are set, by path
     * @throws UserError at the first key in the file that is unknown or does not fit
     */
    Map<String, Located> read(ConfigObject block) {
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
        Key key = keys.get(path);
        if (key == null) {
            throw new UserError(Located.place(value) + ": unknown key '" + path + "': found " + render(value)
                    + ", expected a known key; the nearest is '"
                    + nearest(path, value instanceof ConfigObject && !blocks.isEmpty() ? blocks : keys.keySet()) + "'");
        }
        if (value.valueType() == ConfigValueType.NULL && key.defaultValue() == null) {
            return null;
        }
        Object read = key.type().read(value);
        if (read == null) {
            throw error(path, value, key.type().expected());
        }
        return read;
    }

    /** The error of a key whose value does not fit. */
    static UserError error(String path, ConfigValue value, String expected) {
        return new UserError(
                Located.place(value) + ": key '" + path + "': found " + render(value) + ", expected " + expected);
    }

    /** A value in one short line. */
    static String render(ConfigValue value) {
        String text = value.render(ConfigRenderOptions.concise()).replaceAll("\\s+", " ");
        text = Secrets.hidden(text, "a value that may hold a secret");
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
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

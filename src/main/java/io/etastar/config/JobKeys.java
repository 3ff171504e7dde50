package io.etastar.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The keys of job files, for front ends that take the same settings in another form. */
public final class JobKeys {
    private static final Map<String, JobKey> KEYS = new TreeMap<>();

    static {
        Schema.job()
                .keys()
                .forEach((path, key) ->
                        KEYS.put(path, new JobKey(path, key.type().expected(), key.meaning(), key.defaultValue())));
    }

    private JobKeys() {}

    /**
     * One key.
     *
     * @param path names and dots
     * @param type what it may hold, in words: {@code int >= 1}
     * @param meaning in words
     * @param defaultValue null if there is none
     */
    public record JobKey(String path, String type, String meaning, Object defaultValue) {}

    /** All keys by path, sorted; not to be changed. */
    public static Map<String, JobKey> all() {
        return Collections.unmodifiableMap(KEYS);
    }

    /** The key of that path. */
    public static JobKey of(String path) {
        return KEYS.get(path);
    }

    /**
     * Whether a key may hold a value.
     *
     * @param value number, boolean, string or list
     */
    public static boolean fits(String path, Object value) {
        return Schema.job().keys().get(path).type().read(value(value, path)) != null;
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
}

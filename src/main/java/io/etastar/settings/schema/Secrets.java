package io.etastar.settings.schema;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Settings for Spark that may hold a secret: what Spark itself hides in its UI and logs is written nowhere. */
public final class Secrets {
    private static final String REGEX = "spark.redaction.regex";
    /** Spark's own default. */
    private static final Pattern DEFAULT = Pattern.compile("(?i)secret|password|token|access[.]?key");

    private Secrets() {}

    /** The settings without those whose name or value matches {@code spark.redaction.regex}, or its default. */
    public static Map<String, String> without(Map<String, String> settings) {
        String own = settings.get(REGEX);
        Pattern pattern = own == null ? DEFAULT : Pattern.compile(own);
        Map<String, String> open = new TreeMap<>(settings);
        open.entrySet()
                .removeIf(setting -> !setting.getKey().equals(REGEX)
                        && (pattern.matcher(setting.getKey()).find()
                                || pattern.matcher(setting.getValue()).find()));
        return open;
    }

    /** A text for messages: itself, or {@code shown} if it may hold a secret. */
    static String hidden(String text, String shown) {
        return DEFAULT.matcher(text).find() ? shown : text;
    }
}

package io.etastar.settings.schema;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/**
 * A value that the user gave.
 *
 * @param value in canonical form
 * @param source as it stood in the file
 */
public record Located(Object value, ConfigValue source) {
    /** Where a value stands: {@code FILE:LINE}, or the override it came from. */
    static String place(ConfigValue value) {
        return place(value.origin());
    }

    /** The same for any origin. */
    static String place(ConfigOrigin origin) {
        String name = origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
        return name.startsWith("--") || origin.lineNumber() < 0 ? name : name + ":" + origin.lineNumber();
    }
}

package io.etastar.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a key may hold: words for people, and the check of a value.
 *
 * @param expected the type as written in the defaults, e.g. {@code int >= 1}
 * @param reader value to plain Java object in canonical form, or null if the value does not fit
 */
record KeyType(String expected, Function<ConfigValue, Object> reader) {
    private static final Pattern BOUND = Pattern.compile("(int|number)(?: (>=|>) (\\S+))?");
    private static final Pattern RANGE = Pattern.compile("number in ([\\[(])(\\S+), (\\S+)([)\\]])");

    /** The type that {@code spec} describes. */
    static KeyType parse(String spec) {
        return new KeyType(spec, readerOf(spec));
    }

    /** Canonical value, or null if {@code value} does not fit. */
    Object read(ConfigValue value) {
        return reader.apply(value);
    }

    private static Function<ConfigValue, Object> readerOf(String spec) {
        if (spec.equals("boolean")) {
            return value -> value.valueType() == ConfigValueType.BOOLEAN ? value.unwrapped() : null;
        }
        if (spec.equals("string")) {
            return KeyType::text;
        }
        if (spec.startsWith("one of ")) {
            List<String> choices = List.of(spec.substring(7).split(", "));
            return value -> choices.contains(text(value)) ? value.unwrapped() : null;
        }
        if (spec.equals("list of int >= 1")) {
            return value -> list(value, element -> whole(element, 1, Integer.MAX_VALUE));
        }
        if (spec.equals("list of int >= 1, or empty")) {
            return value -> value instanceof ConfigList sides && sides.isEmpty()
                    ? List.of()
                    : list(value, element -> whole(element, 1, Integer.MAX_VALUE));
        }
        if (spec.equals("int >= 1 or all")) {
            return value -> "all".equals(text(value)) ? "all" : whole(value, 1, Integer.MAX_VALUE);
        }
        if (spec.equals("list of number > 0")) {
            return value -> list(value, element -> number(element, x -> x > 0));
        }
        if (spec.equals("list of int >= 1 or \"M\"")) {
            return value -> list(value, element -> "M".equals(text(element)) ? "M" : whole(element, 1, 1 << 20));
        }
        if (spec.equals("string or list of lists of names")) {
            return value -> text(value) != null ? text(value) : list(value, inner -> list(inner, KeyType::text));
        }
        if (spec.equals("string or list of strings")) {
            return value -> text(value) != null ? List.of(text(value)) : list(value, KeyType::text);
        }
        if (spec.equals("map of spark.* keys")) {
            return KeyType::sparkMap;
        }
        if (spec.equals("map of job keys") || spec.equals("map of optimizers")) {
            return value -> value instanceof ConfigObject block ? block.unwrapped() : null;
        }
        return numeric(spec);
    }

    private static Function<ConfigValue, Object> numeric(String spec) {
        Matcher range = RANGE.matcher(spec);
        if (range.matches()) {
            boolean from = range.group(1).equals("[");
            double low = Double.parseDouble(range.group(2));
            double high = Double.parseDouble(range.group(3));
            boolean to = range.group(4).equals("]");
            return value -> number(value, x -> (from ? x >= low : x > low) && (to ? x <= high : x < high));
        }
        Matcher bound = BOUND.matcher(spec);
        if (!bound.matches()) {
            throw new IllegalArgumentException("unknown type of key: " + spec);
        }
        double low = bound.group(3) == null ? Double.NEGATIVE_INFINITY : Double.parseDouble(bound.group(3));
        boolean open = ">".equals(bound.group(2));
        return bound.group(1).equals("int")
                ? value -> whole(value, (int) low, Integer.MAX_VALUE)
                : value -> number(value, x -> open ? x > low : x >= low);
    }

    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING && !((String) value.unwrapped()).isEmpty()
                ? (String) value.unwrapped()
                : null;
    }

    private static Double number(ConfigValue value, Function<Double, Boolean> accepts) {
        if (value.valueType() != ConfigValueType.NUMBER) {
            return null;
        }
        double x = ((Number) value.unwrapped()).doubleValue();
        return Double.isFinite(x) && accepts.apply(x) ? x : null;
    }

    private static Integer whole(ConfigValue value, int low, int high) {
        Double x = number(value, number -> number == Math.rint(number) && number >= low && number <= high);
        return x == null ? null : x.intValue();
    }

    private static List<Object> list(ConfigValue value, Function<ConfigValue, Object> element) {
        if (!(value instanceof ConfigList values) || values.isEmpty()) {
            return null;
        }
        List<Object> read = new ArrayList<>();
        for (ConfigValue inner : values) {
            Object one = element.apply(inner);
            if (one == null) {
                return null;
            }
            read.add(one);
        }
        return read;
    }

    private static Map<String, Object> sparkMap(ConfigValue value) {
        Map<String, Object> flat = new TreeMap<>();
        return value instanceof ConfigObject block && flatten("", block, flat) ? flat : null;
    }

    private static boolean flatten(String prefix, ConfigObject block, Map<String, Object> flat) {
        for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
            String key = prefix + entry.getKey();
            boolean fits = switch (entry.getValue().valueType()) {
                case OBJECT -> flatten(key + ".", (ConfigObject) entry.getValue(), flat);
                case LIST, NULL -> false;
                default -> key.startsWith("spark.");
            };
            if (!fits) {
                return false;
            }
            if (entry.getValue().valueType() != ConfigValueType.OBJECT) {
                flat.put(key, entry.getValue().unwrapped().toString());
            }
        }
        return true;
    }
}

package io.etastar.settings.schema;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a setting may hold: words for people, and the check of a value.
 *
 * @param expected in words, e.g. {@code int >= 1}
 * @param reader value to plain Java object in canonical form, or null if the value does not fit
 */
public record KeyType(String expected, Function<ConfigValue, Object> reader) {
    /** The type of a component: its Java type within the key's range. */
    static KeyType of(RecordComponent component, Key key) {
        Function<ConfigValue, Object> whole = value -> whole(value, key);
        Function<ConfigValue, Object> number = value -> number(value, key);
        return switch (component.getGenericType().getTypeName().replaceAll("java\\.(lang|util)\\.", "")) {
            case "boolean" ->
                new KeyType(
                        "boolean", value -> value.valueType() == ConfigValueType.BOOLEAN ? value.unwrapped() : null);
            case "int" -> new KeyType("int" + bounds(key), whole).or(key.or());
            case "double" -> new KeyType("number" + bounds(key), number);
            case "List<Integer>" -> new KeyType("list of int" + bounds(key), list(whole)).orEmpty(key.or());
            case "List<Double>" -> new KeyType("list of number" + bounds(key), list(number));
            case "List<String>" ->
                new KeyType(
                        "string or list of strings",
                        value -> text(value) != null
                                ? List.of(text(value))
                                : list(KeyType::text).apply(value));
            case "List<Object>" ->
                new KeyType(
                        "list of int" + bounds(key) + " or \"" + key.or()[0] + "\"",
                        list(value -> key.or()[0].equals(text(value)) ? key.or()[0] : whole.apply(value)));
            case "Map<String, String>" ->
                new KeyType(
                        key.prefix().isEmpty()
                                ? "block of texts, numbers and booleans"
                                : "map of " + key.prefix() + "* keys",
                        value -> textMap(value, key.prefix()));
            case "Map<String, Object>" ->
                new KeyType("block of keys", value -> value instanceof ConfigObject block ? block.unwrapped() : null);
            case "io.etastar.partition.PartitionChoice" ->
                new KeyType(
                        "string or list of lists of names",
                        value -> text(value) != null
                                ? text(value)
                                : list(list(KeyType::text)).apply(value));
            default -> ofText(component.getType(), key);
        };
    }

    private static KeyType ofText(Class<?> type, Key key) {
        List<String> choices = type.isEnum()
                ? Arrays.stream(type.getEnumConstants()).map(Object::toString).toList()
                : List.of(key.oneOf());
        return choices.isEmpty()
                ? new KeyType("string", KeyType::text)
                : new KeyType(
                        "one of " + String.join(", ", choices),
                        value -> choices.contains(text(value)) ? value.unwrapped() : null);
    }

    /** Canonical value, or null if {@code value} does not fit. */
    Object read(ConfigValue value) {
        return reader.apply(value);
    }

    private KeyType or(String[] given) {
        if (given.length == 0) {
            return this;
        }
        List<String> words = List.of(given);
        String others = String.join(", ", words.subList(0, words.size() - 1));
        String all = (others.isEmpty() ? "" : ", " + others) + " or " + words.get(words.size() - 1);
        return new KeyType(expected + all, value -> {
            String word = text(value);
            return word != null && words.contains(word) ? word : reader.apply(value);
        });
    }

    private KeyType orEmpty(String[] words) {
        return words.length == 0
                ? this
                : new KeyType(
                        expected + ", or " + words[0],
                        value -> value instanceof ConfigList list && list.isEmpty() ? List.of() : reader.apply(value));
    }

    private static String bounds(Key key) {
        boolean open = key.above() > Double.NEGATIVE_INFINITY;
        double low = open ? key.above() : key.min();
        double high = Math.min(key.max(), key.below());
        if (low == Double.NEGATIVE_INFINITY) {
            return "";
        }
        if (high == Double.POSITIVE_INFINITY) {
            return (open ? " > " : " >= ") + plain(low);
        }
        return " in " + (open ? "(" : "[") + plain(low) + ", " + plain(high) + (key.max() == high ? "]" : ")");
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING && !((String) value.unwrapped()).isEmpty()
                ? (String) value.unwrapped()
                : null;
    }

    private static Double number(ConfigValue value, Key key) {
        if (value.valueType() != ConfigValueType.NUMBER) {
            return null;
        }
        double x = ((Number) value.unwrapped()).doubleValue();
        boolean fits = x >= key.min() && x > key.above() && x <= key.max() && x < key.below();
        return Double.isFinite(x) && fits ? x : null;
    }

    private static Integer whole(ConfigValue value, Key key) {
        Double x = number(value, key);
        return x == null || x != Math.rint(x) || Math.abs(x) > Integer.MAX_VALUE ? null : Integer.valueOf(x.intValue());
    }

    private static Function<ConfigValue, Object> list(Function<ConfigValue, Object> element) {
        return value -> {
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
        };
    }

    /** Values as they are written, by keys with dots. */
    private static Map<String, Object> textMap(ConfigValue value, String beginning) {
        Map<String, Object> flat = new TreeMap<>();
        return value instanceof ConfigObject block && flatten("", block, beginning, flat) ? flat : null;
    }

    private static boolean flatten(String prefix, ConfigObject block, String beginning, Map<String, Object> flat) {
        for (Map.Entry<String, ConfigValue> entry : block.entrySet()) {
            String key = prefix + entry.getKey();
            boolean fits = switch (entry.getValue().valueType()) {
                case OBJECT -> flatten(key + ".", (ConfigObject) entry.getValue(), beginning, flat);
                case LIST, NULL -> false;
                default -> key.startsWith(beginning);
            };
            if (!fits) {
                return false;
            }
            if (entry.getValue().valueType() != ConfigValueType.OBJECT) {
                flat.put(key, written(entry.getValue()));
            }
        }
        return true;
    }

    private static String written(ConfigValue value) {
        return ConfigFactory.empty().withValue("value", value).getString("value");
    }
}

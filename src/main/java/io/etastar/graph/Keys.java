package io.etastar.graph;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Typed access to the keys of a model description; each error names the key, what was found and what is expected. */
final class Keys {
    private final JsonNode json;

    Keys(JsonNode json) {
        this.json = json;
    }

    /** All keys with their values as plain objects. */
    Map<String, Object> all() {
        return new ObjectMapper().convertValue(json, new TypeReference<Map<String, Object>>() {});
    }

    boolean has(String key) {
        return json.hasNonNull(key);
    }

    String text(String key, String... allowed) {
        JsonNode value = required(key, "one of " + List.of(allowed));
        if (!value.isTextual() || !List.of(allowed).contains(value.asText())) {
            throw wrong(key, value, "one of " + List.of(allowed));
        }
        return value.asText();
    }

    /** Any text. */
    String name(String key) {
        JsonNode value = required(key, "a string");
        if (!value.isTextual()) {
            throw wrong(key, value, "a string");
        }
        return value.asText();
    }

    /** A list of texts. */
    List<String> names(String key) {
        return entries(key, "a list of names");
    }

    boolean truth(String key, boolean absent) {
        if (!has(key)) {
            return absent;
        }
        if (!json.get(key).isBoolean()) {
            throw wrong(key, json.get(key), "true or false");
        }
        return json.get(key).asBoolean();
    }

    int positive(String key) {
        JsonNode value = required(key, "a positive integer");
        if (!isPositive(value)) {
            throw wrong(key, value, "a positive integer");
        }
        return value.asInt();
    }

    private static boolean isPositive(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.asInt() > 0;
    }

    int positive(String key, int absent) {
        return has(key) ? positive(key) : absent;
    }

    double number(String key, double absent) {
        if (!has(key)) {
            return absent;
        }
        if (!json.get(key).isNumber()) {
            throw wrong(key, json.get(key), "a number");
        }
        return json.get(key).asDouble();
    }

    /** A list of so many numbers. */
    double[] numbers(String key, int length) {
        String expected = "a list of " + length + " numbers";
        JsonNode value = required(key, expected);
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++) {
            if (value.size() != length || !value.path(i).isNumber()) {
                throw wrong(key, value, expected);
            }
            numbers[i] = value.get(i).asDouble();
        }
        return numbers;
    }

    /** A number in [0, 1), 0 if it is absent. */
    double share(String key) {
        double value = number(key, 0);
        if (!(value >= 0 && value < 1)) {
            throw wrong(key, value, "a number in [0, 1)");
        }
        return value;
    }

    /** A list of at least {@code least} positive integers. */
    int[] sides(String key, int least) {
        String expected = "a list of at least " + least + " positive integers";
        JsonNode value = required(key, expected);
        if (!value.isArray() || value.size() < least) {
            throw wrong(key, value, expected);
        }
        int[] sides = new int[value.size()];
        for (int i = 0; i < sides.length; i++) {
            if (!isPositive(value.get(i))) {
                throw wrong(key, value, expected);
            }
            sides[i] = value.get(i).asInt();
        }
        return sides;
    }

    /** Entries of a list as text. */
    List<String> entries(String key, String expected) {
        JsonNode value = required(key, expected);
        if (!value.isArray() || value.isEmpty()) {
            throw wrong(key, value, expected);
        }
        List<String> entries = new ArrayList<>();
        value.forEach(entry -> entries.add(entry.asText()));
        return entries;
    }

    /** The keys inside an object. */
    Keys inside(String key) {
        JsonNode value = required(key, "an object");
        if (!value.isObject()) {
            throw wrong(key, value, "an object");
        }
        return new Keys(value);
    }

    /** A list of shapes. */
    List<int[]> shapes(String key) {
        String expected = "a list of lists of positive integers";
        List<int[]> shapes = new ArrayList<>();
        for (JsonNode shape : required(key, expected)) {
            int[] sides = new int[shape.size()];
            for (int i = 0; i < sides.length; i++) {
                if (!isPositive(shape.get(i))) {
                    throw wrong(key, shape, expected);
                }
                sides[i] = shape.get(i).asInt();
            }
            shapes.add(sides);
        }
        return shapes;
    }

    UserError wrong(String key, Object found, String expected) {
        return new UserError(UserError.Subject.setting("model." + key), found, expected);
    }

    private JsonNode required(String key, String expected) {
        if (!has(key)) {
            throw new UserError("model." + key + ": absent, expected " + expected);
        }
        return json.get(key);
    }
}

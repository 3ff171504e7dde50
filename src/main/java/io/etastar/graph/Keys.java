package io.etastar.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.etastar.UserError;
import java.util.ArrayList;
import java.util.List;

/** Typed access to the keys of a model description; each error names the key, what was found and what is expected. */
final class Keys {
    private final JsonNode json;

    Keys(JsonNode json) {
        this.json = json;
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

    UserError wrong(String key, Object found, String expected) {
        return new UserError("model." + key + ": found " + found + ", expected " + expected);
    }

    private JsonNode required(String key, String expected) {
        if (!has(key)) {
            throw new UserError("model." + key + ": absent, expected " + expected);
        }
        return json.get(key);
    }
}

package io.etastar.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Numbers as JSON, which knows none that are not finite: those become null, and so does an absent array. */
public final class JsonNumbers {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNumbers() {}

    /** One number. */
    public static JsonNode of(double value) {
        return Double.isFinite(value) ? NODES.numberNode(value) : NODES.nullNode();
    }

    /** An array; null becomes null. */
    public static JsonNode of(double[] values) {
        if (values == null) {
            return NODES.nullNode();
        }
        ArrayNode array = NODES.arrayNode(values.length);
        for (double value : values) {
            array.add(of(value));
        }
        return array;
    }

    /** An array of rows. */
    public static JsonNode of(double[][] rows) {
        ArrayNode array = NODES.arrayNode(rows.length);
        for (double[] row : rows) {
            array.add(of(row));
        }
        return array;
    }
}

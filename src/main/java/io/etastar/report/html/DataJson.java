package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Locale;

/**
 * The columns and classes of a run's data as JSON, read from its model.json. Of many, the first ones; models of earlier versions, of
 * one column of features or of classes without names have none.
 */
final class DataJson {
    private static final int MOST_COLUMNS = 200;
    private static final int MOST_CLASSES = 200;
    private static final int MOST_VALUES = 8;
    private static final int LONGEST = 60;

    private DataJson() {}

    /**
     * What a report shows of the data.
     *
     * @param model the content of model.json
     * @param scaling of numbers, by its name in job files; empty if the run does not say
     * @return null if the model knows neither columns nor names of classes
     */
    static ObjectNode of(JsonNode model, String scaling) {
        JsonNode columns = model.path("table").path("columns");
        JsonNode classes = model.path("classNames");
        if (columns.isEmpty() && classes.isEmpty()) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (!columns.isEmpty()) {
            node.set("columns", columns(columns, scaling));
        }
        if (!classes.isEmpty()) {
            ObjectNode named = node.putObject("classes").put("count", classes.size());
            named.set("names", names(classes, MOST_CLASSES));
        }
        return node;
    }

    private static ObjectNode columns(JsonNode columns, String scaling) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("count", columns.size()).put("scaling", scaling);
        ObjectNode kinds = node.putObject("kinds");
        int gaps = 0;
        for (JsonNode column : columns) {
            String kind = kind(column);
            kinds.put(kind, kinds.path(kind).asInt() + 1);
            gaps += column.path("gaps").asBoolean() ? 1 : 0;
        }
        node.put("gaps", gaps);
        ArrayNode shown = node.putArray("shown");
        for (int i = 0; i < Math.min(MOST_COLUMNS, columns.size()); i++) {
            shown.add(column(columns.get(i)));
        }
        return node;
    }

    private static String kind(JsonNode column) {
        return column.path("kind").asText().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode column(JsonNode column) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", shortened(column.path("name").asText())).put("kind", kind(column));
        node.put("gaps", column.path("gaps").asBoolean());
        JsonNode scales = column.path("scales");
        switch (kind(column)) {
            case "category" -> {
                int buckets = column.path("buckets").asInt();
                node.put("hashed", buckets > 0).put("embedded", scales.isEmpty());
                node.put("count", buckets > 0 ? buckets : column.path("values").size());
                node.set("values", names(column.path("values"), MOST_VALUES));
            }
            case "vector" -> node.put("count", scales.size());
            default -> scale(node, kind(column), scales.path(0));
        }
        return node;
    }

    /** Centre and unit of a number or of days since 1970, or the ends of its quantiles. */
    private static void scale(ObjectNode node, String kind, JsonNode scale) {
        JsonNode knots = scale.path("knots");
        boolean days = !kind.equals("number");
        if (knots.isArray() && !knots.isEmpty()) {
            node.put("from", value(knots.get(0), days));
            node.put("to", value(knots.get(knots.size() - 1), days));
        } else {
            node.put("centre", value(scale.path("centre"), days));
            node.put("unit", value(scale.path("unit"), false) + (days ? " days" : ""));
        }
    }

    private static String value(JsonNode number, boolean days) {
        double value = Numbers.of(number);
        boolean date = days && Math.abs(value) < 1e8;
        return date ? LocalDate.ofEpochDay((long) Math.floor(value)).toString() : Numbers.text(value);
    }

    private static ArrayNode names(JsonNode names, int most) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < Math.min(most, names.size()); i++) {
            array.add(shortened(names.get(i).asText()));
        }
        return array;
    }

    /** A name of any length, cut where it is too long for a table. */
    static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST - 3)) + "...";
    }
}

package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a run measured with its model on test rows, as JSON, read from columns.json, classes.json and predictions.json: of many columns and classes those that
 * matter most. Null where the run did not measure it; other members of the files are not looked at.
 */
final class TestRowsJson {
    private static final int MOST_COLUMNS = 30;
    private static final int MOST_CLASSES = 20;
    private static final int MOST_PREDICTIONS = 30;
    private static final int MOST_INTERACTIONS = 40;

    private TestRowsJson() {}

    /** Loss increase and accuracy decrease of the most important columns, in this order. */
    static ObjectNode importance(JsonNode file) {
        JsonNode found = file.path("importance");
        List<JsonNode> columns = new ArrayList<>();
        found.path("columns").forEach(columns::add);
        if (columns.isEmpty()) {
            return null;
        }
        columns.sort(Comparator.comparingDouble(TestRowsJson::increase).reversed());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("rows", Numbers.rounded(Numbers.of(found.path("rows"))));
        node.put("count", columns.size());
        ArrayNode shown = node.putArray("columns");
        for (JsonNode column : columns.subList(0, Math.min(MOST_COLUMNS, columns.size()))) {
            ObjectNode each = shown.addObject();
            each.put("name", DataJson.shortened(column.path("column").asText()));
            each.set("loss", Numbers.rounded(Numbers.of(column.path("loss_increase"))));
            each.set("accuracy", Numbers.rounded(Numbers.of(column.path("accuracy_decrease"))));
        }
        return node;
    }

    /** A loss that is not finite is the greatest increase. */
    private static double increase(JsonNode column) {
        double increase = Numbers.of(column.path("loss_increase"));
        return Double.isNaN(increase) ? Double.POSITIVE_INFINITY : increase;
    }

    /** Rows, accuracy and usual mistake of each class, and the matrix; of many classes those with the lowest accuracy. */
    static ObjectNode classes(JsonNode file) {
        JsonNode found = file.path("classes");
        List<JsonNode> classes = new ArrayList<>();
        found.path("classes").forEach(classes::add);
        if (classes.isEmpty()) {
            return null;
        }
        int count = found.path("count").asInt(classes.size());
        double rows = classes.stream()
                .mapToDouble(each -> Numbers.of(each.path("rows")))
                .sum();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("rows", Numbers.rounded(Numbers.of(found.path("rows"))));
        node.put("count", count).put("with_rows", classes.size());
        boolean many = count > MOST_CLASSES;
        if (many) {
            classes.sort(Comparator.comparingDouble(TestRowsJson::accuracy));
        }
        ArrayNode shown = node.putArray("classes");
        for (JsonNode each : classes.subList(0, Math.min(MOST_CLASSES, classes.size()))) {
            ObjectNode row = shown.addObject();
            row.put("name", DataJson.shortened(each.path("name").asText()));
            row.set("rows", Numbers.rounded(Numbers.of(each.path("rows"))));
            row.set("share", Numbers.rounded(Numbers.of(each.path("rows")) / rows));
            row.set("accuracy", Numbers.rounded(accuracy(each)));
            row.put("mistaken_for", DataJson.shortened(each.path("mistaken_for").asText("")));
        }
        double[][] matrix = Numbers.matrix(found.path("confusion"));
        if (!many && matrix != null && matrix.length == count) {
            ArrayNode confusion = node.putArray("confusion");
            for (double[] row : matrix) {
                confusion.add(Numbers.rounded(row.length, i -> row[i]));
            }
        }
        return node;
    }

    /** Rows with their predictions, the worst ones and others; at most {@value #MOST_PREDICTIONS} of each. */
    static ObjectNode predictions(JsonNode file) {
        JsonNode found = file.path("predictions");
        if (found.path("worst").isEmpty()) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("rows", Numbers.rounded(Numbers.of(found.path("rows"))));
        for (String kind : new String[] {"worst", "spread"}) {
            ArrayNode shown = node.putArray(kind);
            for (int i = 0; i < Math.min(MOST_PREDICTIONS, found.path(kind).size()); i++) {
                prediction(shown.addObject(), found.path(kind).get(i));
            }
        }
        return node;
    }

    private static void prediction(ObjectNode row, JsonNode given) {
        for (String name : new String[] {"target", "prediction"}) {
            JsonNode value = given.path(name);
            row.set(
                    name,
                    value.isTextual()
                            ? JsonNodeFactory.instance.textNode(DataJson.shortened(value.asText()))
                            : Numbers.rounded(Numbers.of(value)));
        }
        for (String name : new String[] {"error", "probability", "of_target"}) {
            if (given.has(name)) {
                row.set(name, Numbers.rounded(Numbers.of(given.path(name))));
            }
        }
    }

    private static double accuracy(JsonNode label) {
        return Numbers.of(label.path("correct")) / Numbers.of(label.path("rows"));
    }

    /** Second derivatives of the loss between columns; of many columns those whose derivatives are largest, in their order. */
    static ObjectNode interactions(JsonNode file) {
        JsonNode found = file.path("interactions");
        double[][] h = Numbers.matrix(found.path("h"));
        JsonNode names = found.path("columns");
        if (h == null || h.length == 0 || names.size() != h.length) {
            return null;
        }
        int[] taken = IntStream.range(0, h.length)
                .boxed()
                .sorted(Comparator.comparingDouble(s -> -size(h[s])))
                .limit(MOST_INTERACTIONS)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("rows", Numbers.rounded(Numbers.of(found.path("rows"))));
        node.put("count", h.length);
        ArrayNode columns = node.putArray("columns");
        ArrayNode matrix = node.putArray("H");
        for (int s : taken) {
            columns.add(DataJson.shortened(names.get(s).asText()));
            for (int t : taken) {
                if (t <= s) {
                    matrix.add(Numbers.rounded(h[s].length > t ? h[s][t] : Double.NaN));
                }
            }
        }
        return node;
    }

    private static double size(double[] row) {
        double sum = 0;
        for (double value : row) {
            sum += Double.isNaN(value) ? 0 : Math.abs(value);
        }
        return sum;
    }
}

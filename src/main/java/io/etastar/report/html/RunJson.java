package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.storage.FileAccess;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a report shows of one run, as JSON; the page's script reads it. */
final class RunJson {
    /** Numbers that a curve over summaries may have, all subsets and all runs of a page together. */
    private static final int CURVE_NUMBERS = 18_000;
    /** Numbers that all matrices of a page may have together: less than a megabyte. */
    private static final int MATRIX_NUMBERS = 90_000;

    private RunJson() {}

    /** Name of a run: that of its directory. */
    static String name(RunFiles files) {
        String name = files.directory().getName();
        return name.isEmpty() ? FileAccess.display(files.directory()) : name;
    }

    /** @param runs how many a page shows: they share the room for what grows with the square of the subsets */
    static ObjectNode of(RunFiles files, int runs) {
        StepHistory history = StepHistory.of(files);
        SummaryHistory summaries = SummaryHistory.of(files, CURVE_NUMBERS / runs, MATRIX_NUMBERS / runs);
        ObjectNode run = JsonNodeFactory.instance.objectNode();
        run.put("name", name(files));
        run.put("directory", FileAccess.display(files.directory()));
        JsonNode configuration = files.configuration();
        run.set("configuration", configuration(configuration));
        ObjectNode data =
                DataJson.of(files.model(), configuration.at("/data/scaling").asText(""));
        put(run, "data", data);
        put(run, "importance", TestRowsJson.importance(files.columns()));
        put(run, "column_interactions", TestRowsJson.interactions(files.columns()));
        put(run, "classes", TestRowsJson.classes(files.classes()));
        put(run, "predictions", TestRowsJson.predictions(files.predictions()));
        ArrayNode findings = run.putArray("findings");
        Findings.of(history, summaries).forEach(findings::add);
        String plan = files.plan();
        if (plan != null) {
            run.put("plan", plan);
        }
        run.set("result", result(history, summaries, files.complete()));
        run.set("steps", history.curves());
        run.set("epochs", history.epochs());
        run.set("seconds", history.seconds());
        run.set("subsets", summaries.subsets());
        run.set("summaries", summaries.curves());
        run.set("matrices", summaries.matrices());
        return run;
    }

    private static void put(ObjectNode run, String name, ObjectNode value) {
        if (value != null) {
            run.set(name, value);
        }
    }

    private static ObjectNode result(StepHistory history, SummaryHistory summaries, boolean complete) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("complete", complete);
        node.put("steps", history.stepsDone()).put("epochs", history.epochsDone());
        for (String name : new String[] {"test_accuracy", "test_loss", "train_accuracy", "train_loss", "no_solution"}) {
            node.set(name, Numbers.rounded(history.last(name)));
        }
        node.set("best_test_accuracy", Numbers.rounded(history.bestTestAccuracy()));
        node.put("summaries", summaries.count());
        node.set("seconds", Numbers.rounded(history.totalSeconds()));
        return node;
    }

    /** Keys by full name, sorted, values as text; keys without a value are left out. */
    private static JsonNode configuration(JsonNode tree) {
        Map<String, String> keys = new TreeMap<>();
        collect("", tree, keys);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        keys.forEach(node::put);
        return node;
    }

    private static void collect(String prefix, JsonNode node, Map<String, String> keys) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode value = entry.getValue();
            if (value.isObject()) {
                collect(prefix + entry.getKey() + ".", value, keys);
            } else if (!value.isNull()) {
                keys.put(prefix + entry.getKey(), value.isTextual() ? value.asText() : value.toString());
            }
        }
    }
}

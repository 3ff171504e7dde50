package io.etastar.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.settings.JobSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys of a run's configuration and their values, for comparison. */
record RunConfiguration(Map<String, JsonNode> keys) {
    private static final String PARTITIONS = "data.partitions";
    /** What is shown of a run changes nothing of its results. */
    private static final String SHOWN = "report.";

    static RunConfiguration parse(String json) throws JsonProcessingException {
        Map<String, JsonNode> keys = new TreeMap<>();
        collect("", new ObjectMapper().readTree(json), keys);
        return new RunConfiguration(keys);
    }

    private static void collect(String prefix, JsonNode node, Map<String, JsonNode> keys) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject()) {
                collect(prefix + entry.getKey() + ".", entry.getValue(), keys);
            } else {
                keys.put(JobSettings.schema().present(prefix + entry.getKey()), entry.getValue());
            }
        }
    }

    /**
     * Compares this configuration, that of the run, with the one to go on with.
     *
     * @param file of this configuration, for messages
     * @return the run's data.partitions if they differ and may do so, else null
     * @throws UserError naming the first other key that differs
     */
    String compare(String file, RunConfiguration now, boolean otherPartitions) {
        String partitions = null;
        TreeSet<String> all = new TreeSet<>(keys.keySet());
        all.addAll(now.keys.keySet());
        for (String key : all) {
            JsonNode then = keys.get(key);
            JsonNode here = now.keys.get(key);
            if (then != null && then.equals(here) || key.startsWith(SHOWN)) {
                continue;
            }
            if (!key.equals(PARTITIONS) || !otherPartitions) {
                throw differs(file, key, then, here);
            }
            partitions = text(then);
        }
        return partitions;
    }

    private static UserError differs(String file, String key, JsonNode then, JsonNode here) {
        String hint = key.equals(PARTITIONS)
                ? "; --allow-other-partitions goes on with these, at the price of a result that is not bit-equal"
                : "";
        return new UserError(
                UserError.Subject.key(file, key),
                text(then) + " in the run to resume",
                text(here) + " as in the configuration now" + hint);
    }

    private static String text(JsonNode value) {
        return value == null ? "nothing" : value.toString();
    }
}

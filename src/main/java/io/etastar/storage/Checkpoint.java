package io.etastar.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.tensor.RawArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * Where a run stands after a step. Arrays are shared with the caller.
 *
 * @param step number of steps done
 * @param theta parameters [P]
 * @param optimizerState the optimizer's own arrays by name
 * @param counters whole numbers of the run by name
 * @param metadata texts of the run by name
 */
public record Checkpoint(
        long step,
        double[] theta,
        Map<String, double[]> optimizerState,
        Map<String, Long> counters,
        Map<String, String> metadata) {
    private static final String THETA = "theta";
    private static final String STATE = "optimizer/";

    ArrayFile toFile() {
        ObjectNode header =
                Json.MAPPER.createObjectNode().put("kind", "checkpoint").put("step", step);
        ObjectNode numbers = header.putObject("counters");
        counters.forEach(numbers::put);
        ObjectNode texts = header.putObject("metadata");
        metadata.forEach(texts::put);
        Map<String, RawArray> arrays = new LinkedHashMap<>();
        arrays.put(THETA, RawArray.of(theta));
        new TreeMap<>(optimizerState).forEach((name, values) -> arrays.put(STATE + name, RawArray.of(values)));
        return new ArrayFile(header, arrays);
    }

    static Checkpoint of(Path path, ArrayFile file) {
        JsonNode header = file.metadata();
        RawArray theta = file.arrays().get(THETA);
        boolean valid = header.path("kind").asText().equals("checkpoint")
                && header.path("step").canConvertToLong()
                && file.arrays().values().stream().allMatch(array -> array.doubles() != null);
        if (theta == null || !valid) {
            throw new CorruptFileException(path, "an array file, but not of a checkpoint");
        }
        Map<String, double[]> state = new TreeMap<>();
        file.arrays().forEach((name, array) -> {
            if (name.startsWith(STATE)) {
                state.put(name.substring(STATE.length()), array.doubles());
            }
        });
        Map<String, Long> counters = new TreeMap<>();
        header.path("counters")
                .properties()
                .forEach(entry -> counters.put(entry.getKey(), entry.getValue().longValue()));
        Map<String, String> metadata = new TreeMap<>();
        header.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().textValue()));
        return new Checkpoint(header.path("step").longValue(), theta.doubles(), state, counters, metadata);
    }
}

package io.etastar.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.graph.ModelDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arrays of a model that are no parameters, as its keys say.
 *
 * @param names by key, frozen or trainable: names with * for any letters; without keys that are not given
 */
public record Fixed(Map<String, List<String>> names) {
    private static final String FROZEN = "frozen";
    private static final String TRAINABLE = "trainable";

    /** What a description of a job says. */
    public static Fixed of(ModelDescription model) {
        Map<String, List<String>> names = new TreeMap<>();
        try {
            JsonNode keys = new ObjectMapper().readTree(model.json());
            for (String key : List.of(FROZEN, TRAINABLE)) {
                List<String> found = new ArrayList<>();
                (keys.path(key).isTextual() ? List.of(keys.path(key)) : keys.path(key))
                        .forEach(name -> found.add(name.asText()));
                if (!found.isEmpty()) {
                    names.put(key, found);
                }
            }
        } catch (JsonProcessingException exception) {
            throw new IllegalStateException("a description that was read before", exception);
        }
        return new Fixed(names);
    }

    /** A finding for each key. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        List<String> frozen = names.getOrDefault(FROZEN, List.of());
        if (!frozen.isEmpty()) {
            String sentence =
                    String.join(", ", frozen) + (frozen.size() > 1 ? " stand" : " stands") + " still: in model.frozen.";
            findings.add(new Finding(Finding.Kind.STANDS_STILL, frozen, sentence));
        }
        List<String> trainable = names.getOrDefault(TRAINABLE, List.of());
        if (!trainable.isEmpty()) {
            String sentence = "All but " + String.join(", ", trainable) + " stands still: not in model.trainable.";
            findings.add(new Finding(Finding.Kind.STANDS_STILL, List.of(), sentence));
        }
        return findings;
    }
}

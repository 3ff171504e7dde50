package io.etastar.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.graph.ModelDescription;

/**
 * What a model takes, read from its description.
 *
 * @param kind perceptron, lenet, ...
 * @param loss nll, mse, bce or none
 * @param inputs elements of a sample's features; 0 where the model takes no data
 * @param targets elements of a sample's target; 0 where the model takes no data
 * @param classes number of classes, 0 where targets are not class indices
 */
record ModelShape(String kind, String loss, int inputs, int targets, int classes) {
    static ModelShape of(ModelDescription description) {
        try {
            JsonNode keys = new ObjectMapper().readTree(description.json());
            String loss = keys.path("loss").asText();
            boolean withData = !loss.equals("none");
            int inputs = withData ? product(keys.path("input")) : 0;
            boolean classes = loss.equals("nll");
            int targets = !withData ? 0 : classes ? 1 : keys.has("target") ? product(keys.path("target")) : inputs;
            return new ModelShape(
                    keys.path("model").asText(),
                    loss,
                    inputs,
                    targets,
                    classes ? keys.path("classes").asInt() : 0);
        } catch (JsonProcessingException exception) {
            throw new IllegalArgumentException(exception);
        }
    }

    private static int product(JsonNode shape) {
        int product = 1;
        for (JsonNode side : shape) {
            product = Math.multiplyExact(product, side.asInt());
        }
        return product;
    }
}

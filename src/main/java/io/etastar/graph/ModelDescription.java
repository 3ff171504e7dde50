package io.etastar.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.tensor.DType;
import java.io.Serializable;

/**
 * The recipe of a zoo model: what travels to executors and is written into model files, in place of the graph itself.
 *
 * @param json canonical JSON of the model's keys ({@code model}, {@code layers}, {@code activation}, {@code loss}, ...)
 */
public record ModelDescription(String json) implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Builds the graph in single precision. */
    public Model build() {
        return build(DType.FLOAT);
    }

    /**
     * Builds the graph.
     *
     * @param type of the graph's own arrays; the engine picks its precision by itself
     * @throws UserError where a key is absent or wrong
     */
    public Model build(DType type) {
        return Zoo.build(keys(), type);
    }

    private Keys keys() {
        try {
            return new Keys(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new UserError("model: found no JSON, expected an object of model keys", e);
        }
    }

    /**
     * Initial parameters [P]: weights N(0, sigma_w^2 / fan_in), biases 0; all N(0, 1) for rosenbrock.
     *
     * @param seed the same seed gives the same bytes
     */
    public double[] initialParameters(long seed) {
        Keys keys = keys();
        boolean network = !"rosenbrock".equals(keys.text("model", Zoo.names()));
        double sigma = keys.number("sigma_w", 1);
        if (!(sigma > 0)) {
            throw keys.wrong("sigma_w", sigma, "a positive number");
        }
        return network
                ? Initialisation.scaledNormal(build().layout(), sigma, seed)
                : Initialisation.normal(build().layout(), seed);
    }
}

package io.etastar.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.Serializable;

/**
 * The recipe of a model: what travels to executors and is written into model files, in place of the graph itself.
 *
 * @param json canonical JSON of the model's keys ({@code model}, {@code layers}, {@code activation}, {@code loss}, ...); once
 *     it was read, the graph of a file is in it, without the values of its parameters
 * @param initial parameters to start from [P], shared; null if they are drawn
 */
public record ModelDescription(String json, RawArray initial) implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORT = 200;

    /** A recipe whose initial parameters are drawn. */
    public ModelDescription(String json) {
        this(json, null);
    }

    /**
     * This recipe with the graph of its file read into it; itself if it has no file, or has read it already.
     *
     * @throws UserError if the file is missing, too large or no graph, or lacks what the keys name
     */
    public ModelDescription loaded() {
        Keys keys = keys();
        return keys.has("file") && !keys.has("graph") ? GraphFile.read(keys) : this;
    }

    /** This recipe without initial parameters: all that an engine needs. */
    public ModelDescription recipe() {
        return initial == null ? this : new ModelDescription(json);
    }

    /** The recipe in one short line, for messages. */
    public String shortJson() {
        return json.length() <= SHORT ? json : json.substring(0, SHORT - 3) + "...";
    }

    /** Builds the graph in single precision. */
    public Model build() {
        return build(DType.FLOAT);
    }

    /**
     * Builds the graph.
     *
     * @param type of the graph's own arrays; the engine picks its precision by itself
     * @throws UserError if a key is absent or wrong
     */
    public Model build(DType type) {
        return Zoo.build(loaded().keys(), new GraphBuilder(type));
    }

    private Keys keys() {
        try {
            return new Keys(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new UserError(UserError.Subject.of("model"), "no JSON", "an object of model keys", e);
        }
    }

    /**
     * Initial parameters [P]: weights N(0, sigma_w^2 / fan_in), biases 0, weights of normalisations 1; all N(0, 1) for
     * rosenbrock, all N(0, sigma_w^2 / (fan_in + 1)) for image_generator; what the file says for a graph of a file.
     *
     * @param seed the same seed gives the same bytes
     */
    public double[] initialParameters(long seed) {
        ModelDescription read = loaded();
        if (read.initial != null) {
            return read.initial.toDoubles();
        }
        Keys keys = read.keys();
        double sigma = keys.number("sigma_w", 1);
        if (!(sigma > 0)) {
            throw keys.wrong("sigma_w", sigma, "a positive number");
        }
        GraphBuilder builder = new GraphBuilder(DType.FLOAT);
        return builder.initialisation().draw(Zoo.build(keys, builder).layout(), sigma, seed);
    }
}

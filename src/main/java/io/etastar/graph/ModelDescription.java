package io.etastar.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The recipe of a model: what travels to executors and is written into model files, in place of the graph itself.
 *
 * @param json canonical JSON of the model's keys ({@code model}, {@code layers}, {@code activation}, {@code loss}, ...); once
 *     it was read, the graph of a file is in it, without the values of its parameters
 * @param initial parameters to start from [P], shared; null if they are drawn
 * @param constants values of the graph's long constants, which {@code json} names with their digest; null if it has none
 */
public record ModelDescription(String json, RawArray initial, ConstantValues constants) implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORT = 200;
    private static final String STATISTICS = "statistics";

    /** A recipe whose initial parameters are drawn. */
    public ModelDescription(String json) {
        this(json, null, null);
    }

    /** The recipe of a stored model; its parameters are left. */
    public static ModelDescription of(StoredModel stored) {
        return new ModelDescription(stored.description(), null, ConstantValues.of(stored.constants()));
    }

    /** This recipe with parameters to start from [P], shared. */
    public ModelDescription startingFrom(RawArray parameters) {
        return new ModelDescription(json, parameters, constants);
    }

    /** This recipe with the same constants in another place. */
    public ModelDescription with(ConstantValues place) {
        return new ModelDescription(json, initial, place);
    }

    /**
     * This recipe with the graph of its file read into it; itself if it has no file, or has read it already.
     *
     * @throws UserError if the file is missing, too large or no graph, or lacks what the keys name
     */
    public ModelDescription loaded() {
        Keys keys = keys();
        boolean elsewhere = keys.has("file") || keys.has("content");
        return elsewhere && !keys.has("graph") ? GraphFile.read(keys) : this;
    }

    /** Whether parameters lie as in the file that the graph came from, in whatever layout its author had; not as the zoo's do. */
    public boolean hasLayoutsOfFile() {
        return tree().path("layouts").asText().equals("file");
    }

    /** This recipe without initial parameters: all that an engine needs. */
    public ModelDescription recipe() {
        return initial == null ? this : startingFrom(null);
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
        ModelDescription read = loaded();
        Model model = Zoo.build(read.keys(), new GraphBuilder(type));
        return Rewiring.withStatistics(model.with(read.beside()), statistics());
    }

    /** Values of the graph's long constants, shared; null if it has none. */
    public RawArray constantValues() {
        return constants == null ? null : constants.get();
    }

    private GraphConstants beside() {
        return GraphFile.constants(keys(), constantValues());
    }

    /** Means over rows that the graph takes from here, not from the rows of a batch; none unless they were stored. */
    public List<Statistic> statistics() {
        List<Statistic> found = new ArrayList<>();
        tree().path(STATISTICS)
                .fields()
                .forEachRemaining(field -> found.add(statistic(field.getKey(), field.getValue())));
        return found;
    }

    private static Statistic statistic(String name, JsonNode json) {
        try {
            return new Statistic(
                    name,
                    JSON.convertValue(json.path("shape"), int[].class),
                    JSON.convertValue(json.path("values"), double[].class));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new UserError(
                    UserError.Subject.of("model.statistics." + name),
                    "no such numbers",
                    "shape and values of that shape",
                    e);
        }
    }

    /** This recipe with these means over rows alone: none for training. */
    public ModelDescription withStatistics(List<Statistic> statistics) {
        ObjectNode json = tree();
        if (statistics.isEmpty() && !json.has(STATISTICS)) {
            return this;
        }
        json.remove(STATISTICS);
        for (Statistic statistic : statistics) {
            ObjectNode stored = json.withObject("/" + STATISTICS).putObject(statistic.name());
            stored.set("shape", JSON.valueToTree(statistic.shape()));
            stored.set("values", JSON.valueToTree(statistic.values()));
        }
        return new ModelDescription(json.toString(), initial, constants);
    }

    /**
     * This recipe of a perceptron with one more parameter for each element of its inputs, {@code columns.i.scale} for those of column i. At
     * 1 the network is what it was, at 0 the element is at its centre.
     *
     * @param widths elements of each column, in the order of the inputs, those of an embedding in place of its index
     * @param centres of all elements
     * @throws UserError if this is no perceptron
     */
    public ModelDescription withColumnScales(int[] widths, double... centres) {
        ObjectNode json = tree();
        if (!json.path("model").asText().equals("perceptron")) {
            throw new UserError(
                    UserError.Subject.of("model.model"), json.path("model").asText(), "perceptron");
        }
        json.set("column_widths", JSON.valueToTree(widths));
        json.set("column_centres", JSON.valueToTree(centres));
        return new ModelDescription(json.toString());
    }

    private Keys keys() {
        return new Keys(tree());
    }

    private ObjectNode tree() {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new UserError(UserError.Subject.of("model"), "no JSON", "an object of model keys", e);
        }
    }

    /**
     * Initial parameters [P]: weights N(0, sigma_w^2 / fan_in), biases N(0, sigma_b^2), both N(0, 1) with parameterisation
     * ntk, weights of normalisations 1; all N(0, 1) for
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

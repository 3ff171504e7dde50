package io.etastar.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.graph.ModelDescription;
import io.etastar.settings.Configuration;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rows that a model takes, read from its description.
 *
 * @param kind perceptron, lenet, ...
 * @param loss nll, mse, bce or none
 * @param input shape of a sample's features; empty if the model takes no data
 * @param targets elements of a sample's target; 0 if the model takes no data
 * @param outputs elements of a sample's output, if targets are not class indices of one element
 * @param classes number of classes, 0 if targets are not class indices
 * @param takesTokens whether features are indices of tokens
 */
public record ModelShape(
        String kind, String loss, List<Integer> input, int targets, int outputs, int classes, boolean takesTokens)
        implements Serializable {
    private static final Set<String> IMAGES = Set.of("lenet", "vgg", "resnet18", "image_generator");
    private static final List<String> GRAPH_KEYS =
            List.of("model", "classes", "input_name", "label_name", "output_name", "loss_name");

    /** The shape that a description gives. */
    public static ModelShape of(ModelDescription description) {
        try {
            JsonNode keys = new ObjectMapper().readTree(description.json());
            String loss = keys.path("loss").asText();
            boolean withData = !loss.equals("none");
            List<Integer> input = withData ? shape(keys.path("input")) : List.of();
            boolean classes =
                    loss.equals("nll") || keys.path("model").asText().equals("samediff") && keys.has("classes");
            int targets =
                    !withData ? 0 : classes ? 1 : product(keys.has("target") ? shape(keys.path("target")) : input);
            return new ModelShape(
                    keys.path("model").asText(),
                    loss,
                    input,
                    targets,
                    keys.path("outputs").asInt(targets),
                    classes ? keys.path("classes").asInt() : 0,
                    keys.path("model").asText().equals("transformer") && input.size() == 1
                            || keys.path("tokens").asBoolean());
        } catch (JsonProcessingException exception) {
            throw new IllegalArgumentException(exception);
        }
    }

    /**
     * Whether two descriptions take and give the same; of graphs from files, whether they go by the same names, since the
     * file need not be there any more.
     */
    public static boolean agree(ModelDescription given, ModelDescription stored) {
        try {
            JsonNode left = new ObjectMapper().readTree(given.json());
            JsonNode right = new ObjectMapper().readTree(stored.json());
            if (left.path("model").asText().equals("samediff")) {
                return GRAPH_KEYS.stream().allMatch(key -> left.path(key).equals(right.path(key)));
            }
            return of(given).equals(of(stored));
        } catch (JsonProcessingException exception) {
            throw new IllegalArgumentException(exception);
        }
    }

    /**
     * The description with its graph, if that is in a file: read, and compiled once to check that the engine can. Other
     * descriptions are returned as they are.
     *
     * @throws io.etastar.UserError if the file is missing, holds no graph, or one that the engine cannot compile
     */
    public static ModelDescription loaded(ModelDescription description) {
        ModelDescription model = description.loaded();
        if (model.initial() != null) {
            Program.compile(model.build(), DType.DOUBLE, 2, null).close();
        }
        return model;
    }

    /** The same of a job's model: once for the job. */
    public static ModelDescription loaded(Configuration job) {
        return job.model(ModelShape::loaded);
    }

    /** Elements of a sample's features; 0 if the model takes no data. */
    public int inputs() {
        return input.isEmpty() ? 0 : product(input);
    }

    /** Whether it takes images [C, H, W] and nothing else. */
    public boolean takesImages() {
        return IMAGES.contains(kind);
    }

    private static List<Integer> shape(JsonNode node) {
        List<Integer> shape = new ArrayList<>();
        node.forEach(side -> shape.add(side.asInt()));
        return shape;
    }

    private static int product(List<Integer> shape) {
        return shape.stream().reduce(1, Math::multiplyExact);
    }
}

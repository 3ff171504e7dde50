package io.etastar.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import io.etastar.partition.ParameterLayout;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The content of model.json, written and read key by key. */
record ModelJson(String file, JsonNode tree) {
    private static final int FORMAT = 1;

    static ObjectNode toJson(StoredModel model, String checksum) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("format", FORMAT)
                .put("dtype", model.theta().type().key())
                .put("classes", model.classes())
                .put("sha256", checksum);
        json.set("model", description(model.description()));
        ArrayNode parameters = json.putArray("parameters");
        for (int i = 0; i < model.layout().count(); i++) {
            ObjectNode tensor =
                    parameters.addObject().put("name", model.layout().name(i));
            for (int side : model.layout().shape(i)) {
                tensor.withArray("shape").add(side);
            }
            tensor.withArray("shape");
        }
        if (model.mean() != null) {
            ObjectNode node = json.putObject("standardisation");
            node.set("mean", Json.MAPPER.valueToTree(model.mean()));
            node.set("deviation", Json.MAPPER.valueToTree(model.deviation()));
        }
        if (!model.classValues().areIndices()) {
            json.set("classNames", Json.MAPPER.valueToTree(model.classValues().names()));
            json.put("classKind", model.classValues().kind().name().toLowerCase(Locale.ROOT));
        }
        if (model.table() != null) {
            json.set("table", Json.MAPPER.valueToTree(model.table()));
        }
        return json;
    }

    private static JsonNode description(String text) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("model description is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    DType type() {
        if (tree.path("format").asInt(-1) != FORMAT) {
            throw wrong("format", tree.path("format"), String.valueOf(FORMAT));
        }
        return type(tree);
    }

    private DType type(JsonNode of) {
        String dtype = of.path("dtype").asText();
        if (!dtype.equals("float") && !dtype.equals("double")) {
            throw wrong("dtype", of.path("dtype"), "float or double");
        }
        return DType.of(dtype);
    }

    /**
     * Constants of the model's graph whose values are in a file of their own.
     *
     * @param layout names, shapes and order
     * @param type of the values
     * @param checksum their SHA-256
     */
    record Constants(ParameterLayout layout, DType type, String checksum) {}

    /** Null if there are none. */
    @Nullable
    Constants constants() {
        JsonNode named = tree.path("model").path("constants");
        if (named.isMissingNode()) {
            return null;
        }
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        named.path("names").forEach(name -> names.add(name.asText()));
        named.path("shapes").forEach(shape -> shapes.add(shape(shape)));
        return new Constants(
                layout("model.constants", names, shapes),
                type(named),
                named.path("sha256").asText());
    }

    private ParameterLayout layout(String key, List<String> names, List<int[]> shapes) {
        try {
            return new ParameterLayout(names, shapes);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UserError(file + ": " + key + ": " + FileAccess.firstLine(e), e);
        }
    }

    String checksum() {
        return tree.path("sha256").asText();
    }

    ParameterLayout layout() {
        List<String> names = new ArrayList<>();
        List<int[]> shapes = new ArrayList<>();
        for (JsonNode tensor : tree.path("parameters")) {
            if (!tensor.path("name").isTextual()) {
                throw wrong("parameters", tensor, "an object with name and shape");
            }
            names.add(tensor.path("name").textValue());
            shapes.add(shape(tensor.path("shape")));
        }
        return layout("parameters", names, shapes);
    }

    private int[] shape(JsonNode node) {
        int[] shape = new int[node.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = node.path(i).isInt() ? node.path(i).intValue() : 0;
            if (shape[i] < 1) {
                throw wrong("shape", node, "positive whole numbers");
            }
        }
        if (!node.isArray()) {
            throw wrong("shape", node, "a list");
        }
        return shape;
    }

    StoredModel model(ParameterLayout layout, RawArray theta) {
        JsonNode model = tree.path("model");
        JsonNode classes = tree.path("classes");
        if (!model.isObject()) {
            throw wrong("model", model, "an object");
        }
        if (!classes.isInt() || classes.intValue() < 0) {
            throw wrong("classes", classes, "a number of classes, or 0");
        }
        String description = new String(Json.compact(model), java.nio.charset.StandardCharsets.UTF_8);
        if (!tree.has("standardisation")) {
            return new StoredModel(description, layout, theta, null, null, classes.intValue(), table())
                    .with(values(classes.intValue()));
        }
        double[] mean = doubles("mean");
        double[] deviation = doubles("deviation");
        if (mean.length != deviation.length) {
            throw wrong("standardisation", tree.path("standardisation"), "as many deviations as means");
        }
        return new StoredModel(description, layout, theta, mean, deviation, classes.intValue(), table())
                .with(values(classes.intValue()));
    }

    private ClassValues values(int classes) {
        JsonNode names = tree.path("classNames");
        if (names.isMissingNode()) {
            return ClassValues.INDICES;
        }
        List<String> values = new ArrayList<>();
        names.forEach(name -> values.add(name.asText()));
        if (!names.isArray() || values.size() != classes) {
            throw wrong("classNames", names, "a list of " + classes + " names");
        }
        String kind = tree.path("classKind").asText();
        for (ClassValues.Kind each : ClassValues.Kind.values()) {
            if (each != ClassValues.Kind.INDEX
                    && each.name().toLowerCase(Locale.ROOT).equals(kind)) {
                return new ClassValues(each, values);
            }
        }
        throw wrong("classKind", tree.path("classKind"), "text, boolean or number");
    }

    private @Nullable TableEncoding table() {
        if (!tree.has("table")) {
            return null;
        }
        try {
            return Json.MAPPER.treeToValue(tree.path("table"), TableEncoding.class);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new UserError(file + ": table: " + FileAccess.firstLine(e), e);
        }
    }

    private double[] doubles(String key) {
        JsonNode node = tree.path("standardisation").path(key);
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.path(i).isNumber() ? node.path(i).doubleValue() : Double.NaN;
            if (!Double.isFinite(values[i])) {
                throw wrong(key, node, "finite numbers");
            }
        }
        return values;
    }

    private UserError wrong(String key, JsonNode found, String expected) {
        String text = found.isMissingNode() ? "nothing" : found.toString();
        return new UserError(
                UserError.Subject.of(file + ": " + key), text.substring(0, Math.min(80, text.length())), expected);
    }
}

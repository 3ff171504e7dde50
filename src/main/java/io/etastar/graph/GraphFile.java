package io.etastar.graph;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.etastar.UserError;
import io.etastar.graph.onnx.OnnxNetwork;
import io.etastar.graph.onnx.OnnxReader;
import io.etastar.partition.ParameterLayout;
import io.etastar.storage.ArrayDigest;
import io.etastar.storage.FileAccess;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Models whose graph a user saved with SameDiff.
 *
 * <p>A description that was read holds the graph with its parameters and long constants turned into placeholders, so that it stays
 * small whatever their number, their names in order, the digest of the constants, and the shapes of a sample's features and targets.
 */
final class GraphFile {
    /** Bytes of a graph without its parameters and long constants. */
    static final int MOST_BYTES = 10 << 20;

    /** Elements of a constant that stays in the graph. */
    static final int SHORT_CONSTANT = 256;

    private static final long LARGEST_FILE = 1L << 30;
    private static final String[] NAMES = {"input_name", "label_name", "output_name", "loss_name"};

    private final String file;
    private final SameDiff graph;
    private final List<String> order;

    /** @param order of the parameters; those that it does not name come last, as their computation meets them */
    private GraphFile(String file, SameDiff graph, List<String> order) {
        this.file = file;
        this.graph = graph;
        this.order = order;
    }

    /** The description with what its file holds. */
    static ModelDescription read(Keys keys) {
        if (keys.text("model", "samediff", "onnx").equals("onnx")) {
            return onnx(keys);
        }
        String name = FileAccess.display(FileAccess.path(keys.name("file")));
        byte[] bytes = bytes(name, FileAccess.path(keys.name("file")));
        return whole(name, () -> new GraphFile(name, parse(name, bytes), List.of()).describe(keys));
    }

    /** An ONNX file as the graph of SameDiff that it becomes. */
    private static ModelDescription onnx(Keys keys) {
        OnnxNetwork.Options options = new OnnxNetwork.Options(
                keys.text("loss", "nll", "mse", "bce"),
                keys.has("input")
                        ? Arrays.stream(keys.sides("input", 0)).asLongStream().toArray()
                        : null,
                keys.has("output_name") ? keys.name("output_name") : null,
                (int) keys.number("class_axis", -1),
                keys.has("batch_norm") ? keys.truth("batch_norm", false) : null,
                keys.has("trainable") ? keys.names("trainable") : null,
                keys.has("frozen") ? keys.names("frozen") : List.of());
        boolean inside = keys.has("content");
        Path path = inside ? null : FileAccess.path(keys.name("file"));
        String name = inside ? "content" : FileAccess.display(path);
        byte[] bytes = inside ? decoded(keys.name("content")) : bytes(name, path);
        OnnxNetwork network =
                OnnxReader.read(name, bytes, options, beside -> bytes(beside, neighbour(name, path, beside)));
        Map<String, Object> named = new LinkedHashMap<>(keys.all());
        for (String key : List.of("content", "input", "class_axis", "batch_norm", "trainable", "frozen")) {
            named.remove(key);
        }
        named.put("model", "samediff");
        named.put("input_name", network.input());
        named.put("label_name", network.label());
        named.put("output_name", network.output());
        named.put("loss_name", network.loss());
        named.put("layouts", "file");
        if (network.tokens()) {
            named.put("tokens", true);
        }
        if (network.classes() > 0) {
            named.put("classes", network.classes());
        } else if (options.loss().equals("nll")) {
            // Targets are as many numbers as a row has positions, each the index of a class.
            named.remove("loss");
            named.put("outputs", network.outputs());
        }
        Keys ends = new Keys(new ObjectMapper().valueToTree(named));
        return new GraphFile(name, network.graph(), network.parameters()).describe(ends);
    }

    private static byte[] decoded(String content) {
        try {
            return Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException e) {
            throw new UserError(UserError.Subject.setting("model.content"), "no base64", "an ONNX file in base64", e);
        }
    }

    /** A file in the directory of the model's. */
    private static Path neighbour(String name, Path path, String beside) {
        if (path == null
                || beside.isEmpty()
                || beside.startsWith("/")
                || beside.contains("..")
                || beside.contains(":")) {
            throw new UserError(
                    UserError.Subject.of("model.file: " + name),
                    "arrays in a file '" + beside + "'",
                    path == null ? "all in the one file" : "a file beside the model's");
        }
        return new Path(path.getParent() == null ? new Path(".") : path.getParent(), beside);
    }

    /** What {@code reading} gives; a graph whose parts do not fit each other is a mistake in the file. */
    private static <T> T whole(String name, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UserError mistake) {
            throw mistake;
        } catch (RuntimeException | StackOverflowError e) {
            throw new UserError(
                    UserError.Subject.of("model.file: " + name),
                    "a graph whose parts do not fit each other (" + FileAccess.firstLine(e) + ")",
                    "a file written by SameDiff's save",
                    e);
        }
    }

    /** The model of a description that was read. */
    static Model model(Keys keys) {
        return whole("model.graph", () -> decode(keys));
    }

    private static Model decode(Keys keys) {
        SameDiff graph = parse("model.graph", Base64.getDecoder().decode(keys.name("graph")));
        List<String> names = keys.has("parameters") ? keys.names("parameters") : List.of();
        List<int[]> shapes = names.stream()
                .map(name -> sides(graph.getVariable(name).getShape(), 0))
                .toList();
        return new Model(
                graph,
                keys.name("input_name"),
                keys.name("label_name"),
                keys.name("output_name"),
                keys.name("loss_name"),
                new ParameterLayout(names, shapes),
                keys.has("classes") ? keys.positive("classes") : 0);
    }

    /**
     * The long constants of a description that was read; none if it has none.
     *
     * @param values as they were read; null if there are none
     * @throws UserError if the description names others
     */
    static GraphConstants constants(Keys keys, RawArray values) {
        if (!keys.has("constants")) {
            return GraphConstants.NONE;
        }
        Keys named = keys.inside("constants");
        List<String> names = named.names("names");
        List<int[]> shapes = named.shapes("shapes");
        ParameterLayout layout = new ParameterLayout(names, shapes);
        if (values == null || values.length() != layout.size()) {
            throw new UserError(
                    UserError.Subject.of("model.constants"),
                    (values == null ? 0 : values.length()) + " values",
                    layout.size() + ", from the file beside the model's description");
        }
        return new GraphConstants(layout, values);
    }

    private static byte[] bytes(String name, Path path) {
        try {
            FileStatus status = FileAccess.status(path);
            if (status == null || status.isDirectory()) {
                throw new UserError(
                        UserError.Subject.of("model.file: " + name), "no such file", "one written by SameDiff's save");
            }
            if (status.getLen() > LARGEST_FILE) {
                throw new UserError(
                        UserError.Subject.of("model.file: " + name),
                        status.getLen() + " bytes",
                        "at most " + LARGEST_FILE);
            }
            try (InputStream in = FileAccess.open(path)) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new UserError("model.file: " + name + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
    }

    private static SameDiff parse(String name, byte... bytes) {
        try {
            GraphBounds.check(bytes);
            return SameDiff.fromFlatBuffers(ByteBuffer.wrap(bytes), false);
        } catch (IOException | RuntimeException e) {
            throw new UserError(
                    UserError.Subject.of("model.file: " + name),
                    "no SameDiff graph",
                    "a file written by SameDiff's save",
                    e);
        }
    }

    private ModelDescription describe(Keys keys) {
        for (String key : NAMES) {
            if (!graph.hasVariable(keys.name(key))) {
                throw new UserError(
                        UserError.Subject.setting("model." + key),
                        "'" + keys.name(key) + "'",
                        "a variable of " + file + ": " + String.join(", ", variables()));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>(keys.all());
        json.put("input", placeholder(keys, "input_name"));
        json.put("target", placeholder(keys, "label_name"));
        List<SDVariable> parameters = parameters(keys);
        List<SDVariable> longConstants = longConstants(keys);
        RawArray initial = RawArray.of(values(parameters));
        RawArray constants = longConstants.isEmpty() ? null : shortest(values(longConstants));
        json.put("parameters", parameters.stream().map(SDVariable::name).toList());
        if (constants != null) {
            json.put("constants", named(longConstants, constants));
        }
        json.put("graph", Base64.getEncoder().encodeToString(withoutValues(parameters, longConstants)));
        try {
            return new ModelDescription(
                    new ObjectMapper().writeValueAsString(new TreeMap<>(json)), initial, ConstantValues.of(constants));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> variables() {
        return graph.variables().stream().map(SDVariable::name).toList();
    }

    /** Shape of a row of a placeholder. */
    private int[] placeholder(Keys keys, String key) {
        SDVariable variable = graph.getVariable(keys.name(key));
        if (variable.getVariableType() != VariableType.PLACEHOLDER) {
            throw new UserError(
                    UserError.Subject.setting("model." + key),
                    "'" + variable.name() + "', a "
                            + variable.getVariableType().name().toLowerCase(Locale.ROOT) + " of " + file,
                    "a placeholder");
        }
        long[] shape = variable.placeholderShape();
        if (shape == null || shape.length == 0 || Arrays.stream(shape).skip(1).anyMatch(side -> side < 1)) {
            throw new UserError(
                    UserError.Subject.setting("model." + key),
                    "'" + variable.name() + "' of shape " + Arrays.toString(shape) + " in " + file,
                    "the first axis to be the samples and no other to be open");
        }
        return sides(shape, 1);
    }

    private static int[] sides(long[] shape, int from) {
        return Arrays.stream(shape).skip(from).mapToInt(Math::toIntExact).toArray();
    }

    /** What a description says of constants whose values are beside it. */
    private static Map<String, Object> named(List<SDVariable> constants, RawArray values) {
        return new TreeMap<>(Map.of(
                "names",
                constants.stream().map(SDVariable::name).toList(),
                "shapes",
                constants.stream()
                        .map(constant -> sides(constant.getArr().shape(), 0))
                        .toList(),
                "dtype",
                values.type().key(),
                "sha256",
                ArrayDigest.sha256(values)));
    }

    /** Constants of real numbers that output or loss depends on, too long to travel in the graph. */
    private List<SDVariable> longConstants(Keys keys) {
        return inputs(keys)
                .filter(variable -> variable.getVariableType() == VariableType.CONSTANT)
                .filter(variable ->
                        variable.dataType().isFPType() && variable.getArr().length() > SHORT_CONSTANT)
                .toList();
    }

    /** The variables that output or loss depends on, in the order in which their computation first meets them. */
    private List<SDVariable> parameters(Keys keys) {
        List<SDVariable> parameters = inputs(keys)
                .filter(variable -> variable.getVariableType() == VariableType.VARIABLE)
                .sorted(Comparator.comparingInt(this::place))
                .toList();
        for (SDVariable parameter : parameters) {
            if (!parameter.dataType().isFPType() || parameter.getArr() == null) {
                throw new UserError(
                        UserError.Subject.of("model.file: " + file + ": variable '" + parameter.name() + "'"),
                        (parameter.getArr() == null ? "no values" : parameter.dataType()),
                        "numbers of floating point");
            }
        }
        if (parameters.isEmpty()) {
            throw new UserError(
                    UserError.Subject.of("model.file: " + file),
                    "no variable that '" + keys.name("loss_name") + "' depends on",
                    "parameters to train");
        }
        return parameters;
    }

    /** What the ops read that output and loss depend on, in the order in which their computation meets it. */
    private Stream<SDVariable> inputs(Keys keys) {
        Model model = new Model(
                graph,
                keys.name("input_name"),
                keys.name("label_name"),
                keys.name("output_name"),
                keys.name("loss_name"),
                new ParameterLayout(List.of(), List.of()),
                0);
        return GraphReader.operations(model).stream()
                .flatMap(op -> op.inputs().stream())
                .distinct()
                .map(graph::getVariable);
    }

    private int place(SDVariable parameter) {
        int place = order.indexOf(parameter.name());
        return place < 0 ? order.size() : place;
    }

    private static double[] values(List<SDVariable> variables) {
        long length = variables.stream()
                .mapToLong(variable -> variable.getArr().length())
                .reduce(0, Math::addExact);
        double[] values = new double[Math.toIntExact(length)];
        int at = 0;
        for (SDVariable variable : variables) {
            double[] own =
                    variable.getArr().castTo(DataType.DOUBLE).dup('c').ravel().toDoubleVector();
            System.arraycopy(own, 0, values, at, own.length);
            at += own.length;
        }
        return values;
    }

    private static void open(SDVariable variable, long... shape) {
        variable.setVariableType(VariableType.PLACEHOLDER);
        variable.setShape(shape);
    }

    /** In single precision if that has them all exactly. */
    private static RawArray shortest(double... values) {
        return Arrays.stream(values).allMatch(value -> value == (float) value)
                ? RawArray.copyOf(DType.FLOAT, values)
                : RawArray.of(values);
    }

    private byte[] withoutValues(List<SDVariable> parameters, List<SDVariable> constants) {
        for (SDVariable variable : parameters) {
            long[] shape = variable.getArr().shape();
            open(variable, shape);
            graph.getVariablesArrays().removeArray(variable.name());
        }
        for (SDVariable variable : constants) {
            long[] shape = variable.getArr().shape();
            open(variable, shape);
            graph.getConstantArrays().removeArray(variable.name());
        }
        ByteBuffer buffer = graph.asFlatBuffers(false);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        if (bytes.length > MOST_BYTES) {
            throw new UserError(
                    UserError.Subject.of("model.file: " + file),
                    "a graph of " + bytes.length + " bytes without its parameters and long constants",
                    "at most " + MOST_BYTES);
        }
        return bytes;
    }
}

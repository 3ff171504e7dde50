package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.FunctionProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads networks from ONNX files: parameters, features, nodes in the file's order. */
public final class OnnxReader {
    private static final int DEFAULTS = 11;
    private static final Logger LOG = LoggerFactory.getLogger(OnnxReader.class);

    private final ModelProto file;
    private final OnnxNetwork.Options options;
    private final Function<String, byte[]> external;
    private final SameDiff graph = SameDiff.create();
    private final Building build;
    private final Map<String, Value> values = new HashMap<>();
    private final List<String> parameters = new ArrayList<>();
    private final List<ValueInfoProto> features = new ArrayList<>();
    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final Map<String, Long> opsets = new HashMap<>();

    private OnnxReader(
            ModelProto file, OnnxNetwork.Options options, Function<String, byte[]> external, FixedBatch batch) {
        this.file = file;
        this.options = options;
        this.external = external;
        // The engine picks its precision by itself; constants in single precision would cost the summaries in double
        // their digits.
        build = new Building(graph, DataType.DOUBLE, options.batchStatistics(), batch);
        for (OperatorSetIdProto opset : file.getOpsetImportList()) {
            opsets.put(opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain(), opset.getVersion());
        }
        for (FunctionProto function : file.getFunctionsList()) {
            functions.put(function.getDomain() + "." + function.getName(), function);
        }
    }

    /**
     * Reads a file.
     *
     * @param name of the file, for errors
     * @param bytes of the file
     * @param external the bytes of a file beside it, by the name that the file gives it
     * @throws UserError if it is no ONNX file, or has what the engine has not
     */
    public static OnnxNetwork read(
            String name, byte[] bytes, OnnxNetwork.Options options, Function<String, byte[]> external) {
        ModelProto file;
        try {
            file = ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UserError(subject(name), "no ONNX model", "a file that an exporter to ONNX wrote", e);
        }
        if (file.getGraph().getNodeCount() == 0) {
            throw new UserError(subject(name), "no ONNX model", "a file that an exporter to ONNX wrote");
        }
        long rows = fixedRows(file);
        try {
            return new OnnxReader(file, options, external, new FixedBatch(rows, false)).network();
        } catch (UserError e) {
            if (rows == 0) {
                throw e;
            }
            FixedBatch batch = new FixedBatch(rows, true);
            OnnxNetwork network = new OnnxReader(file, options, external, batch).network();
            LOG.warn(
                    "model.file: {}: the file has a fixed batch of {}; nodes {} have it as the batch's side, which is read as any number of rows",
                    name,
                    rows,
                    String.join(", ", batch.nodes()));
            return network;
        }
    }

    /** The rows that the file's first input is fixed at; 0 if they are open. */
    private static long fixedRows(ModelProto file) {
        Set<String> arrays = file.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        return file.getGraph().getInputList().stream()
                .filter(info -> !arrays.contains(info.getName()))
                .filter(info -> info.getType().getTensorType().getShape().getDimCount() > 0)
                .findFirst()
                .map(info -> info.getType().getTensorType().getShape().getDim(0).getDimValue())
                .orElse(0L);
    }

    /** The ops that can be read, by their names in ONNX. */
    public static Set<String> ops() {
        return Translations.names();
    }

    private static UserError.Subject subject(String words) {
        return UserError.Subject.of("model.file: " + words);
    }

    private OnnxNetwork network() {
        Map<String, Constant> arrays = arrays();
        String input = features(arrays.keySet());
        new Parameters(options, file.getGraph()).split(arrays).forEach(this::parameter);
        arrays.forEach((name, constant) -> values.putIfAbsent(name, Value.of(OnnxTensors.meant(constant))));
        stateTruths();
        run(file.getGraph().getNodeList(), values, opsets);
        if (parameters.isEmpty()) {
            throw new UserError(subject("initialisers"), "none to train", "parameters among them");
        }
        return new LossHead(build, options, file.getGraph(), values).finish(input, parameters);
    }

    private Map<String, Constant> arrays() {
        if (file.getGraph().getSparseInitializerCount() > 0) {
            throw new UserError(subject("initialisers"), "a sparse array", "dense ones");
        }
        Map<String, Constant> arrays = new LinkedHashMap<>();
        for (TensorProto tensor : file.getGraph().getInitializerList()) {
            arrays.put(tensor.getName(), OnnxTensors.read(tensor, external));
        }
        return arrays;
    }

    private void stateTruths() {
        Stream<String> inputs = features.stream()
                .filter(info -> info.getType().getTensorType().getElemType() == OnnxTensors.TRUTH)
                .map(ValueInfoProto::getName);
        Stream<String> arrays = file.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getDataType() == OnnxTensors.TRUTH)
                .map(TensorProto::getName);
        Stream.concat(inputs, arrays).forEach(name -> build.truths().add(Objects.requireNonNull(values.get(name))));
    }

    /** A parameter: itself, or the transpose of one that it is tied to. */
    private void parameter(String name, Parameters.Tie tie) {
        if (!tie.to().equals(name)) {
            Value other = Objects.requireNonNull(values.get(tie.to()));
            values.put(name, tie.transposed() ? build.transposed(other, 1, 0) : other);
            return;
        }
        String unique = build.free(name);
        Constant constant = tie.constant();
        var array = Nd4j.createFromArray(constant.values())
                .reshape(constant.shape())
                .castTo(build.type());
        SDVariable variable = graph.var(unique, array);
        parameters.add(unique);
        values.put(name, Value.of(variable, false, constant.shape()));
    }

    /** Makes the placeholder; several inputs lie one behind another in its rows. */
    private String features(Set<String> arrays) {
        for (ValueInfoProto info : file.getGraph().getInputList()) {
            // Files may name their arrays here as well.
            if (!arrays.contains(info.getName())) {
                features.add(info);
            }
        }
        if (features.isEmpty()) {
            throw new UserError(subject("inputs"), "none", "features");
        }
        Features rows = new Features(build, options);
        String name = rows.add(features, values);
        build.numberOfRow(rows.numberOfRow());
        return name;
    }

    private void run(List<NodeProto> nodes, Map<String, Value> scope, Map<String, Long> versions) {
        for (NodeProto node : nodes) {
            List<@Nullable Value> inputs = new ArrayList<>();
            for (String name : node.getInputList()) {
                Value value = scope.get(name);
                if (value == null && !name.isEmpty()) {
                    throw new UserError(
                            subject("node '" + node.getName() + "'"),
                            "input '" + name + "'",
                            "a value computed before");
                }
                inputs.add(value);
            }
            List<@Nullable Value> outputs = outputs(node, inputs, scope, versions);
            for (int i = 0; i < node.getOutputCount() && i < outputs.size(); i++) {
                Value output = outputs.get(i);
                if (output != null && !node.getOutput(i).isEmpty()) {
                    scope.put(node.getOutput(i), output);
                }
            }
        }
    }

    private List<@Nullable Value> outputs(
            NodeProto proto, List<@Nullable Value> inputs, Map<String, Value> scope, Map<String, Long> versions) {
        String domain = proto.getDomain().equals("ai.onnx") ? "" : proto.getDomain();
        OnnxNode node = new OnnxNode(proto, inputs, versions.getOrDefault(domain, 1L));
        FunctionProto function = functions.get(proto.getDomain() + "." + proto.getOpType());
        try {
            if (function != null) {
                return call(node, function, inputs);
            }
            if (node.type().equals("If")) {
                return branch(node, scope, versions);
            }
            Translation translation = Translations.of(node.type());
            if (translation == null) {
                throw node.error("no rule for it", "one of " + String.join(", ", Translations.names()));
            }
            List<@Nullable Value> outputs = translation.apply(node, build);
            node.requireAllRead();
            build.truths().follow(node, inputs, outputs);
            return outputs;
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            // What is wrong with a file whose shapes do not fit is often that its batch is fixed.
            boolean fixed = build.batch().isWritten();
            throw node.error(
                    String.valueOf(e.getMessage()),
                    fixed ? build.batch().expected() : "a form of the op that the engine has");
        }
    }

    /** The branch that a condition picks which is known. */
    private List<@Nullable Value> branch(OnnxNode node, Map<String, Value> scope, Map<String, Long> versions) {
        String name = node.constant(0).single() != 0 ? "then_branch" : "else_branch";
        AttributeProto attribute = node.attribute(name);
        if (attribute == null) {
            throw node.error("no " + name, "both branches");
        }
        GraphProto body = attribute.getG();
        Map<String, Value> inner = new HashMap<>(scope);
        for (TensorProto tensor : body.getInitializerList()) {
            inner.put(tensor.getName(), Value.of(OnnxTensors.read(tensor, external)));
        }
        run(body.getNodeList(), inner, versions);
        return results(
                body.getOutputList().stream().map(ValueInfoProto::getName).toList(), inner);
    }

    private static List<@Nullable Value> results(List<String> names, Map<String, Value> scope) {
        List<@Nullable Value> found = new ArrayList<>();
        names.forEach(name -> found.add(scope.get(name)));
        return found;
    }

    /** A function of the file itself, with its attributes in place of the references to them. */
    private List<@Nullable Value> call(OnnxNode node, FunctionProto function, List<@Nullable Value> inputs) {
        Map<String, Value> inner = new HashMap<>();
        for (int i = 0; i < inputs.size() && i < function.getInputCount(); i++) {
            Value input = inputs.get(i);
            if (input != null) {
                inner.put(function.getInput(i), input);
            }
        }
        Map<String, Long> versions = new HashMap<>(opsets);
        for (OperatorSetIdProto opset : function.getOpsetImportList()) {
            versions.put(opset.getDomain().equals("ai.onnx") ? "" : opset.getDomain(), opset.getVersion());
        }
        Map<String, AttributeProto> given = new HashMap<>();
        defaults(node, function).forEach(attribute -> given.put(attribute.getName(), attribute));
        node.proto().getAttributeList().forEach(attribute -> given.put(attribute.getName(), attribute));
        List<NodeProto> body = function.getNodeList().stream()
                .map(inside -> bound(inside, given))
                .toList();
        Set<String> known = new HashSet<>(inner.keySet());
        body.stream().flatMap(inside -> inside.getOutputList().stream()).forEach(known::add);
        // Optional inputs that the call leaves out are left out inside.
        List<NodeProto> present =
                body.stream().map(inside -> without(inside, known)).toList();
        run(present, inner, versions);
        return results(function.getOutputList(), inner);
    }

    /** Attributes of a function with their defaults, a field that is younger than ND4J's description of the format. */
    private static List<AttributeProto> defaults(OnnxNode node, FunctionProto function) {
        List<AttributeProto> found = new ArrayList<>();
        try {
            for (ByteString bytes :
                    function.getUnknownFields().getField(DEFAULTS).getLengthDelimitedList()) {
                found.add(AttributeProto.parseFrom(bytes));
            }
        } catch (InvalidProtocolBufferException e) {
            throw node.error("a function that cannot be read", "attributes with defaults");
        }
        return found;
    }

    private static NodeProto without(NodeProto node, Set<String> known) {
        NodeProto.Builder changed = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            if (!known.contains(node.getInput(i))) {
                changed.setInput(i, "");
            }
        }
        return changed.build();
    }

    /** A node of a function with the attributes of a call, which have their defaults among them; the same inside its branches. */
    private static NodeProto bound(NodeProto inside, Map<String, AttributeProto> given) {
        NodeProto.Builder changed = inside.toBuilder().clearAttribute();
        for (AttributeProto attribute : inside.getAttributeList()) {
            AttributeProto meant =
                    attribute.getRefAttrName().isEmpty() ? attribute : given.get(attribute.getRefAttrName());
            if (meant != null) {
                AttributeProto.Builder copy = meant.toBuilder().setName(attribute.getName());
                if (meant.hasG()) {
                    GraphProto.Builder branch = meant.getG().toBuilder().clearNode();
                    meant.getG().getNodeList().forEach(node -> branch.addNode(bound(node, given)));
                    copy.setG(branch);
                }
                changed.addAttribute(copy);
            }
        }
        return changed.build();
    }
}

package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

/**
 * A node of an ONNX graph with its inputs' values. It keeps account of what is read of it, so that nothing that a file says is passed over:
 * {@link #requireAllRead()}.
 */
final class OnnxNode {
    private final NodeProto proto;
    private final List<@Nullable Value> inputs;
    private final long opset;
    private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final BitSet taken = new BitSet();

    /**
     * @param inputs values in order, null where an optional one is left out
     * @param opset of the node's domain
     */
    OnnxNode(NodeProto proto, List<@Nullable Value> inputs, long opset) {
        this.proto = proto;
        this.inputs = inputs;
        this.opset = opset;
        proto.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
    }

    /** Its op, with the domain in front unless that is ONNX's own. */
    String type() {
        return type(proto);
    }

    static String type(NodeProto proto) {
        String domain = proto.getDomain();
        return domain.isEmpty() || domain.equals("ai.onnx") ? proto.getOpType() : domain + "." + proto.getOpType();
    }

    NodeProto proto() {
        return proto;
    }

    long opset() {
        return opset;
    }

    /** Its name, or that of what it gives. */
    String name() {
        return proto.getName().isEmpty() ? proto.getOutput(0) : proto.getName();
    }

    /** A mistake at this node. */
    UserError error(String found, String expected) {
        return new UserError(
                UserError.Subject.of("model.file: op " + type() + " at node '" + name() + "'"), found, expected);
    }

    boolean has(int i) {
        return i < inputs.size() && inputs.get(i) != null;
    }

    int inputs() {
        return inputs.size();
    }

    /** All inputs. */
    List<Value> in() {
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            all.add(in(i));
        }
        return all;
    }

    Value in(int i) {
        Value value = i < inputs.size() ? inputs.get(i) : null;
        if (value == null) {
            throw error("no input " + i, "one");
        }
        taken.set(i);
        return value;
    }

    /** An input that must be known. */
    Constant constant(int i) {
        Constant constant = in(i).constant();
        if (constant == null) {
            throw error("an input " + i + " that depends on the data or on parameters", "a constant");
        }
        return constant;
    }

    /** The whole numbers of an input that must be known, or of the attribute of that name, which older opsets have; null if neither is there. */
    long @Nullable [] numbers(int i, String attribute) {
        if (has(i)) {
            return constant(i).longs();
        }
        return attributes.containsKey(attribute) ? integers(attribute) : null;
    }

    boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    /** States that attributes do not matter to what is computed here. */
    void passOver(String... names) {
        asked.addAll(Arrays.asList(names));
    }

    /** States that inputs do not matter to what is computed here. */
    void passOverInputs(int... places) {
        Arrays.stream(places).forEach(taken::set);
    }

    /** Refuses a node with an attribute or an input that its translation did not ask for: its meaning would be missed. */
    void requireAllRead() {
        for (String name : attributes.keySet()) {
            if (!asked.contains(name)) {
                throw error("attribute '" + name + "'", "only attributes that the engine has a rule for");
            }
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) != null && !taken.get(i)) {
                throw error("an input " + i, "only inputs that the engine has a rule for");
            }
        }
    }

    private @Nullable AttributeProto asked(String name, AttributeType type) {
        AttributeProto attribute = attribute(name);
        // Files of the first version have no types.
        if (attribute != null && attribute.getTypeValue() != 0 && attribute.getType() != type) {
            throw error("attribute '" + name + "' of type " + attribute.getType(), "type " + type);
        }
        return attribute;
    }

    long integer(String name, long otherwise) {
        AttributeProto attribute = asked(name, AttributeType.INT);
        return attribute == null ? otherwise : attribute.getI();
    }

    /** A whole number that is 0 or 1. */
    boolean flag(String name, boolean otherwise) {
        return integer(name, otherwise ? 1 : 0) != 0;
    }

    /** A whole number that the op must be told. */
    long required(String name) {
        if (!has(name)) {
            throw error("no attribute '" + name + "'", "one");
        }
        return integer(name, 0);
    }

    double real(String name, double otherwise) {
        AttributeProto attribute = asked(name, AttributeType.FLOAT);
        return attribute == null ? otherwise : MeantNumbers.of(attribute.getF());
    }

    String text(String name, String otherwise) {
        AttributeProto attribute = asked(name, AttributeType.STRING);
        return attribute == null ? otherwise : attribute.getS().toStringUtf8();
    }

    /** One of some words; the first if it is absent. */
    String word(String name, String... known) {
        String found = text(name, known[0]);
        if (!List.of(known).contains(found)) {
            throw error(name + " '" + found + "'", "one of " + String.join(", ", known));
        }
        return found;
    }

    /** A list of whole numbers; empty if it is absent. */
    long[] integers(String name) {
        AttributeProto attribute = asked(name, AttributeType.INTS);
        return attribute == null
                ? new long[0]
                : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    @Nullable
    AttributeProto attribute(String name) {
        asked.add(name);
        return attributes.get(name);
    }

    /** An axis from an attribute. */
    int axis(String name, long otherwise, int rank) {
        return Sides.axis(integer(name, otherwise), rank);
    }
}

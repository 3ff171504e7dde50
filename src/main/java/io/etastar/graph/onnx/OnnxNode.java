package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

/** A node of an ONNX graph with its inputs' values. */
final class OnnxNode {
    private final NodeProto proto;
    private final List<@Nullable Value> inputs;
    private final long opset;
    private final Map<String, AttributeProto> attributes = new HashMap<>();

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

    /** A mistake at this node. */
    UserError error(String found, String expected) {
        String name = proto.getName().isEmpty() ? proto.getOutput(0) : proto.getName();
        return new UserError(
                UserError.Subject.of("model.file: op " + type() + " at node '" + name + "'"), found, expected);
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

    /** Refuses attributes whose meaning would be missed. */
    void requireAttributes(Set<String> known) {
        for (String name : attributes.keySet()) {
            if (!known.contains(name)) {
                throw error("attribute '" + name + "'", "only " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    long integer(String name, long otherwise) {
        AttributeProto attribute = attributes.get(name);
        return attribute == null ? otherwise : attribute.getI();
    }

    double real(String name, double otherwise) {
        AttributeProto attribute = attributes.get(name);
        return attribute == null ? otherwise : OnnxTensors.meant(attribute.getF());
    }

    String text(String name, String otherwise) {
        AttributeProto attribute = attributes.get(name);
        return attribute == null ? otherwise : attribute.getS().toStringUtf8();
    }

    /** A list of whole numbers; empty if it is absent. */
    long[] integers(String name) {
        AttributeProto attribute = attributes.get(name);
        return attribute == null
                ? new long[0]
                : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    @Nullable
    AttributeProto attribute(String name) {
        return attributes.get(name);
    }

    /** An axis from an attribute. */
    int axis(String name, long otherwise, int rank) {
        return Sides.axis(integer(name, otherwise), rank);
    }
}

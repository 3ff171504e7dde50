package io.etastar.graph.onnx;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values that are truth, not whole numbers: a cast to the type of another value asks. */
final class Truths {
    private static final Set<String> TRUTH = Set.of(
            "And", "Or", "Xor", "Not", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "IsNaN", "IsInf");
    private static final Set<String> NUMBERS = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Mod",
            "Neg",
            "Abs",
            "Sign",
            "Min",
            "Max",
            "Sum",
            "Pow",
            "Shape",
            "Size",
            "Range",
            "NonZero",
            "CumSum",
            "ReduceSum",
            "ReduceProd");

    private final Set<Value> values = Collections.newSetFromMap(new IdentityHashMap<>());

    /** States that a value of the file is truth. */
    void add(Value value) {
        values.add(value);
    }

    boolean contains(Value value) {
        return values.contains(value);
    }

    /** Follows a node: what only moves elements gives truth if it takes it. */
    void follow(OnnxNode n, List<@Nullable Value> inputs, List<@Nullable Value> outputs) {
        if (isTruth(n, inputs)) {
            outputs.stream().filter(value -> value != null).forEach(values::add);
        }
    }

    private boolean isTruth(OnnxNode n, List<@Nullable Value> inputs) {
        return switch (n.type()) {
            case "Cast" -> n.integer("to", 0) == OnnxTensors.TRUTH;
            case "CastLike" -> isTruth(inputs.get(1));
            case "Where" -> isTruth(inputs.get(1)) || isTruth(inputs.get(2));
            case "Constant", "ConstantOfShape" ->
                n.has("value")
                        && n.proto().getAttributeList().stream()
                                .anyMatch(attribute -> attribute.getT().getDataType() == OnnxTensors.TRUTH);
            default ->
                TRUTH.contains(n.type())
                        || !NUMBERS.contains(n.type()) && inputs.stream().anyMatch(this::isTruth);
        };
    }

    private boolean isTruth(@Nullable Value value) {
        return value != null && values.contains(value);
    }
}

package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** The loss behind a network: one number for each sample, the mean over what the sample's output has behind the batch. */
final class LossHead {
    private final Building build;
    private final OnnxNetwork.Options options;
    private final Map<String, Value> values;
    private final Map<String, NodeProto> makers = new HashMap<>();
    private final List<String> outputs;

    LossHead(Building build, OnnxNetwork.Options options, GraphProto graph, Map<String, Value> values) {
        this.build = build;
        this.options = options;
        this.values = values;
        outputs = graph.getOutputList().stream().map(info -> info.getName()).toList();
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(name -> makers.put(name, node));
        }
    }

    OnnxNetwork finish(String input, List<String> parameters) {
        String name = options.output() == null ? outputs.get(0) : options.output();
        Value output = values.get(name);
        if (output == null || !outputs.contains(name) && options.output() == null) {
            throw new UserError(UserError.Subject.setting("model.output_name"), "'" + name + "'", "one of " + outputs);
        }
        if (output.known() || output.rank() == 0 || output.side(0) != Sides.BATCH) {
            throw new UserError(
                    UserError.Subject.of("model.file: output '" + name + "'"),
                    "shape " + Sides.text(output.shape()),
                    "rows of the batch first");
        }
        SDVariable variable = named(build.real(output), name);
        Value network = Value.of(variable, false, output.shape());
        int classes = 0;
        SDVariable each;
        SDVariable label;
        String labelName = build.free("y");
        if (options.loss().equals("nll")) {
            Value logits = classesLast(before(name, "Softmax", network));
            classes = logits.rank() == 2 ? Math.toIntExact(logits.side(1)) : 0;
            long[] sides = Arrays.copyOf(logits.shape(), logits.rank() - 1);
            label = build.graph().placeHolder(labelName, DataType.INT, open(sides));
            each = build.graph().loss.sparseSoftmaxCrossEntropy(build.real(logits), label);
        } else {
            label = build.graph().placeHolder(labelName, build.type(), open(output.shape()));
            each = options.loss().equals("mse")
                    ? build.graph().math.square(variable.sub(label))
                    : binary(before(name, "Sigmoid", network), label);
        }
        int rank = options.loss().equals("nll") ? output.rank() - 1 : output.rank();
        SDVariable loss = rank > 1 ? each.mean(IntStream.range(1, rank).toArray()) : each;
        String lossName = build.free("loss");
        loss.rename(lossName);
        boolean tokens = !build.graph().getVariable(input).dataType().isFPType();
        long outputs = Arrays.stream(output.shape()).skip(1).reduce(1, Math::multiplyExact);
        return new OnnxNetwork(
                build.graph(),
                input,
                labelName,
                variable.name(),
                lossName,
                classes,
                Math.toIntExact(outputs),
                tokens,
                parameters);
    }

    /** log(1 + exp z) - z y of logits z: log(1 - p) of a saturated sigmoid would lose all digits. */
    private SDVariable binary(Value logits, SDVariable label) {
        SDVariable z = build.real(logits);
        return build.graph().nn.softplus(z).sub(z.mul(label));
    }

    /** The output under a name of its own, which is the file's if that is free. */
    private SDVariable named(SDVariable variable, String name) {
        String free = build.free(name);
        String made = variable.name();
        boolean parameter =
                build.graph().getVariable(made).isConstant() || build.graph().isPlaceHolder(made);
        SDVariable own = parameter ? build.graph().identity(variable) : variable;
        return own.rename(free);
    }

    /** What the op that makes the output reads, if that is the op which the loss has in itself; the output otherwise. */
    private Value before(String name, String type, Value output) {
        NodeProto maker = makers.get(name);
        if (type.equals("Softmax")) {
            requireClassAxis(maker, output.rank());
        }
        Value input = maker != null && maker.getOpType().equals(type) ? values.get(maker.getInput(0)) : null;
        return input == null || input.rank() != output.rank() ? output : input;
    }

    private void requireClassAxis(@Nullable NodeProto maker, int rank) {
        if (maker == null || !maker.getOpType().equals("Softmax")) {
            return;
        }
        int axis = Sides.axis(
                maker.getAttributeList().stream()
                        .filter(attribute -> attribute.getName().equals("axis"))
                        .mapToLong(AttributeProto::getI)
                        .findFirst()
                        .orElse(-1),
                rank);
        if (axis != Sides.axis(options.classAxis(), rank)) {
            throw new UserError(
                    UserError.Subject.setting("model.class_axis"),
                    String.valueOf(options.classAxis()),
                    "the axis of the softmax at the end, " + axis);
        }
    }

    private Value classesLast(Value logits) {
        int axis = Sides.axis(options.classAxis(), logits.rank());
        if (logits.rank() < 2 || axis == 0) {
            throw new UserError(
                    UserError.Subject.setting("model.loss"),
                    "nll with an output of shape " + Sides.text(logits.shape()),
                    "an axis of classes behind the batch");
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < logits.rank(); i++) {
            if (i != axis) {
                order.add(i);
            }
        }
        order.add(axis);
        return build.transposed(
                logits, order.stream().mapToInt(Integer::intValue).toArray());
    }

    private static long[] open(long... shape) {
        long[] sides = shape.clone();
        sides[0] = -1;
        return sides;
    }
}

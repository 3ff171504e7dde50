package io.etastar.graph;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BaseOp;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.summarystats.Variance;

/** Reads the operations that a model's loss and output need, each after those it depends on. */
public final class GraphReader {
    private static final int ALL_AXES = Integer.MAX_VALUE;

    private final Model model;
    private final List<GraphOp> ops = new ArrayList<>();
    private final Set<String> done = new LinkedHashSet<>();
    private final Set<String> open = new LinkedHashSet<>();

    private GraphReader(Model model) {
        this.model = model;
    }

    /**
     * Operations in an order of computation.
     *
     * @throws UserError if a variable is missing
     */
    public static List<GraphOp> operations(Model model) {
        GraphReader reader = new GraphReader(model);
        reader.visit(model.output());
        reader.visit(model.loss());
        return reader.ops;
    }

    /** The value of a constant of the graph or beside it, row-major; null if {@code name} is not a constant. */
    public static double[] constant(Model model, String name) {
        double[] beside = model.constants().values(name);
        if (beside != null) {
            return beside;
        }
        SDVariable variable = model.graph().getVariable(name);
        if (variable == null || variable.getVariableType() != VariableType.CONSTANT) {
            return null;
        }
        INDArray array = variable.getArr();
        return array.dup('c').reshape(array.length()).toDoubleVector();
    }

    /** The shape of a constant of the graph. */
    public static int[] constantShape(Model model, String name) {
        int beside = model.constants().layout().indexOf(name);
        if (beside >= 0) {
            return model.constants().layout().shape(beside);
        }
        long[] shape = model.graph().getVariable(name).getArr().shape();
        int[] sides = new int[shape.length];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = Math.toIntExact(shape[i]);
        }
        return sides;
    }

    /** Whether the graph has a variable of this name. */
    public static boolean has(Model model, String name) {
        return model.graph().hasVariable(name);
    }

    /** The shape that the graph declares for a variable; null if it leaves it open. */
    public static long[] declaredShape(Model model, String name) {
        return model.graph().getVariable(name).getShape();
    }

    /** The shape of a placeholder, open axes as -1; null if the graph has no placeholder of this name with a shape. */
    public static long[] placeholderShape(Model model, String name) {
        SDVariable variable = model.graph().getVariable(name);
        return variable == null ? null : variable.placeholderShape();
    }

    /** Which output of its node a variable is, from 0. */
    public static int outputIndex(Model model, String name) {
        String node = model.graph().getVariables().get(name).getOutputOfOp();
        return model.graph().getOps().get(node).getOutputsOfOp().indexOf(name);
    }

    private void visit(String variable) {
        if (done.contains(variable)) {
            return;
        }
        if (!model.graph().hasVariable(variable)) {
            throw new UserError("model: the graph has no variable '" + variable + "'");
        }
        if (!open.add(variable)) {
            throw new UserError("model: variable '" + variable + "' depends on itself");
        }
        SDVariable node = model.graph().getVariable(variable);
        if (node.getVariableType() == VariableType.ARRAY) {
            SameDiffOp op = model.graph()
                    .getOps()
                    .get(model.graph().getVariables().get(variable).getOutputOfOp());
            if (op == null) {
                throw new UserError("model: variable '" + variable + "' is the output of no operation of the graph");
            }
            op.getInputsToOp().forEach(this::visit);
            ops.add(read(op, variable));
        }
        done.add(variable);
    }

    private static GraphOp read(SameDiffOp node, String output) {
        DifferentialFunction function = node.getOp();
        long[] integers = {};
        double[] scalars = {};
        boolean[] flags = {};
        int[] axes = {};
        boolean keep = false;
        if (function instanceof CustomOp custom) {
            integers = custom.iArgs();
            scalars = custom.tArgs();
            flags = custom.bArgs();
        } else if (function instanceof ScalarOp scalar) {
            scalars = new double[] {scalar.scalar().getDouble(0)};
        } else if (function instanceof BaseReduceOp reduction) {
            axes = axes(reduction);
            keep = reduction.isKeepDims();
            flags = function instanceof Variance variance ? new boolean[] {variance.isBiasCorrected()} : flags;
        } else if (function instanceof BaseOp op && op.extraArgs() != null) {
            scalars = numbers(op.extraArgs());
        }
        return new GraphOp(
                node.getName(),
                function.opName(),
                List.copyOf(node.getInputsToOp()),
                output,
                integers,
                scalars,
                flags,
                axes,
                keep);
    }

    private static double[] numbers(Object... arguments) {
        return Arrays.stream(arguments)
                .filter(Number.class::isInstance)
                .mapToDouble(argument -> ((Number) argument).doubleValue())
                .toArray();
    }

    private static int[] axes(BaseReduceOp reduction) {
        int[] axes = reduction.getDimensions();
        return axes == null || axes.length == 0 || axes[0] == ALL_AXES ? new int[] {} : axes.clone();
    }

    /** Types of the ops that read a variable. */
    public static List<String> readers(Model model, String variable) {
        List<String> readers = model.graph().getVariables().get(variable).getInputsForOp();
        return readers == null
                ? List.of()
                : readers.stream()
                        .map(name -> model.graph().getOps().get(name).getOp().opName())
                        .toList();
    }
}

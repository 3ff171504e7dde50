package io.etastar.interchange;

import io.etastar.UserError;
import io.etastar.data.Standardisation;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.graph.Rewiring;
import io.etastar.partition.ParameterLayout;
import io.etastar.storage.StoredModel;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained model as a graph for inference: trained values in it, features as the data hold them for its input, no dropout.
 *
 * @param model the graph and its names; parameters are variables with values
 * @param theta parameters [P] in the layout's order; shared
 */
record PortableGraph(Model model, RawArray theta) {
    private static final Set<String> DROPOUT = Set.of("dropout", "dropout_inverted");

    /**
     * Builds the graph of a stored model in the precision of its parameters.
     *
     * @throws UserError if the model takes no features, or takes whole numbers that are standardised
     */
    static PortableGraph of(StoredModel stored) {
        Model model = ModelDescription.of(stored).build(stored.theta().type());
        requireNetwork(model);
        PortableGraph portable = new PortableGraph(model, stored.theta());
        portable.setValues(stored.layout(), stored.theta(), VariableType.VARIABLE);
        portable.setValues(model.constants().layout(), model.constants().values(), VariableType.CONSTANT);
        portable.bypassDropout();
        if (stored.mean() != null) {
            portable.standardise(new Standardisation(stored.mean(), stored.deviation()));
        }
        return portable;
    }

    private static void requireNetwork(Model model) {
        List<String> readers = model.graph().getVariables().get(model.input()).getInputsForOp();
        if (readers == null || readers.isEmpty()) {
            throw new UserError(
                    UserError.Subject.of("model"),
                    "a function of its parameters alone",
                    "a network that reads features");
        }
    }

    private void setValues(ParameterLayout layout, RawArray all, VariableType kind) {
        for (int i = 0; i < layout.count(); i++) {
            SDVariable variable = model.graph().getVariable(layout.name(i));
            DataType type = variable.dataType();
            if (variable.getVariableType() == VariableType.PLACEHOLDER) {
                variable.setVariableType(kind);
            }
            model.graph().associateArrayWithVariable(values(layout, all, i).castTo(type), variable);
        }
    }

    private static INDArray values(ParameterLayout layout, RawArray all, int i) {
        double[] values = new double[layout.length(i)];
        for (int j = 0; j < values.length; j++) {
            values[j] = all.get(layout.offset(i) + j);
        }
        return Nd4j.createFromArray(values)
                .reshape(Arrays.stream(layout.shape(i)).asLongStream().toArray());
    }

    /** What reads a dropout's output reads its input instead: SameDiff's op drops whenever it is run. */
    private void bypassDropout() {
        for (SameDiffOp op : List.copyOf(model.graph().getOps().values())) {
            if (DROPOUT.contains(op.getOp().opName())) {
                SDVariable input = model.graph().getVariable(op.getInputsToOp().get(0));
                Rewiring.replace(model.graph(), op.getOutputsOfOp().get(0), input, List.of());
            }
        }
    }

    /** Puts (x - mean) / deviation between the input and all that reads it. */
    private void standardise(Standardisation standardisation) {
        if (standardisation.isIdentity()) {
            return;
        }
        SDVariable x = model.graph().getVariable(model.input());
        if (!x.dataType().isFPType()) {
            throw new UserError(
                    UserError.Subject.of("model"),
                    "whole numbers as features that are standardised",
                    "no standardisation" + " (data.standardise = false)");
        }
        List<String> before = new ArrayList<>(model.graph().getOps().keySet());
        SDVariable standard = standardised(x, standardisation);
        List<String> added = new ArrayList<>(model.graph().getOps().keySet());
        added.removeAll(before);
        Rewiring.replace(model.graph(), model.input(), standard, added);
    }

    private SDVariable standardised(SDVariable x, Standardisation standardisation) {
        int channels = standardisation.mean().length;
        if (channels == 1) {
            return x.sub(standardisation.mean()[0]).div(standardisation.deviation()[0]);
        }
        long[] row = Arrays.stream(x.placeholderShape()).skip(1).toArray();
        long length = Arrays.stream(row).reduce(1, (a, b) -> a * b);
        if (length % channels != 0) {
            throw new UserError(
                    UserError.Subject.of("model"),
                    "mean and deviation of " + channels + " channels",
                    "a divisor of " + length + ", the elements of a row");
        }
        SDVariable rows = model.graph().reshape(x, -1, channels, length / channels);
        SDVariable each = rows.sub(constant("mean", standardisation.mean(), x.dataType()))
                .div(constant("deviation", standardisation.deviation(), x.dataType()));
        long[] open = x.placeholderShape().clone();
        open[0] = -1;
        return model.graph().reshape(each, open);
    }

    private SDVariable constant(String name, double[] values, DataType type) {
        String free = "features." + name;
        while (model.graph().hasVariable(free)) {
            free = "_" + free;
        }
        return model.graph()
                .constant(
                        free,
                        Nd4j.createFromArray(values)
                                .reshape(1, values.length, 1)
                                .castTo(type));
    }
}

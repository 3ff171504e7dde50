package io.etastar.taylor;

import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.rule.MatmulRule;
import io.etastar.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer whose Kronecker factors can be summed: a parameter weight that one op reads, and that alone, on data whose rows lie
 * one behind another on the first axis.
 *
 * <p>If the compiler took a max pooling before the bias, the bias stands after the pooling. Its adjoint is the sum of the
 * bilinear op's over positions all the same, so that the factors are those of the layer as it was written.
 *
 * @param op matrix product or convolution
 * @param layer what is known of it outside
 * @param perSample rows of the left operand that belong to one sample: 1 but for dense layers on sequences
 */
record FactorLayer(Op op, KroneckerFactors.Layer layer, int perSample) {
    /** All layers of a graph, given its row axes, in the order of their ops. */
    static List<FactorLayer> find(ProgramGraph graph, RowAxes axes) {
        List<FactorLayer> layers = new ArrayList<>();
        for (Op op : graph.ops()) {
            Rule.LayerForm form = op.rule().layerForm(op);
            if (op.output().active && form != Rule.LayerForm.NONE) {
                Node weight = op.input(1);
                Node left = op.input(0);
                if (weight.isParameter()
                        && graph.readers().count(weight) == 1
                        && axes.axis(left) == 0
                        && left.shape[0] % graph.batch() == 0) {
                    layers.add(of(graph, op, form == Rule.LayerForm.DENSE));
                }
            }
        }
        return layers;
    }

    private static FactorLayer of(ProgramGraph graph, Op op, boolean dense) {
        int[] weight = op.shape(1);
        boolean inputsFirst = dense && !MatmulRule.transposed(op.source(), 1);
        int outputs = weight[inputsFirst ? 1 : 0];
        int inputs = Shapes.length(weight) / outputs;
        int bias = bias(graph, op, outputs);
        int perSample = op.shape(0)[0] / graph.batch();
        int positions = op.output().length() / outputs / graph.batch();
        int index = graph.model().layout().indexOf(op.input(1).name);
        return new FactorLayer(
                op,
                new KroneckerFactors.Layer(index, bias, inputs + (bias < 0 ? 0 : 1), outputs, positions, inputsFirst),
                perSample);
    }

    /** Index of the bias that is added behind the op, with nothing but max poolings between; -1 if there is none. */
    private static int bias(ProgramGraph graph, Op bilinear, int outputs) {
        ParameterLayout layout = graph.model().layout();
        Node node = bilinear.output();
        for (Op op : graph.ops()) {
            int operand = op.output().active ? List.of(op.inputs()).indexOf(node) : -1;
            if (operand < 0 || graph.readers().count(node) != 1) {
                continue;
            }
            if (op.rule().picksMaxima()) {
                node = op.output();
            } else {
                int[] addend = op.rule().addend(op, 1 - operand);
                return addend != null && isBias(graph, op.input(1 - operand), addend, op.output().shape, outputs)
                        ? layout.indexOf(op.input(1 - operand).name)
                        : -1;
            }
        }
        return -1;
    }

    /** Whether a term of a sum is a parameter of its own, with one number for each output of the layer, repeated everywhere else. */
    private static boolean isBias(ProgramGraph graph, Node term, int[] addend, int[] sum, int outputs) {
        int[] aligned = Shapes.padded(sum.length, addend);
        return term.isParameter()
                && graph.readers().count(term) == 1
                && aligned[1] == outputs
                && Shapes.length(aligned) == outputs
                && sum[1] == outputs;
    }
}

package io.etastar.taylor;

import io.etastar.partition.ParameterLayout;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.tensor.Shapes;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer whose Kronecker factors can be summed: a parameter weight that one op reads, and that alone, on data whose rows lie
 * one behind another on the first axis.
 *
 * <p>Where the compiler took a max pooling before the bias, the bias stands behind the pooling. Its adjoint is the sum of the
 * bilinear op's over positions all the same, so that the factors are those of the layer as it was written.
 *
 * @param op matrix product or convolution
 * @param layer what is known of it outside
 * @param perSample rows of the left operand that belong to one sample: 1 but for dense layers on sequences
 */
record FactorLayer(Op op, KroneckerFactors.Layer layer, int perSample) {
    /** All layers of a graph whose axes of rows are marked, in the order of their ops. */
    static List<FactorLayer> find(ProgramGraph graph) {
        List<FactorLayer> layers = new ArrayList<>();
        for (Op op : graph.ops) {
            boolean dense = op.rule() instanceof MatmulRule;
            if (op.output().active && (dense && isDense(op) || op.rule() instanceof ConvolutionRule)) {
                Node weight = op.input(1);
                Node left = op.input(0);
                if (weight.parameter
                        && weight.consumers == 1
                        && left.rowAxis == 0
                        && left.shape[0] % graph.batch == 0) {
                    layers.add(of(graph, op, dense));
                }
            }
        }
        return layers;
    }

    private static boolean isDense(Op op) {
        return op.shape(0).length == 2 && !MatmulRule.transposed(op.source(), 0);
    }

    private static FactorLayer of(ProgramGraph graph, Op op, boolean dense) {
        int[] weight = op.shape(1);
        boolean inputsFirst = dense && !MatmulRule.transposed(op.source(), 1);
        int outputs = weight[inputsFirst ? 1 : 0];
        int inputs = Shapes.length(weight) / outputs;
        int bias = bias(graph, op, outputs);
        int perSample = op.shape(0)[0] / graph.batch;
        int positions = op.output().length() / outputs / graph.batch;
        int index = graph.model.layout().indexOf(op.input(1).name);
        return new FactorLayer(
                op,
                new KroneckerFactors.Layer(index, bias, inputs + (bias < 0 ? 0 : 1), outputs, positions, inputsFirst),
                perSample);
    }

    /** Index of the bias that is added behind the op, with nothing but max poolings between; -1 where there is none. */
    private static int bias(ProgramGraph graph, Op bilinear, int outputs) {
        ParameterLayout layout = graph.model.layout();
        Node node = bilinear.output();
        for (Op op : graph.ops) {
            int operand = op.output().active ? List.of(op.inputs()).indexOf(node) : -1;
            if (operand < 0 || node.consumers != 1) {
                continue;
            }
            if (op.rule() instanceof MaxPoolRule) {
                node = op.output();
            } else if (op.rule() instanceof AddRule rule && !rule.minus()) {
                Node other = op.input(1 - operand);
                boolean own = other.parameter && other.consumers == 1 && onChannels(op, rule, 1 - operand, outputs);
                return own ? layout.indexOf(other.name) : -1;
            } else {
                return -1;
            }
        }
        return -1;
    }

    /** Whether an operand of a sum holds one number for each output of the layer, and repeats it everywhere else. */
    private static boolean onChannels(Op op, AddRule rule, int operand, int outputs) {
        int[] shape = op.output().shape;
        int[] aligned = Shapes.padded(shape.length, rule.operand(op, operand));
        return aligned[1] == outputs && Shapes.length(aligned) == outputs && shape[1] == outputs;
    }
}

package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.taylor.graph.Stacks;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels.Binary;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/**
 * z = x + y or x - y with broadcasting, and a bias on the channels of images.
 *
 * @param minus whether y is subtracted
 * @param bias whether y is a vector over axis 1 of x if the op's flag says so, else over the last axis
 */
public record AddRule(boolean minus, boolean bias) implements Rule.WithoutCurvature {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        try {
            return Shapes.broadcast(inputs[0], aligned(source, inputs[0], inputs[1]));
        } catch (IllegalArgumentException e) {
            throw Op.error(source, e.getMessage());
        }
    }

    /** The second operand's shape, with ones for the axes after the channels. */
    private int[] aligned(GraphOp source, int[] x, int[] y) {
        boolean channelsFirst = bias && source.flags().length > 0 && source.flags()[0];
        if (!channelsFirst) {
            return y;
        }
        int[] shape = Shapes.padded(x.length, 1);
        shape[1] = y[0];
        return shape;
    }

    /** Shape of input {@code i} for alignment with the output. */
    int[] operand(Op op, int i) {
        return i == 0 ? op.shape(0) : aligned(op.source(), op.shape(0), op.shape(1));
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        Tensor y = emitter.value(op.input(1)).view(operand(op, 1));
        Binary kind = minus ? Binary.SUBTRACT : Binary.ADD;
        emitter.emit(emitter.kernels().binary(kind, emitter.value(op.input(0)), y, emitter.makeValue(op)));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        reverse(op, emitter, 0);
        reverse(op, emitter, 1);
    }

    private void reverse(Op op, Emitter emitter, int i) {
        Node input = op.input(i);
        Tensor adjoint = emitter.adjoint(op.output());
        int[] repeated = Shapes.repeatedAxes(operand(op, i), op.output().shape);
        boolean negate = minus && i == 1;
        if (repeated.length == 0 && !negate) {
            emitter.contributeView(input, adjoint);
            return;
        }
        emitter.contribute(input, out -> signed(emitter, emitter.kernels().sum(adjoint, repeated, out), out, negate));
    }

    private static Kernel signed(Emitter emitter, Kernel kernel, Tensor out, boolean negate) {
        if (!negate) {
            return kernel;
        }
        return Kernel.sequence(kernel, emitter.kernels().affine(out, -1, 0, out));
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        Node z = op.output();
        emitter.makeFirst(z);
        add(op, emitter, emitter.first(op.input(0)), emitter.first(op.input(1)), emitter.first(z));
        if (emitter.needsSecond(z) && (emitter.second(op.input(0)) != null || emitter.second(op.input(1)) != null)) {
            emitter.makeSecond(z);
            add(op, emitter, emitter.second(op.input(0)), emitter.second(op.input(1)), emitter.second(z));
        }
    }

    /** out = left + right or left - right, slot by slot; null is zero. Terms at home in {@code out} are there already. */
    private void add(Op op, Emitter emitter, Tensor left, Tensor right, Tensor out) {
        boolean[] written = new boolean[emitter.directions(op.output())];
        Tensor[] terms = {left, right};
        for (int i = 0; i < 2; i++) {
            if (terms[i] != null && terms[i].isPartOf(out)) {
                int slot = emitter.homeSlot(op.input(i));
                Arrays.fill(written, slot, slot + emitter.directions(op.input(i)), true);
                if (minus && i == 1) {
                    emitter.emit(emitter.kernels().affine(terms[i], -1, 0, terms[i]));
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            if (terms[i] != null && !terms[i].isPartOf(out)) {
                place(op, emitter, i, terms[i], out, written);
            }
        }
        emitter.clear(out, written);
    }

    private void place(Op op, Emitter emitter, int i, Tensor stack, Tensor out, boolean[] written) {
        boolean negate = minus && i == 1;
        for (Stacks.Run run : emitter.runs(op.input(i), op.output())) {
            for (Stacks.Run part : Stacks.alike(run, written)) {
                int[] shape = Shapes.stacked(part.count(), Shapes.padded(op.output().shape.length, operand(op, i)));
                Tensor in = stack.rows(part.from(), part.from() + part.count()).view(shape);
                Tensor target = out.rows(part.to(), part.to() + part.count());
                if (written[part.to()]) {
                    emitter.emit(emitter.kernels().binary(negate ? Binary.SUBTRACT : Binary.ADD, target, in, target));
                } else {
                    emitter.emit(signed(emitter, emitter.kernels().broadcast(in, target), target, negate));
                }
                Arrays.fill(written, part.to(), part.to() + part.count(), true);
            }
        }
    }

    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node z = op.output();
        Tensor[] series = new Tensor[emitter.order()];
        emitter.setSeries(z, series);
        for (int k = 1; k <= emitter.order(); k++) {
            Tensor left = aligned(op, emitter, 0, k);
            Tensor right = aligned(op, emitter, 1, k);
            if (left != null && right != null) {
                series[k - 1] = emitter.stack(z);
                emitter.emit(
                        emitter.kernels().binary(minus ? Binary.SUBTRACT : Binary.ADD, left, right, series[k - 1]));
            } else if (left != null || right != null) {
                series[k - 1] = single(op, emitter, left == null ? right : left, minus && left == null);
            }
        }
    }

    /** The only term's coefficients, repeated if it is broadcast; its own stack if that serves. */
    private static Tensor single(Op op, SeriesEmitter emitter, Tensor term, boolean negate) {
        int[] shape = Shapes.stacked(emitter.directions(), op.output().shape);
        if (term.length() == Shapes.length(shape) && !negate) {
            return term.view(shape);
        }
        Tensor out = emitter.stack(op.output());
        emitter.emit(signed(emitter.emitter(), emitter.kernels().broadcast(term, out), out, negate));
        return out;
    }

    /** Coefficient {@code k} of an operand, [K, 1s, shape] with as many axes as a stack of outputs; null is zero. */
    private Tensor aligned(Op op, SeriesEmitter emitter, int i, int k) {
        Tensor stack = emitter.coefficient(op.input(i), k);
        int[] shape = Shapes.padded(op.output().shape.length, operand(op, i));
        return stack == null ? null : stack.view(Shapes.stacked(emitter.directions(), shape));
    }

    @Override
    public int[] addend(Op op, int operand) {
        return minus ? null : operand(op, operand);
    }

    @Override
    public boolean joinsTerms() {
        return true;
    }
}

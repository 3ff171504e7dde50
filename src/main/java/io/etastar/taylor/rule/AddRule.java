package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesTape;
import io.etastar.taylor.graph.Stacks;
import io.etastar.taylor.graph.Tape;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels.Binary;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/**
 * z = x + y or x - y with broadcasting, and a bias on the channels of images.
 *
 * @param minus whether y is subtracted
 * @param bias whether y is a vector over axis 1 of x where the op's flag says so, else over the last axis
 */
public record AddRule(boolean minus, boolean bias) implements Rule {
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
    public void forward(Op op, Tape tape) {
        Tensor y = op.input(1).value.view(operand(op, 1));
        Binary kind = minus ? Binary.SUBTRACT : Binary.ADD;
        tape.emit(tape.kernels().binary(kind, op.input(0).value, y, tape.value(op)));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        reverse(op, tape, 0);
        reverse(op, tape, 1);
    }

    private void reverse(Op op, Tape tape, int i) {
        Node input = op.input(i);
        Tensor adjoint = op.output().adjoint;
        int[] repeated = Shapes.repeatedAxes(operand(op, i), op.output().shape);
        boolean negate = minus && i == 1;
        if (repeated.length == 0 && !negate) {
            tape.contributeView(input, adjoint);
            return;
        }
        tape.contribute(input, out -> signed(tape, tape.kernels().sum(adjoint, repeated, out), out, negate));
    }

    private static Kernel signed(Tape tape, Kernel kernel, Tensor out, boolean negate) {
        if (!negate) {
            return kernel;
        }
        return Kernel.sequence(kernel, tape.kernels().affine(out, -1, 0, out));
    }

    @Override
    public void tangents(Op op, Tape tape) {
        Node z = op.output();
        tape.first(z);
        add(op, tape, op.input(0).first, op.input(1).first, z.first);
        if (z.secondNeeded && (op.input(0).second != null || op.input(1).second != null)) {
            tape.second(z);
            add(op, tape, op.input(0).second, op.input(1).second, z.second);
        }
    }

    /** out = left + right or left - right, slot by slot; null is zero. Terms at home in {@code out} are there already. */
    private void add(Op op, Tape tape, Tensor left, Tensor right, Tensor out) {
        boolean[] written = new boolean[op.output().directions()];
        Tensor[] terms = {left, right};
        for (int i = 0; i < 2; i++) {
            if (terms[i] != null && terms[i].isPartOf(out)) {
                Arrays.fill(
                        written,
                        op.input(i).homeSlot,
                        op.input(i).homeSlot + op.input(i).directions(),
                        true);
                if (minus && i == 1) {
                    tape.emit(tape.kernels().affine(terms[i], -1, 0, terms[i]));
                }
            }
        }
        for (int i = 0; i < 2; i++) {
            if (terms[i] != null && !terms[i].isPartOf(out)) {
                place(op, tape, i, terms[i], out, written);
            }
        }
        tape.clear(out, written);
    }

    private void place(Op op, Tape tape, int i, Tensor stack, Tensor out, boolean[] written) {
        boolean negate = minus && i == 1;
        for (Stacks.Run run : Stacks.runs(op.input(i), op.output())) {
            for (Stacks.Run part : Stacks.alike(run, written)) {
                int[] shape = Shapes.stacked(part.count(), Shapes.padded(op.output().shape.length, operand(op, i)));
                Tensor in = stack.rows(part.from(), part.from() + part.count()).view(shape);
                Tensor target = out.rows(part.to(), part.to() + part.count());
                if (written[part.to()]) {
                    tape.emit(tape.kernels().binary(negate ? Binary.SUBTRACT : Binary.ADD, target, in, target));
                } else {
                    tape.emit(signed(tape, tape.kernels().broadcast(in, target), target, negate));
                }
                Arrays.fill(written, part.to(), part.to() + part.count(), true);
            }
        }
    }

    @Override
    public void series(Op op, SeriesTape tape) {
        Node z = op.output();
        z.series = new Tensor[tape.order()];
        for (int k = 1; k <= tape.order(); k++) {
            Tensor left = aligned(op, tape, 0, k);
            Tensor right = aligned(op, tape, 1, k);
            if (left != null && right != null) {
                z.series[k - 1] = tape.stack(z);
                tape.emit(tape.kernels().binary(minus ? Binary.SUBTRACT : Binary.ADD, left, right, z.series[k - 1]));
            } else if (left != null || right != null) {
                z.series[k - 1] = single(op, tape, left == null ? right : left, minus && left == null);
            }
        }
    }

    /** The only term's coefficients, repeated if it is broadcast; its own stack if that serves. */
    private static Tensor single(Op op, SeriesTape tape, Tensor term, boolean negate) {
        int[] shape = Shapes.stacked(tape.directions(), op.output().shape);
        if (term.length() == Shapes.length(shape) && !negate) {
            return term.view(shape);
        }
        Tensor out = tape.stack(op.output());
        tape.emit(signed(tape.tape(), tape.kernels().broadcast(term, out), out, negate));
        return out;
    }

    /** Coefficient {@code k} of an operand, [K, 1s, shape] with as many axes as a stack of outputs; null is zero. */
    private Tensor aligned(Op op, SeriesTape tape, int i, int k) {
        Tensor stack = op.input(i).coefficient(k);
        int[] shape = Shapes.padded(op.output().shape.length, operand(op, i));
        return stack == null ? null : stack.view(Shapes.stacked(tape.directions(), shape));
    }

    @Override
    public boolean isNonlinear() {
        return false;
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

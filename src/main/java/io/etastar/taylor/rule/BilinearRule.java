package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.taylor.graph.Stacks;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.function.Function;

/**
 * z = B(x, y), linear in each operand: matrix product, convolution, elementwise product.
 *
 * <pre>
 * t_z = B(t_x, y) + B(x, t_y),   c_z = B(c_x, y) + B(x, c_y) + 2 B(t_x, t_y)
 * H[s][t] += &lt;a, B(t_x[s], t_y[t]) + B(t_x[t], t_y[s])&gt;
 * order3[s] += 3 &lt;a, B(c_x[s], t_y[s]) + B(t_x[s], c_y[s])&gt;
 * </pre>
 *
 * <p>The adjoint is projected through t_y[t] once, P = B_x^T(a, t_y[t]); what is left are inner products &lt;P, t_x[s]&gt;. A
 * weight is live in one subset only, so that one projection serves a whole row of H.
 */
abstract class BilinearRule implements Rule {
    /** out = B(x, y). */
    abstract Kernel apply(Op op, Emitter emitter, Tensor x, Tensor y, Tensor out);

    /** out[k] = B(x[k], y) for a stack of {@code count} left operands. */
    abstract Kernel applyStack(Op op, Emitter emitter, int count, Tensor x, Tensor y, Tensor out);

    /** out = adjoint of x from the adjoint of z. */
    abstract Kernel leftAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor y, Tensor out);

    /** out = adjoint of y from the adjoint of z. */
    abstract Kernel rightAdjoint(Op op, Emitter emitter, Tensor adjoint, Tensor x, Tensor out);

    /** Multiply-adds of one value. */
    @Override
    public abstract double multiplyAdds(Op op);

    @Override
    public void forward(Op op, Emitter emitter) {
        emitter.emit(apply(op, emitter, emitter.value(op.input(0)), emitter.value(op.input(1)), emitter.makeValue(op)));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {
        Tensor adjoint = emitter.adjoint(op.output());
        emitter.contribute(op.input(0), out -> leftAdjoint(op, emitter, adjoint, emitter.value(op.input(1)), out));
        emitter.contribute(op.input(1), out -> rightAdjoint(op, emitter, adjoint, emitter.value(op.input(0)), out));
    }

    /** z_k = sum of B(x_i, y_j) over i + j = k. */
    @Override
    public void series(Op op, SeriesEmitter emitter) {
        Node z = op.output();
        Tensor[] series = new Tensor[emitter.order()];
        emitter.setSeries(z, series);
        Tensor part = null;
        for (int k = 1; k <= emitter.order(); k++) {
            for (int i = 0; i <= k; i++) {
                if (i > 0 && emitter.coefficient(op.input(0), i) == null
                        || i < k && emitter.coefficient(op.input(1), k - i) == null) {
                    continue;
                }
                if (series[k - 1] == null) {
                    series[k - 1] = emitter.stack(z);
                    product(op, emitter, i, k - i, series[k - 1]);
                } else {
                    part = part == null ? emitter.stack(z) : part;
                    product(op, emitter, i, k - i, part);
                    emitter.emit(emitter.kernels().binary(Kernels.Binary.ADD, series[k - 1], part, series[k - 1]));
                }
            }
        }
    }

    /** out = B(x_i, y_j) for each direction. */
    private void product(Op op, SeriesEmitter emitter, int i, int j, Tensor out) {
        Node x = op.input(0);
        Node y = op.input(1);
        if (j == 0) {
            emitter.emit(applyStack(
                    op, emitter.emitter(), emitter.directions(), emitter.coefficient(x, i), emitter.value(y), out));
            return;
        }
        for (int d = 0; d < emitter.directions(); d++) {
            Tensor left = i == 0 ? emitter.value(x) : SeriesEmitter.slot(emitter.coefficient(x, i), x, d);
            Tensor right = SeriesEmitter.slot(emitter.coefficient(y, j), y, d);
            emitter.emit(apply(op, emitter.emitter(), left, right, SeriesEmitter.slot(out, op.output(), d)));
        }
    }

    @Override
    public boolean isNonlinear() {
        return true;
    }

    @Override
    public void tangents(Op op, Emitter emitter) {
        firstTangents(op, emitter);
        if (emitter.needsSecond(op.output())) {
            second(op, emitter);
        }
        curvature(op, emitter);
    }

    @Override
    public void firstTangents(Op op, Emitter emitter) {
        Node z = op.output();
        emitter.makeFirst(z);
        boolean[] written = new boolean[emitter.directions(z)];
        left(op, emitter, emitter.first(op.input(0)), emitter.first(z), written);
        right(op, emitter, emitter.first(op.input(1)), emitter.first(z), written);
    }

    /** Beyond the reverse sweep of b: b_x += B_x^T(a_z, t_y) and b_y += B_y^T(a_z, t_x). */
    @Override
    public void adjointTangents(Op op, Emitter emitter) {
        if (emitter.adjoint(op.output()) != null) {
            reverse(op, emitter);
        }
        Tensor adjoint = emitter.lossAdjoint(op.output());
        Tensor x = emitter.first(op.input(0));
        Tensor y = emitter.first(op.input(1));
        if (y != null) {
            emitter.contribute(op.input(0), out -> leftAdjoint(op, emitter, adjoint, y.view(op.shape(1)), out));
        }
        if (x != null) {
            emitter.contribute(op.input(1), out -> rightAdjoint(op, emitter, adjoint, x.view(op.shape(0)), out));
        }
    }

    private void second(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.input(1);
        Node z = op.output();
        boolean cross = false;
        for (int subset : emitter.live(y)) {
            cross |= emitter.slot(x, subset) >= 0;
        }
        if (emitter.second(x) == null && emitter.second(y) == null && !cross) {
            return;
        }
        emitter.makeSecond(z);
        boolean[] written = new boolean[emitter.directions(z)];
        left(op, emitter, emitter.second(x), emitter.second(z), written);
        right(op, emitter, emitter.second(y), emitter.second(z), written);
        for (int subset : emitter.live(y)) {
            if (emitter.slot(x, subset) >= 0) {
                Tensor left = slot(emitter, emitter.first(x), x, subset);
                Tensor right = slot(emitter, emitter.first(y), y, subset);
                add(
                        emitter,
                        out -> twice(emitter, apply(op, emitter, left, right, out), out),
                        emitter.second(z),
                        z,
                        subset,
                        written);
            }
        }
        emitter.clear(emitter.second(z), written);
    }

    private static Kernel twice(Emitter emitter, Kernel kernel, Tensor out) {
        return Kernel.sequence(kernel, emitter.kernels().affine(out, 2, 0, out));
    }

    /** out[s] = B(stack[s], y) for every live s of x; null is zero. */
    private void left(Op op, Emitter emitter, Tensor stack, Tensor out, boolean[] written) {
        if (stack == null) {
            return;
        }
        for (Stacks.Run run : emitter.runs(op.input(0), op.output())) {
            emitter.emit(applyStack(
                    op,
                    emitter,
                    run.count(),
                    stack.rows(run.from(), run.from() + run.count()),
                    emitter.value(op.input(1)),
                    out.rows(run.to(), run.to() + run.count())));
            for (int k = 0; k < run.count(); k++) {
                written[run.to() + k] = true;
            }
        }
    }

    /** out[s] += B(x, stack[s]) for every live s of y; null is zero. */
    private void right(Op op, Emitter emitter, Tensor stack, Tensor out, boolean[] written) {
        if (stack == null) {
            return;
        }
        Node y = op.input(1);
        for (int subset : emitter.live(y)) {
            Tensor direction = slot(emitter, stack, y, subset);
            add(
                    emitter,
                    target -> apply(op, emitter, emitter.value(op.input(0)), direction, target),
                    out,
                    op.output(),
                    subset,
                    written);
        }
    }

    private void add(
            Emitter emitter, Function<Tensor, Kernel> maker, Tensor stack, Node node, int subset, boolean[] written) {
        Tensor target = slot(emitter, stack, node, subset);
        if (!written[emitter.slot(node, subset)]) {
            emitter.emit(maker.apply(target));
            written[emitter.slot(node, subset)] = true;
            return;
        }
        Tensor part = emitter.kernels().scratch(Kernels.Scratch.PART, node.shape);
        emitter.emit(maker.apply(part));
        emitter.emit(emitter.kernels().binary(Kernels.Binary.ADD, target, part, target));
    }

    /** The tensor of one subset in a node's stack. */
    private static Tensor slot(Emitter emitter, Tensor stack, Node node, int subset) {
        int k = emitter.slot(node, subset);
        return stack.rows(k, k + 1).view(node.shape);
    }

    /**
     * Projects the adjoint through the tangents of one operand; inner products are taken with those of the other. A weight has
     * one tangent; between two operands that both have many, those products are the work, so they go to the smaller one.
     */
    private void curvature(Op op, Emitter emitter) {
        Node x = op.input(0);
        Node y = op.input(1);
        if (emitter.directions(x) == 0 || emitter.directions(y) == 0) {
            return;
        }
        boolean throughLeft = emitter.directions(y) > 1 && y.length() < x.length();
        Node through = throughLeft ? x : y;
        Node other = throughLeft ? y : x;
        for (int subset : emitter.live(through)) {
            Tensor projected =
                    project(op, emitter, throughLeft, slot(emitter, emitter.first(through), through, subset));
            interactions(emitter, other, projected, subset);
            if (emitter.slot(other, subset) < 0) {
                continue;
            }
            if (emitter.second(other) != null) {
                dot(emitter, slot(emitter, emitter.second(other), other, subset), projected, subset);
            }
            if (emitter.second(through) != null) {
                Tensor second =
                        project(op, emitter, throughLeft, slot(emitter, emitter.second(through), through, subset));
                dot(emitter, slot(emitter, emitter.first(other), other, subset), second, subset);
            }
        }
    }

    /** The adjoint of one operand with a tangent of the other in the other's place. */
    private Tensor project(Op op, Emitter emitter, boolean throughLeft, Tensor tangent) {
        Tensor adjoint = emitter.adjoint(op.output());
        Tensor projected = emitter.kernels().scratch(Kernels.Scratch.PROJECTED, op.shape(throughLeft ? 1 : 0));
        emitter.emit(
                throughLeft
                        ? rightAdjoint(op, emitter, adjoint, tangent, projected)
                        : leftAdjoint(op, emitter, adjoint, tangent, projected));
        return projected;
    }

    /** H between {@code subset} and every live subset of {@code other}. */
    private static void interactions(Emitter emitter, Node other, Tensor projected, int subset) {
        int n = other.length();
        Tensor row = emitter.kernels().allocate(emitter.directions(other), 1);
        Tensor stack = emitter.first(other).view(emitter.directions(other), n);
        emitter.emit(emitter.kernels().matmul(stack, false, projected.view(n, 1), false, row, false));
        int[] live = emitter.live(other);
        emitter.emit(emitter.sums().addBoth(subset, live, row));
    }

    /** order3[subset] += 3 &lt;left, right&gt;. */
    private static void dot(Emitter emitter, Tensor left, Tensor right, int subset) {
        int n = Shapes.length(left.shape());
        emitter.emit(emitter.kernels()
                .rowDots(3, left.view(1, n), right.view(1, n), emitter.sums().third(), subset));
    }
}

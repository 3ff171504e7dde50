package io.etastar.taylor.rule;

import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Kernels.Binary;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;

/**
 * Curvature of w_n logsumexp(z_n) for rows z_n of logits.
 *
 * <p>With p = softmax(z) the derivatives along tangents t are cumulants under p: with k_s = t_s - &lt;p, t_s&gt;,
 *
 * <pre>
 * second: &lt;p, k_s k_t&gt;      third: &lt;p, k_s^3&gt;      3 f''[t_s, c_s] = 3 &lt;p, k_s c_s&gt;
 * </pre>
 *
 * <p>each times the row's weight w_n (c need not be centred, as &lt;p, k&gt; = 0).
 */
final class LogSumExp {
    private final Emitter emitter;
    private final Kernels kernels;
    private final Node z;
    private final Tensor p;
    private final int rows;
    private final int classes;

    /**
     * @param z logits [N, C] with their tangents
     * @param p softmax of the logits [N, C]
     */
    LogSumExp(Emitter emitter, Node z, Tensor p) {
        this.emitter = emitter;
        this.kernels = emitter.kernels();
        this.z = z;
        this.p = p;
        this.rows = z.shape[0];
        this.classes = z.shape[1];
    }

    /** k [K, N, C], the tangents of z less their mean under p. */
    Tensor centred(Tensor stack) {
        Tensor mean = mean(stack);
        Tensor centred = kernels.allocate(stack.shape());
        emitter.emit(kernels.binary(Binary.SUBTRACT, stack, mean, centred));
        return centred;
    }

    /** &lt;p, stack&gt; of each row, [K, N, 1]. */
    Tensor mean(Tensor stack) {
        return rowSums(stack, p);
    }

    /** Sum over classes of stack times factor, [K, N, 1]. */
    Tensor rowSums(Tensor stack, Tensor factor) {
        Tensor product = kernels.allocate(stack.shape());
        Tensor sums = kernels.allocate(emitter.directions(z), rows, 1);
        emitter.emit(kernels.binary(Binary.MULTIPLY, stack, factor, product));
        emitter.emit(kernels.sum(product, new int[] {2}, sums));
        return sums;
    }

    /** k^2 [K, N, C]. */
    Tensor squared(Tensor centred) {
        Tensor squares = kernels.allocate(centred.shape());
        emitter.emit(kernels.map(Kernels.Unary.SQUARE, centred, squares));
        return squares;
    }

    /**
     * Adds w p k to the tangent of the adjoint of z, along one direction.
     *
     * @param weight w [N, 1]
     * @param tangent t of z [1, N, C]
     */
    void adjointTangents(Tensor weight, Tensor tangent) {
        Tensor centred = centred(tangent).view(z.shape);
        Tensor share = kernels.allocate(z.shape);
        emitter.emit(kernels.binary(Binary.MULTIPLY, p, weight, share));
        emitter.contribute(z, out -> kernels.binary(Binary.MULTIPLY, share, centred, out));
    }

    /**
     * Adds the curvature to H and order3.
     *
     * @param weight w [N, 1]
     * @param centred k [K, N, C]
     * @param squares k^2; overwritten
     */
    void curvature(Tensor weight, Tensor centred, Tensor squares) {
        int directions = emitter.directions(z);
        int n = rows * classes;
        Tensor share = kernels.allocate(rows, classes);
        Tensor weighted = kernels.allocate(Shapes.stacked(directions, z.shape));
        Tensor block = kernels.allocate(directions, directions);
        int[] live = emitter.live(z);
        emitter.emit(kernels.binary(Binary.MULTIPLY, p, weight, share));
        emitter.emit(kernels.binary(Binary.MULTIPLY, centred, share, weighted));
        Tensor flat = weighted.view(directions, n);
        emitter.emit(kernels.matmul(flat, false, centred.view(directions, n), true, block, false));
        if (emitter.second(z) != null) {
            Tensor tripled = kernels.allocate(centred.shape());
            emitter.emit(kernels.affine(emitter.second(z), 3, 0, tripled));
            emitter.emit(kernels.binary(Binary.ADD, squares, tripled, squares));
        }
        emitter.emit(kernels.rowDots(
                1, flat, squares.view(directions, n), emitter.sums().third(), live));
        emitter.emit(emitter.sums().addBlock(live, block));
    }
}

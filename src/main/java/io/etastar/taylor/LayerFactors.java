package io.etastar.taylor;

import io.etastar.summary.KroneckerFactors;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.List;

/** Sums of a layer's two Kronecker factors over micro-batches: buffers, and the kernels that add to them. */
final class LayerFactors {
    /** Columns of unfolded images from which a product runs at full speed. */
    private static final int COLUMNS = 512;

    private static final Window POINT =
            new Window(new int[] {1, 1}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false);

    private final KroneckerFactors.Layer layer;
    private final Kernels kernels;
    private final double[] roots;
    private final int perSample;
    private final Tensor a;
    private final Tensor s;

    /**
     * @param found the layer, with value of its input and adjoint of its output
     * @param roots factors of the samples on inputs; those on adjoints are in there
     * @param run where kernels are added that add one micro-batch to the sums
     */
    LayerFactors(FactorLayer found, Kernels kernels, double[] roots, List<Kernel> run) {
        layer = found.layer();
        this.kernels = kernels;
        this.roots = roots;
        perSample = found.perSample();
        a = kernels.allocate(layer.inputs(), layer.inputs());
        s = kernels.allocate(layer.outputs(), layer.outputs());
        Op op = found.op();
        if (op.rule() instanceof ConvolutionRule) {
            convolution(op.input(0).value, Windows.of(op.source()), true, a, run);
            convolution(op.output().adjoint, POINT, false, s, run);
        } else {
            Tensor rows = kernels.scratch(Kernels.Scratch.PART, op.shape(0)[0], layer.inputs());
            run.add(kernels.scaleRows(op.input(0).value, i -> roots[i / perSample], rows));
            run.add(kernels.matmul(rows, true, rows, false, a, true));
            Tensor adjoint = op.output().adjoint;
            run.add(kernels.matmul(adjoint, true, adjoint, false, s, true));
        }
    }

    /** sum += U U', U the unfolded images, a few at a time. */
    private void convolution(Tensor images, Window window, boolean scaled, Tensor sum, List<Kernel> run) {
        int count = images.size(0);
        int step = Math.min(count, (COLUMNS + layer.positions() - 1) / layer.positions());
        for (int from = 0; from < count; from += step) {
            int first = from;
            int some = Math.min(step, count - from);
            Tensor unfolded = kernels.scratch(Kernels.Scratch.PART, sum.size(0), some * layer.positions());
            run.add(kernels.unfold(
                    images.rows(from, from + some), window, n -> scaled ? roots[first + n] : 1, unfolded));
            run.add(kernels.matmul(unfolded, false, unfolded, true, sum, true));
        }
    }

    KroneckerFactors.Layer layer() {
        return layer;
    }

    /** Begins new sums. */
    void reset() {
        a.fill(0, a.length(), 0);
        s.fill(0, s.length(), 0);
    }

    /** The lower triangle of A; new. */
    RawArray a() {
        return triangle(a);
    }

    /** The lower triangle of S; new. */
    RawArray s() {
        return triangle(s);
    }

    private RawArray triangle(Tensor matrix) {
        int side = matrix.size(0);
        RawArray triangle = RawArray.zeros(kernels.type(), KroneckerFactors.length(side));
        for (int i = 0; i < side; i++) {
            matrix.addTo(triangle, i * side, i * (i + 1) / 2, i + 1);
        }
        return triangle;
    }
}

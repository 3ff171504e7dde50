package io.etastar.taylor;

import io.etastar.quantity.KroneckerFactors;
import io.etastar.taylor.graph.Buffers;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.Rule;
import io.etastar.taylor.rule.Windows;
import io.etastar.tensor.Factors;
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
    /** Side from which leaving out half of a symmetric matrix outweighs smaller products. */
    private static final int LARGE = 256;

    private static final Window POINT =
            new Window(new int[] {1, 1}, new int[] {1, 1}, new int[] {0, 0}, new int[] {1, 1}, false);

    private final KroneckerFactors.Layer layer;
    private final Kernels kernels;
    private final RowRoots roots;
    private final SymmetricSum a;
    private final SymmetricSum s;

    /**
     * @param found the layer, with value of its input and adjoint of its output
     * @param buffers of the program
     * @param roots factors of the samples on inputs; those on adjoints are in there
     * @param run receives the kernels that add one micro-batch to the sums
     */
    LayerFactors(FactorLayer found, Buffers buffers, Kernels kernels, RowRoots roots, List<Kernel> run) {
        layer = found.layer();
        this.kernels = kernels;
        this.roots = roots;
        Op op = found.op();
        int inputs = layer.inputs();
        int outputs = layer.outputs();
        if (op.rule().layerForm(op) == Rule.LayerForm.CONVOLUTION) {
            a = new SymmetricSum(kernels, inputs, blockRows(inputs));
            s = new SymmetricSum(kernels, outputs, blockRows(outputs));
            images(buffers.value(op.input(0)), Windows.of(op.source()), true, inputs, a, run);
            images(buffers.adjoint(op.output()), POINT, false, outputs, s, run);
        } else {
            a = new SymmetricSum(kernels, inputs, inputs);
            s = new SymmetricSum(kernels, outputs, outputs);
            int perSample = found.perSample();
            Tensor rows = kernels.scratch(Kernels.Scratch.PART, op.shape(0)[0], inputs);
            run.add(kernels.scaleRows(buffers.value(op.input(0)), new Factors(roots.roots(), 0, perSample), rows));
            a.addColumns(rows, run);
            s.addColumns(buffers.adjoint(op.output()), run);
        }
    }

    private static int blockRows(int side) {
        return side < LARGE ? side : (side + 3) / 4;
    }

    /** Adds the products of unfolded images, a few at a time. */
    private void images(Tensor images, Window window, boolean scaled, int side, SymmetricSum sum, List<Kernel> run) {
        int count = images.size(0);
        int step = Math.min(count, (COLUMNS + layer.positions() - 1) / layer.positions());
        for (int from = 0; from < count; from += step) {
            int some = Math.min(step, count - from);
            Tensor unfolded = kernels.scratch(Kernels.Scratch.PART, side, some * layer.positions());
            Tensor part = images.rows(from, from + some);
            run.add(kernels.unfold(
                    part, window, new Factors(scaled ? roots.roots() : roots.ones(), from, 1), unfolded));
            sum.addRows(unfolded, run);
        }
    }

    KroneckerFactors.Layer layer() {
        return layer;
    }

    /** Begins new sums. */
    void reset() {
        a.reset();
        s.reset();
    }

    /** The lower triangle of A; new. */
    RawArray a() {
        return a.triangle();
    }

    /** The lower triangle of S; new. */
    RawArray s() {
        return s.triangle();
    }
}

package io.etastar.taylor;

import io.etastar.quantity.KroneckerFactors;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A sum of symmetric products, of which only the lower triangle counts: blocks of rows up to the diagonal block's end. */
final class SymmetricSum {
    private final Kernels kernels;
    private final int side;
    private final int rows;
    /** Block b holds rows from b rows on and columns [0, end of its last row]. */
    private final Tensor[] blocks;

    private final List<Kernel> zero;

    /** @param rows of a block; {@code side} for one block, the whole matrix */
    SymmetricSum(Kernels kernels, int side, int rows) {
        this.kernels = kernels;
        this.side = side;
        this.rows = rows;
        blocks = IntStream.range(0, (side + rows - 1) / rows)
                .mapToObj(b -> kernels.allocate(end(b) - b * rows, end(b)))
                .toArray(Tensor[]::new);
        zero = Arrays.stream(blocks).map(block -> kernels.fill(block, 0)).toList();
    }

    private int end(int block) {
        return Math.min(side, (block + 1) * rows);
    }

    /** Sum += U U' for U [side, any]. */
    void addRows(Tensor u, List<Kernel> run) {
        for (int b = 0; b < blocks.length; b++) {
            run.add(kernels.matmul(u.rows(b * rows, end(b)), false, u.rows(0, end(b)), true, blocks[b], true));
        }
    }

    /** Sum += X' X for X [any, side], of a sum in one block. */
    void addColumns(Tensor x, List<Kernel> run) {
        run.add(kernels.matmul(x, true, x, false, blocks[0], true));
    }

    /** Begins a new sum. */
    void reset() {
        zero.forEach(Kernel::run);
    }

    /** The lower triangle, once all kernels have run; new. */
    RawArray triangle() {
        RawArray triangle = RawArray.zeros(kernels.type(), KroneckerFactors.length(side));
        for (int b = 0; b < blocks.length; b++) {
            RawArray block = RawArray.zeros(kernels.type(), blocks[b].length());
            blocks[b].addTo(block, 0, 0, block.length());
            for (int i = b * rows; i < end(b); i++) {
                triangle.copy(block, i % rows * end(b), i * (i + 1) / 2, i + 1);
            }
        }
        return triangle;
    }
}

package io.etastar.tensor.cuda;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions as products with unfolded images: a column [C kH kW] for each position of the window. As many images are
 * unfolded at once as {@link #COLUMNS} holds.
 */
final class UnfoldedConvolutions {
    /** Bytes of columns at once. */
    private static final long COLUMNS = 256L << 20;

    private final CudaArena arena;
    private final int bytes;

    UnfoldedConvolutions(CudaArena arena, DType type) {
        this.arena = arena;
        bytes = type.bytes();
    }

    /** One convolution: images [N, C, H, W] or their adjoint, weight or its adjoint, outputs [N, M, oH, oW] or their adjoint. */
    private final class Geometry {
        final Tensor images;
        final Tensor weight;
        final Tensor outputs;
        final Window window;
        final int rows;
        final int positions;
        final int channelsOut;
        final int atOnce;
        final String purpose;

        Geometry(Tensor images, Tensor weight, Tensor outputs, Window window, String what) {
            this.images = images;
            this.weight = weight;
            this.outputs = outputs;
            this.window = window;
            rows = weight.length() / weight.size(0);
            channelsOut = weight.size(0);
            positions = outputs.size(2) * outputs.size(3);
            long each = (long) (rows + channelsOut) * positions * bytes;
            atOnce = (int) Math.max(1, Math.min(images.size(0), COLUMNS / each));
            purpose = what + " of " + CudaArena.text(images, weight);
        }

        /** Whether a column is the pixel itself. */
        boolean pointwise() {
            int[] one = {1, 1};
            return Arrays.equals(window.kernel(), one)
                    && Arrays.equals(window.stride(), one)
                    && window.before(0, images.size(2)) == 0
                    && window.before(1, images.size(3)) == 0
                    && positions == images.size(2) * images.size(3);
        }

        int count(int from) {
            return Math.min(atOnce, images.size(0) - from);
        }

        Kernel unfold(int from, long columns, int imageStep, int rowStep) {
            int n = count(from) * rows * positions;
            int[] w = Strides.windows(window, images.size(2), images.size(3));
            Tensor some = images.rows(from, from + count(from));
            return arena.bind(
                    "windows", "unfold", n, purpose, some, 0L, 1, columns, w, images.size(1), imageStep, rowStep, n);
        }

        long columns() {
            return arena.scratch((long) atOnce * (rows + channelsOut) * positions * bytes);
        }

        Products.Matrices weights(boolean transposed) {
            return new Products.Matrices(CudaMemory.address(weight), rows, 0, transposed);
        }

        Products.Matrices outputs(int from) {
            Tensor some = outputs.rows(from, from + count(from));
            return new Products.Matrices(CudaMemory.address(some), positions, (long) channelsOut * positions, false);
        }

        /** Columns of each image, [C kH kW, positions]. */
        Products.Matrices perImage(int from, long columns) {
            long address = pointwise() ? CudaMemory.address(images.rows(from, from + count(from))) : columns;
            return new Products.Matrices(address, positions, (long) rows * positions, false);
        }
    }

    Kernel forward(Tensor images, Tensor weight, Tensor out, Window window) {
        Geometry g = new Geometry(images, weight, out, window, "convolution");
        long columns = g.pointwise() ? 0 : g.columns();
        List<Kernel> steps = new ArrayList<>();
        for (int from = 0; from < images.size(0); from += g.atOnce) {
            if (!g.pointwise()) {
                steps.add(g.unfold(from, columns, g.rows * g.positions, g.positions));
            }
            Products.Size size = new Products.Size(g.channelsOut, g.positions, g.rows, g.count(from));
            steps.add(arena.products()
                    .product(size, g.weights(false), g.perImage(from, columns), g.outputs(from), false, g.purpose));
        }
        return Kernel.sequence(steps.toArray(Kernel[]::new));
    }

    Kernel imageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        Geometry g = new Geometry(out, weight, adjoint, window, "image adjoint of the convolution");
        long columns = g.pointwise() ? 0 : g.columns();
        List<Kernel> steps = new ArrayList<>();
        for (int from = 0; from < out.size(0); from += g.atOnce) {
            Products.Size size = new Products.Size(g.rows, g.positions, g.channelsOut, g.count(from));
            steps.add(arena.products()
                    .product(size, g.weights(true), g.outputs(from), g.perImage(from, columns), false, g.purpose));
            if (!g.pointwise()) {
                Tensor some = out.rows(from, from + g.count(from));
                int[] w = Strides.windows(window, out.size(2), out.size(3));
                steps.add(arena.bind(
                        "windows", "fold", some.length(), g.purpose, columns, some, w, out.size(1), some.length()));
            }
        }
        return Kernel.sequence(steps.toArray(Kernel[]::new));
    }

    /** Columns of all images side by side, [C kH kW, N positions], and the adjoint likewise: one product sums over images. */
    Kernel weightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        Geometry g = new Geometry(images, out, adjoint, window, "weight adjoint of the convolution");
        long columns = g.columns();
        long swapped = columns + (long) g.atOnce * g.rows * g.positions * bytes;
        List<Kernel> steps = new ArrayList<>();
        for (int from = 0; from < images.size(0); from += g.atOnce) {
            int count = g.count(from);
            int width = count * g.positions;
            Tensor some = adjoint.rows(from, from + count);
            steps.add(g.unfold(from, columns, g.positions, width));
            steps.add(arena.bind(
                    "windows",
                    "swapAxes",
                    some.length(),
                    g.purpose,
                    some,
                    swapped,
                    count,
                    g.channelsOut,
                    g.positions,
                    some.length()));
            steps.add(arena.products()
                    .product(
                            new Products.Size(g.channelsOut, g.rows, width, 1),
                            new Products.Matrices(swapped, width, 0, false),
                            new Products.Matrices(columns, width, 0, true),
                            g.weights(false),
                            from > 0,
                            g.purpose));
        }
        return Kernel.sequence(steps.toArray(Kernel[]::new));
    }
}

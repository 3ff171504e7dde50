package io.etastar.tensor.convolution;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.loop.CpuKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolutions with kernels of 3 x 3, stride 1, in single precision by Winograd's minimal filtering F(2 x 2, 3 x 3): 16
 * products for each tile of 4 outputs, input and output channel, in place of 36 (Lavin and Gray 2016, "Fast algorithms for
 * convolutional neural networks").
 *
 * <p>With d a 4 x 4 tile of the input and w a kernel, both per channel,
 *
 * <pre>
 * y = A^T [ (G w G^T) * (B^T d B) ] A
 * </pre>
 *
 * <p>where * multiplies elementwise and sums over channels: 16 matrix products over the tiles of several images, which run at
 * the rate of large matrix products whatever the size of the images. Adjoints use the transposes of the same maps.
 */
final class WinogradConvolution {
    private static final int POINTS = 16;
    /** Tiles that go into one matrix product: enough rows to run fast, few enough for the last cache. */
    private static final int ROWS = 384;

    /** Unused rows between points; with a power of two between them, points would share one set of the caches. */
    private static final int APART = 1;

    /** One side of a convolution: images that are cut into tiles, or put together from them. */
    private final WinogradImages read;

    private final WinogradImages written;
    private final int chunk;
    private final Tensor v;
    private final Tensor y;
    private final CpuKernels kernels;

    /**
     * @param images number of images N
     * @param inputs channels C read, a multiple of 16
     * @param outputs channels M written, a multiple of 16
     * @param height rows of an image read
     * @param width columns of an image read
     * @param padding zeros before and after rows and columns, 0 to 2
     */
    WinogradConvolution(
            CpuKernels kernels, int images, int inputs, int outputs, int height, int width, int... padding) {
        this.kernels = kernels;
        int rows = height + 2 * padding[0] - 2;
        int columns = width + 2 * padding[1] - 2;
        read = new WinogradImages(inputs, height, width, padding, rows, columns);
        written = new WinogradImages(outputs, rows, columns, new int[] {0, 0}, rows, columns);
        int wanted = Math.max(1, ROWS / read.tiles());
        int chunks = (images + wanted - 1) / wanted;
        chunk = (images + chunks - 1) / chunks;
        v = kernels.scratch(Kernels.Scratch.TILES_READ, POINTS, chunk * read.tiles() + APART, inputs);
        y = kernels.scratch(Kernels.Scratch.TILES_WRITTEN, POINTS, chunk * read.tiles() + APART, outputs);
    }

    /** out = images * weight; or, if {@code transposed}, the image adjoint for the adjoint {@code images}. */
    Kernel forward(Tensor images, WinogradWeight weight, boolean transposed, Tensor out) {
        Tensor u = weight.points();
        List<Kernel> products = new ArrayList<>();
        for (int k = 0; k < POINTS; k++) {
            Tensor factor = factor(u, transposed ? WinogradWeight.rotated(k) : k);
            products.add(kernels.matmul(point(v, k), false, factor, !transposed, point(y, k), false));
        }
        int n = images.length() / read.length();
        return () -> {
            weight.refresh();
            for (int from = 0; from < n; from += chunk) {
                int count = Math.min(chunk, n - from);
                for (int i = 0; i < count; i++) {
                    read.cut(images, from + i, v, i);
                }
                products.forEach(Kernel::run);
                for (int i = 0; i < count; i++) {
                    written.assemble(y, i, out, from + i);
                }
            }
        };
    }

    /** out = adjoint of the weight [M, C, 3, 3]. */
    Kernel weightAdjoint(Tensor images, Tensor adjoint, Tensor out) {
        Tensor u = kernels.scratch(Kernels.Scratch.TILES_WEIGHT, POINTS, out.size(0), out.size(1));
        List<Kernel> first = new ArrayList<>();
        List<Kernel> next = new ArrayList<>();
        for (int k = 0; k < POINTS; k++) {
            first.add(kernels.matmul(point(y, k), true, point(v, k), false, factor(u, k), false));
            next.add(kernels.matmul(point(y, k), true, point(v, k), false, factor(u, k), true));
        }
        WinogradWeight weight = new WinogradWeight(out, u);
        int n = images.length() / read.length();
        return () -> {
            for (int from = 0; from < n; from += chunk) {
                int count = Math.min(chunk, n - from);
                for (int i = 0; i < count; i++) {
                    read.cut(images, from + i, v, i);
                    written.spread(adjoint, from + i, y, i);
                }
                clear(count);
                (from == 0 ? first : next).forEach(Kernel::run);
            }
            weight.gather();
        };
    }

    /** Zeros the rows that the last chunk does not fill. */
    private void clear(int count) {
        for (int k = 0; k < POINTS && count < chunk; k++) {
            clear(point(v, k), count);
            clear(point(y, k), count);
        }
    }

    private void clear(Tensor rows, int count) {
        rows.fill(count * read.tiles() * rows.size(1), rows.length(), 0);
    }

    /** The rows of one point of v or y. */
    private Tensor point(Tensor points, int k) {
        int width = points.size(2);
        return points.part(k * points.size(1) * width, chunk * read.tiles(), width);
    }

    /** One point of a weight [16, M, C]. */
    private static Tensor factor(Tensor points, int k) {
        return points.part(k * points.size(1) * points.size(2), points.size(1), points.size(2));
    }
}

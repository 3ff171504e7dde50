package io.etastar.tensor;

/**
 * Max pooling by remembered winners.
 *
 * <p>Tangents and adjoints then are a gather and a scatter, right for overlapping windows too and without a mask over the
 * whole image.
 */
final class PoolKernels {
    private PoolKernels() {}

    static Kernel maxPool(Tensor images, Tensor out, int[] winners, Window window) {
        int planes = images.size(0) * images.size(1);
        return () -> {
            for (int plane = 0; plane < planes; plane++) {
                pool(plane, images, out, winners, window);
            }
        };
    }

    private static void pool(int plane, Tensor images, Tensor out, int[] winners, Window window) {
        Cells cells = images.cells();
        Cells target = out.cells();
        int height = images.size(2);
        int width = images.size(3);
        int top = window.before(0, height);
        int left = window.before(1, width);
        int base = images.offset() + plane * height * width;
        int at = plane * out.size(2) * out.size(3);
        for (int row = 0; row < out.size(2); row++) {
            for (int column = 0; column < out.size(3); column++, at++) {
                int winner = winner(
                        cells,
                        base,
                        height,
                        width,
                        row * window.stride()[0] - top,
                        column * window.stride()[1] - left,
                        window);
                winners[at] = winner - images.offset();
                target.set(out.offset() + at, cells.get(winner));
            }
        }
    }

    private static int winner(Cells cells, int base, int height, int width, int row, int column, Window window) {
        int best = -1;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < window.kernel()[0]; i++) {
            int y = row + i * window.dilation()[0];
            if (y < 0 || y >= height) {
                continue;
            }
            for (int j = 0; j < window.kernel()[1]; j++) {
                int x = column + j * window.dilation()[1];
                if (x < 0 || x >= width) {
                    continue;
                }
                int at = base + y * width + x;
                double value = cells.get(at);
                if (best < 0 || value > largest || Double.isNaN(value)) {
                    best = at;
                    largest = value;
                }
            }
        }
        return best;
    }

    static Kernel gather(Tensor in, int[] winners, Tensor out, int stack) {
        Cells from = in.cells();
        Cells to = out.cells();
        int step = in.length() / stack;
        return () -> {
            for (int k = 0; k < stack; k++) {
                int base = in.offset() + k * step;
                int target = out.offset() + k * winners.length;
                for (int i = 0; i < winners.length; i++) {
                    to.set(target + i, from.get(base + winners[i]));
                }
            }
        };
    }

    static Kernel scatter(Tensor in, int[] winners, Tensor out) {
        Cells from = in.cells();
        Cells to = out.cells();
        return () -> {
            out.fill(0, out.length(), 0);
            for (int i = 0; i < winners.length; i++) {
                int at = out.offset() + winners[i];
                to.set(at, to.get(at) + from.get(in.offset() + i));
            }
        };
    }
}

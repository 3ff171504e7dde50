package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;

/**
 * Max pooling that records the index of each window's largest element, the winner.
 *
 * <p>Tangents and adjoints are then a gather and a scatter, correct also for overlapping windows, without a mask over the
 * whole image. A NaN in a window makes its output NaN.
 */
final class MaxPoolLoops {
    private MaxPoolLoops() {}

    static Kernel maxPool(Tensor images, Tensor out, int[] winners, Window window) {
        Plane plane = new Plane(images.size(2), images.size(3), out.size(2), out.size(3), window);
        int planes = images.size(0) * images.size(1);
        double[] pixels = new double[plane.height * plane.width];
        double[] largest = new double[plane.rows * plane.columns];
        return () -> {
            for (int p = 0; p < planes; p++) {
                images.read(p * pixels.length, pixels, pixels.length);
                plane.pool(pixels, largest, winners, p);
                out.write(p * largest.length, largest, largest.length);
            }
        };
    }

    /** Geometry of one plane. */
    private static final class Plane {
        private final int height;
        private final int width;
        private final int rows;
        private final int columns;
        private final Window window;
        private final int kernelRows;
        private final int kernelColumns;
        private final int dilationRows;
        private final int dilationColumns;
        private double found;

        Plane(int height, int width, int rows, int columns, Window window) {
            this.height = height;
            this.width = width;
            this.rows = rows;
            this.columns = columns;
            this.window = window;
            kernelRows = window.kernel()[0];
            kernelColumns = window.kernel()[1];
            dilationRows = window.dilation()[0];
            dilationColumns = window.dilation()[1];
        }

        void pool(double[] pixels, double[] largest, int[] winners, int plane) {
            int top = window.before(0, height);
            int left = window.before(1, width);
            int at = 0;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++, at++) {
                    int y = row * window.stride()[0] - top;
                    int x = column * window.stride()[1] - left;
                    int winner = winner(pixels, y, x);
                    winners[plane * largest.length + at] = plane * pixels.length + winner;
                    largest[at] = found;
                }
            }
        }

        /** Without branches on the comparison: they are unpredictable and cost more than it. */
        private int winner(double[] pixels, int row, int column) {
            int y = inside(row, dilationRows);
            int firstX = inside(column, dilationColumns);
            int endY = Math.min(row + kernelRows * dilationRows, height);
            int endX = Math.min(column + kernelColumns * dilationColumns, width);
            int best = y * width + firstX;
            double largest = pixels[best];
            for (; y < endY; y += dilationRows) {
                for (int x = firstX; x < endX; x += dilationColumns) {
                    double value = pixels[y * width + x];
                    best = value > largest ? y * width + x : best;
                    largest = Math.max(largest, value);
                }
            }
            found = largest;
            return best;
        }

        /** The first of start, start + step, ... that is not negative. */
        private static int inside(int start, int step) {
            return start >= 0 ? start : start + (-start + step - 1) / step * step;
        }
    }

    static Kernel gather(Tensor in, int[] winners, Tensor out, int stack) {
        HostMemory from = HostMemory.of(in);
        HostMemory to = HostMemory.of(out);
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
        HostMemory from = HostMemory.of(in);
        HostMemory to = HostMemory.of(out);
        return () -> {
            out.fill(0, out.length(), 0);
            for (int i = 0; i < winners.length; i++) {
                int at = out.offset() + winners[i];
                to.set(at, to.get(at) + from.get(in.offset() + i));
            }
        };
    }
}

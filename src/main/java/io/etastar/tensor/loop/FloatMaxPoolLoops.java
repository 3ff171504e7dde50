package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.Arrays;

/** Max pooling in single precision on Java arrays, an image or a plane at a time; see {@link MaxPoolLoops}. */
final class FloatMaxPoolLoops {
    private static final int[] TWO = {2, 2};

    private FloatMaxPoolLoops() {}

    /** Whether windows are 2 x 2 side by side, without padding. */
    static boolean pairs(Window window) {
        return Arrays.equals(window.kernel(), TWO)
                && Arrays.equals(window.stride(), TWO)
                && !window.dilated()
                && !window.same()
                && Arrays.equals(window.padding(), new int[] {0, 0});
    }

    /** Windows of 2 x 2: no inner loop, and no branch on pixels. */
    static Kernel maxPool(Tensor images, Tensor out, int[] winners) {
        int width = images.size(3);
        int rows = out.size(2);
        int columns = out.size(3);
        int planes = images.size(0) * images.size(1);
        float[] pixels = new float[images.size(2) * width];
        float[] largest = new float[rows * columns];
        return () -> {
            for (int p = 0; p < planes; p++) {
                int base = p * pixels.length;
                images.read(base, pixels, 0, pixels.length);
                for (int row = 0; row < rows; row++) {
                    pool(
                            pixels,
                            2 * row * width,
                            width,
                            largest,
                            row * columns,
                            columns,
                            winners,
                            p * largest.length,
                            base);
                }
                out.write(p * largest.length, largest, 0, largest.length);
            }
        };
    }

    private static void pool(
            float[] pixels,
            int from,
            int width,
            float[] largest,
            int to,
            int columns,
            int[] winners,
            int at,
            int base) {
        for (int x = 0; x < columns; x++) {
            int i = from + 2 * x;
            float a = pixels[i];
            float b = pixels[i + 1];
            float c = pixels[i + width];
            float d = pixels[i + width + 1];
            int upper = b > a ? i + 1 : i;
            int lower = d > c ? i + width + 1 : i + width;
            float top = Math.max(a, b);
            float bottom = Math.max(c, d);
            winners[at + to + x] = base + (bottom > top ? lower : upper);
            largest[to + x] = Math.max(top, bottom);
        }
    }

    static Kernel gather(Tensor in, int[] winners, Tensor out, int stack, int images) {
        int step = in.length() / stack / images;
        int count = winners.length / images;
        float[] from = new float[step];
        float[] to = new float[count];
        return () -> {
            for (int k = 0; k < stack * images; k++) {
                int image = k % images;
                in.read(k * step, from, 0, step);
                int base = image * step;
                int at = image * count;
                for (int i = 0; i < count; i++) {
                    to[i] = from[winners[at + i] - base];
                }
                out.write(k * count, to, 0, count);
            }
        };
    }

    static Kernel scatter(Tensor in, int[] winners, Tensor out, int images) {
        int step = out.length() / images;
        int count = winners.length / images;
        float[] from = new float[count];
        float[] to = new float[step];
        return () -> {
            for (int image = 0; image < images; image++) {
                in.read(image * count, from, 0, count);
                Arrays.fill(to, 0);
                int base = image * step;
                int at = image * count;
                for (int i = 0; i < count; i++) {
                    to[winners[at + i] - base] += from[i];
                }
                out.write(image * step, to, 0, step);
            }
        };
    }
}

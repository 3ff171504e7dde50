package io.etastar.tensor;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/** The kernels' definitions as plain loops in double precision. */
public final class Naive {
    private Naive() {}

    /** Multi-index of a row-major position. */
    public static int[] index(int position, int... shape) {
        int[] index = new int[shape.length];
        int rest = position;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }

    /** Row-major position of a multi-index, of which as many last entries count as the shape has axes. */
    private static int position(int[] index, int... shape) {
        int position = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            int at = index[index.length - shape.length + axis];
            position = position * shape[axis] + (shape[axis] == 1 ? 0 : at);
        }
        return position;
    }

    public static double[] broadcast(DoubleBinaryOperator f, Tensor left, Tensor right, int... shape) {
        double[] out = new double[Shapes.length(shape)];
        for (int i = 0; i < out.length; i++) {
            int[] index = index(i, shape);
            out[i] =
                    f.applyAsDouble(left.get(position(index, left.shape())), right.get(position(index, right.shape())));
        }
        return out;
    }

    public static double[] sum(Tensor in, int... axes) {
        int[] kept = in.shape();
        for (int axis : axes) {
            kept[axis] = 1;
        }
        double[] out = new double[Shapes.length(kept)];
        for (int i = 0; i < in.length(); i++) {
            out[position(index(i, in.shape()), kept)] += in.get(i);
        }
        return out;
    }

    public static double[] matmul(Tensor a, boolean flipA, Tensor b, boolean flipB, double[] start) {
        int rows = a.size(flipA ? 1 : 0);
        int inner = a.size(flipA ? 0 : 1);
        int columns = b.size(flipB ? 0 : 1);
        double[] out = start.clone();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < inner; k++) {
                    double left = flipA ? a.get(k * rows + i) : a.get(i * inner + k);
                    out[i * columns + j] += left * (flipB ? b.get(j * inner + k) : b.get(k * columns + j));
                }
            }
        }
        return out;
    }

    /** What is done with each triple of an output, an image's element and a weight's element that belong together. */
    public interface Triple {
        void accept(int out, int image, int weight);
    }

    /** All triples of a convolution. */
    public static void convolve(int[] images, int[] weight, int[] out, Window w, Triple action) {
        for (int i = 0; i < Shapes.length(out); i++) {
            int[] o = index(i, out);
            for (int j = 0; j < weight[1] * weight[2] * weight[3]; j++) {
                int[] k = index(j, weight[1], weight[2], weight[3]);
                int row = o[2] * w.stride()[0] - w.before(0, images[2]) + k[1] * w.dilation()[0];
                int column = o[3] * w.stride()[1] - w.before(1, images[3]) + k[2] * w.dilation()[1];
                if (row >= 0 && row < images[2] && column >= 0 && column < images[3]) {
                    int at = ((o[0] * images[1] + k[0]) * images[2] + row) * images[3] + column;
                    action.accept(i, at, o[1] * weight[1] * weight[2] * weight[3] + j);
                }
            }
        }
    }

    /** All pairs of an output of a pooling and an element of its window, as {@code accept(out, image, 0)}. */
    public static void pool(int[] images, int[] out, Window w, Triple action) {
        int[] plane = {images[0] * images[1], 1, images[2], images[3]};
        int[] outPlane = {out[0] * out[1], 1, out[2], out[3]};
        convolve(plane, new int[] {1, 1, w.kernel()[0], w.kernel()[1]}, outPlane, w, action);
    }

    public static double[] logSoftmax(Tensor in) {
        int classes = in.size(1);
        double[] out = in.toDoubles();
        for (int row = 0; row < in.size(0); row++) {
            double[] z = Arrays.copyOfRange(out, row * classes, (row + 1) * classes);
            double largest = Arrays.stream(z).max().orElseThrow();
            double total = Arrays.stream(z).map(v -> Math.exp(v - largest)).sum();
            for (int c = 0; c < classes; c++) {
                out[row * classes + c] = z[c] - largest - Math.log(total);
            }
        }
        return out;
    }

    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of stacks of small matrices in single precision on the Vector API, such as those of attention: out[g] = left[g]
 * right[g], or added to out[g]. A native library spends more on beginning each product than on its arithmetic.
 *
 * <p>Each number is summed over the inner side in its order, so the result does not depend on the lanes of a vector.
 */
final class FloatSmallProducts implements Kernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Rows of a product at a time: four sums hide the time that a multiplication takes. */
    private static final int ROWS = 4;
    /** Multiplications of a product from where on the native library is faster. */
    private static final int MOST = 32 * 16 * 32;

    private final Tensor left;
    private final boolean transposeLeft;
    private final Tensor right;
    private final boolean transposeRight;
    private final Tensor out;
    private final boolean accumulate;
    private final int rows;
    private final int inner;
    private final int columns;
    /** Columns up to whole vectors. */
    private final int width;

    /** An operand as it lies in its tensor. */
    private final float[] dense;
    /** [rows up to a multiple of ROWS, inner]. */
    private final float[] a;
    /** [inner, width]. */
    private final float[] b;
    /** [rows up to a multiple of ROWS, width]. */
    private final float[] c;

    FloatSmallProducts(
            Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor out, boolean accumulate) {
        this.left = left;
        this.transposeLeft = transposeLeft;
        this.right = right;
        this.transposeRight = transposeRight;
        this.out = out;
        this.accumulate = accumulate;
        rows = out.size(1);
        columns = out.size(2);
        inner = left.size(transposeLeft ? 1 : 2);
        width = (columns + LANES - 1) / LANES * LANES;
        int height = (rows + ROWS - 1) / ROWS * ROWS;
        dense = new float[Math.max(rows * columns, inner * Math.max(rows, columns))];
        a = new float[height * inner];
        b = new float[inner * width];
        c = new float[height * width];
    }

    /** Whether a stack's products [rows, inner] [inner, columns] are so small. */
    static boolean pays(int rows, int inner, int columns) {
        return (long) rows * inner * columns <= MOST;
    }

    @Override
    public void run() {
        for (int g = 0; g < out.size(0); g++) {
            load(left, g, !transposeLeft, rows, inner, inner, a);
            load(right, g, !transposeRight, inner, columns, width, b);
            if (accumulate) {
                load(out, g, true, rows, columns, width, c);
            } else {
                Arrays.fill(c, 0);
            }
            for (int row = 0; row < rows; row += ROWS) {
                for (int column = 0; column < columns; column += LANES) {
                    addProducts(row, column);
                }
            }
            store(g);
        }
    }

    /** Matrix {@code g} of a stack, [height, length] or its transpose, into rows {@code stride} apart. */
    private void load(Tensor stack, int g, boolean asItLies, int height, int length, int stride, float[] to) {
        stack.read(g * height * length, dense, 0, height * length);
        if (!asItLies) {
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < length; j++) {
                    to[i * stride + j] = dense[j * height + i];
                }
            }
            return;
        }
        for (int i = 0; i < height; i++) {
            System.arraycopy(dense, i * length, to, i * stride, length);
        }
    }

    private void store(int g) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(c, i * width, dense, i * columns, columns);
        }
        out.write(g * rows * columns, dense, 0, rows * columns);
    }

    /** One vector of columns of {@link #ROWS} rows. */
    private void addProducts(int row, int column) {
        int at = row * width + column;
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, at);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, at + width);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, at + 2 * width);
        FloatVector c3 = FloatVector.fromArray(SPECIES, c, at + 3 * width);
        int from = row * inner;
        for (int k = 0; k < inner; k++) {
            FloatVector x = FloatVector.fromArray(SPECIES, b, k * width + column);
            c0 = x.fma(FloatVector.broadcast(SPECIES, a[from + k]), c0);
            c1 = x.fma(FloatVector.broadcast(SPECIES, a[from + inner + k]), c1);
            c2 = x.fma(FloatVector.broadcast(SPECIES, a[from + 2 * inner + k]), c2);
            c3 = x.fma(FloatVector.broadcast(SPECIES, a[from + 3 * inner + k]), c3);
        }
        c0.intoArray(c, at);
        c1.intoArray(c, at + width);
        c2.intoArray(c, at + 2 * width);
        c3.intoArray(c, at + 3 * width);
    }
}

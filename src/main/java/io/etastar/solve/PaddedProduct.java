package io.etastar.solve;

/**
 * Products of row-major matrices whose numbers of rows and columns are padded to multiples of 16.
 *
 * <p>Blocks of four rows by some columns stay in registers while they are summed up: on matrices of some hundred rows that is several times
 * as fast as a general BLAS, and of symmetric results half is computed. Each element is one chain of fused multiplications and additions
 * in the order of the sum, so that its bits do not depend on the width of blocks, nor on their order.
 */
final class PaddedProduct {
    static final int ROWS = 4;
    private static final int PADDING = 16;

    /**
     * Elements (512 KiB) up to which matrices are multiplied as they are. Of larger ones the columns of a block are put side by side first, and the rows of the
     * matrix on the left in fours: a step down a column is a line of the cache, and often a page, of its own otherwise. 512 rows and
     * columns take half of the time, 100 gain less than the copies cost.
     */
    private static final int SMALL = 1 << 16;

    /** The class that uses the Vector API is only loaded in a JVM that has the module: Spark's have it, a user's own may not. */
    private static final Block BLOCK =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent() ? new VectorBlock() : new ScalarBlock();

    private PaddedProduct() {}

    /** The least multiple of 16 that is not below a length. */
    static int padded(int length) {
        return (length + PADDING - 1) / PADDING * PADDING;
    }

    /**
     * left right.
     *
     * @param left [rows, inner]
     * @param right [inner, columns]
     * @return a new array [rows, columns]
     */
    static double[] of(double[] left, double[] right, int rows, int inner, int columns) {
        return product(left, right, inner, new double[rows * columns], columns, false);
    }

    /**
     * left right, which is symmetric: the elements below the diagonal are those above it.
     *
     * @param left [size, inner]
     * @param right [inner, size]
     * @return a new array [size, size]
     */
    static double[] symmetric(double[] left, double[] right, int size, int inner) {
        double[] result = product(left, right, inner, new double[size * size], size, true);
        for (int i = 0; i < size; i += PADDING) {
            for (int j = i; j < size; j += PADDING) {
                mirror(result, size, i, j);
            }
        }
        return result;
    }

    /** Copies the elements of a square of 16 by 16 above the diagonal to below it: by squares, which the cache holds. */
    private static void mirror(double[] result, int size, int from, int to) {
        for (int i = from; i < from + PADDING; i++) {
            for (int j = Math.max(i + 1, to); j < to + PADDING; j++) {
                result[j * size + i] = result[i * size + j];
            }
        }
    }

    /**
     * The transpose.
     *
     * @param matrix [rows, columns]
     * @return a new array [columns, rows]
     */
    static double[] transposed(double[] matrix, int rows, int columns) {
        double[] result = new double[matrix.length];
        for (int square = 0; square < columns; square += PADDING) {
            for (int i = 0; i < rows; i++) {
                for (int j = square; j < square + PADDING; j++) {
                    result[j * rows + i] = matrix[i * columns + j];
                }
            }
        }
        return result;
    }

    /** Writes all blocks, or those that reach above the diagonal, columns first: those of one block are read for all rows. */
    private static double[] product(
            double[] left, double[] right, int inner, double[] result, int columns, boolean above) {
        boolean small = right.length <= SMALL;
        double[] fours = small ? left : inFours(left, inner);
        double[] panel = small ? right : new double[inner * BLOCK.width()];
        for (int j = 0; j < columns; j += BLOCK.width()) {
            if (!small) {
                copyColumns(right, j, columns, panel);
            }
            int end = above ? Math.min(columns, j + BLOCK.width()) : result.length / columns;
            for (int i = 0; i < end; i += ROWS) {
                if (small) {
                    BLOCK.sum(left, i * inner, right, j, inner, result, i * columns + j, columns);
                } else {
                    BLOCK.packedSum(fours, i * inner, panel, inner, result, i * columns + j, columns);
                }
            }
        }
        return result;
    }

    /** Each four rows [4, inner] as [inner, 4]. */
    static double[] inFours(double[] left, int inner) {
        double[] result = new double[left.length];
        for (int from = 0; from < left.length; from += ROWS * inner) {
            for (int k = 0; k < inner; k++) {
                int to = from + k * ROWS;
                result[to] = left[from + k];
                result[to + 1] = left[from + inner + k];
                result[to + 2] = left[from + 2 * inner + k];
                result[to + 3] = left[from + 3 * inner + k];
            }
        }
        return result;
    }

    /** The columns of a block, side by side [inner, width]. */
    private static void copyColumns(double[] right, int from, int columns, double[] panel) {
        int width = BLOCK.width();
        for (int at = from, to = 0; to < panel.length; at += columns, to += width) {
            System.arraycopy(right, at, panel, to, width);
        }
    }

    /** Computes four rows by {@link #width} columns of a product, each element as a sum over {@code inner} products. */
    interface Block {
        /** How many columns, a divisor of 16 and a multiple of 4. */
        int width();

        /**
         * Of matrices as they are.
         *
         * @param a where the first row begins in {@code left}
         * @param b the first column of {@code right}
         * @param c where the block begins in {@code result}
         * @param columns of {@code right} and {@code result}
         */
        void sum(double[] left, int a, double[] right, int b, int inner, double[] result, int c, int columns);

        /**
         * Of rows in fours and columns side by side, both read in the order in which they lie.
         *
         * @param fours from {@code a} on [inner, 4]
         * @param panel [inner, width]
         */
        void packedSum(double[] fours, int a, double[] panel, int inner, double[] result, int c, int columns);
    }
}

package io.etastar.solve;

/**
 * Products of row-major matrices whose numbers of rows and columns are padded to multiples of 16.
 *
 * <p>Blocks of four rows by some columns stay in registers while they are summed up: on matrices of some hundred rows that is several times
 * as fast as a general BLAS, and of symmetric results half is computed. Each element is one chain of fused multiplications and additions
 * in the order of the sum, so that its bits do not depend on the width of blocks.
 */
final class PaddedProduct {
    private static final int ROWS = 4;
    private static final int PADDING = 16;

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
        double[] result = new double[rows * columns];
        for (int i = 0; i < rows; i += ROWS) {
            for (int j = 0; j < columns; j += BLOCK.width()) {
                BLOCK.sum(left, i * inner, right, j, result, i * columns + j, inner, columns);
            }
        }
        return result;
    }

    /**
     * left right, which is symmetric: the blocks below the diagonal are those above it.
     *
     * @param left [size, inner]
     * @param right [inner, size]
     * @return a new array [size, size]
     */
    static double[] symmetric(double[] left, double[] right, int size, int inner) {
        double[] result = new double[size * size];
        for (int i = 0; i < size; i += ROWS) {
            for (int j = i / BLOCK.width() * BLOCK.width(); j < size; j += BLOCK.width()) {
                BLOCK.sum(left, i * inner, right, j, result, i * size + j, inner, size);
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++) {
                result[j * size + i] = result[i * size + j];
            }
        }
        return result;
    }

    /** Computes four rows by {@link #width} columns of a product. */
    interface Block {
        /** How many columns, a divisor of 16 and a multiple of 4. */
        int width();

        /**
         * Writes the sums over {@code inner} products each.
         *
         * @param a where the first row of {@code left} begins
         * @param b the first column of {@code right}
         * @param c where the block begins in {@code result}
         * @param columns of {@code right} and {@code result}
         */
        void sum(double[] left, int a, double[] right, int b, double[] result, int c, int inner, int columns);
    }

    /** For a JVM without the Vector API. */
    static final class ScalarBlock implements Block {
        @Override
        public int width() {
            return 4;
        }

        @Override
        public void sum(double[] left, int a, double[] right, int b, double[] result, int c, int inner, int columns) {
            for (int i = 0; i < ROWS; i++) {
                row(left, a + i * inner, right, b, result, c + i * columns, inner, columns);
            }
        }

        private static void row(
                double[] left, int a, double[] right, int b, double[] result, int c, int inner, int columns) {
            double sum0 = 0;
            double sum1 = 0;
            double sum2 = 0;
            double sum3 = 0;
            int at = b;
            for (int k = a; k < a + inner; k++) {
                sum0 = Math.fma(left[k], right[at], sum0);
                sum1 = Math.fma(left[k], right[at + 1], sum1);
                sum2 = Math.fma(left[k], right[at + 2], sum2);
                sum3 = Math.fma(left[k], right[at + 3], sum3);
                at += columns;
            }
            result[c] = sum0;
            result[c + 1] = sum1;
            result[c + 2] = sum2;
            result[c + 3] = sum3;
        }
    }
}

package io.etastar.solve;

import java.util.Arrays;

/**
 * Products of matrices in panels of some columns each, which lie row by row: element (i, j) of [rows, columns] is at
 * (j / width rows + i) width + j % width. Rows and columns are multiples of the width. Arrays may be longer than a matrix.
 *
 * <p>Blocks of four rows by a panel stay in registers while they are summed up. Both factors are read in steps of one constant, a row of a panel, so
 * that the compiler leaves out its checks of bounds; nothing is copied for it. Row-major matrices took twice as long, those of 64 rows mostly for
 * transposing. Of symmetric results half is computed. Each element is one chain of fused multiplications and additions in the order of the
 * sum, so that its bits depend neither on the width of panels nor on the order of blocks.
 */
final class PanelProduct {
    static final int ROWS = 4;

    private static final Block BLOCK = block();

    private static final int WIDTH = BLOCK.width();

    private PanelProduct() {}

    /**
     * The class that uses the Vector API is only loaded in a JVM that has the module: Spark's have it, a user's own may not. With vectors of one
     * number, a panel of two columns would have a square that four rows do not fit in.
     */
    private static Block block() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            Block vectors = new VectorBlock();
            if (vectors.width() % ROWS == 0) {
                return vectors;
            }
        }
        return new ScalarBlock();
    }

    /** The least multiple of a panel's width that is not below a length. */
    static int padded(int length) {
        return (length + WIDTH - 1) / WIDTH * WIDTH;
    }

    /**
     * Puts a row-major matrix [rows, columns], times a number, into panels, zeros around it.
     *
     * @param from where the matrix begins
     * @param panels [padded rows, padded columns]
     */
    static void fill(double[] matrix, int from, int rows, int columns, double factor, double[] panels) {
        int height = padded(rows);
        Arrays.fill(panels, 0, height * padded(columns), 0);
        for (int j = 0; j < columns; j += WIDTH) {
            int width = Math.min(WIDTH, columns - j);
            for (int i = 0; i < rows; i++) {
                int at = from + i * columns + j;
                int to = j * height + i * WIDTH;
                for (int k = 0; k < width; k++) {
                    panels[to + k] = matrix[at + k] * factor;
                }
            }
        }
    }

    /** Takes a matrix out of panels again, as {@link #fill} put it there. */
    static void copy(double[] panels, double[] matrix, int from, int rows, int columns) {
        int height = padded(rows);
        for (int j = 0; j < columns; j += WIDTH) {
            int width = Math.min(WIDTH, columns - j);
            for (int i = 0; i < rows; i++) {
                int at = j * height + i * WIDTH;
                int to = from + i * columns + j;
                for (int k = 0; k < width; k++) {
                    matrix[to + k] = panels[at + k];
                }
            }
        }
    }

    /**
     * Transposes, by squares.
     *
     * @param panels [rows, columns]
     * @param result [columns, rows]
     */
    static void transpose(double[] panels, int rows, int columns, double[] result) {
        for (int j = 0; j < columns; j += WIDTH) {
            for (int i = 0; i < rows; i += WIDTH) {
                turn(panels, j * rows + i * WIDTH, result, i * columns + j * WIDTH);
            }
        }
    }

    /** Transposes one square, which lies in one piece. */
    private static void turn(double[] from, int at, double[] to, int start) {
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < WIDTH; j++) {
                to[start + j * WIDTH + i] = from[at + i * WIDTH + j];
            }
        }
    }

    /** Adds a number to each element of the diagonal of [size, size]. */
    static void addToDiagonal(double[] panels, int size, double number) {
        for (int i = 0; i < size; i++) {
            panels[(i / WIDTH * size + i) * WIDTH + i % WIDTH] += number;
        }
    }

    /**
     * left' right.
     *
     * @param left [inner, rows]
     * @param right [inner, columns]
     * @param result [rows, columns], another array
     */
    static void multiply(double[] left, double[] right, int rows, int inner, int columns, double[] result) {
        product(left, right, rows, inner, columns, false, result);
    }

    /**
     * left' right, which is symmetric: the elements below the diagonal are those above it.
     *
     * @param left [inner, size]
     * @param right [inner, size]
     * @param result [size, size], another array
     */
    static void multiplySymmetric(double[] left, double[] right, int size, int inner, double[] result) {
        product(left, right, size, inner, size, true, result);
        for (int j = 0; j < size; j += WIDTH) {
            for (int i = 0; i < j; i += WIDTH) {
                turn(result, j * size + i * WIDTH, result, i * size + j * WIDTH);
            }
            mirror(result, j * size + j * WIDTH);
        }
    }

    /** Of a square on the diagonal: its halves differ by rounding where the product is only nearly symmetric. */
    private static void mirror(double[] panels, int at) {
        for (int i = 0; i < WIDTH; i++) {
            for (int j = i + 1; j < WIDTH; j++) {
                panels[at + j * WIDTH + i] = panels[at + i * WIDTH + j];
            }
        }
    }

    /** Sums up all blocks, or those that reach above the diagonal. */
    private static void product(
            double[] left, double[] right, int rows, int inner, int columns, boolean above, double[] result) {
        for (int j = 0; j < columns; j += WIDTH) {
            int end = above ? j + WIDTH : rows;
            for (int i = 0; i < end; i += ROWS) {
                int a = i / WIDTH * WIDTH * inner + i % WIDTH;
                BLOCK.sum(left, a, right, j * inner, inner, result, j * rows + i * WIDTH);
            }
        }
    }

    /** Computes four rows by a panel of a product. */
    interface Block {
        /** How many columns a panel has. */
        int width();

        /**
         * The sum over k of four elements of {@code left} times a row of {@code right}, both of which begin {@code width} elements further for the next k.
         *
         * @param a where the four elements begin
         * @param b where the row begins
         * @param c where the first of the four rows begins, {@code width} elements each
         */
        void sum(double[] left, int a, double[] right, int b, int inner, double[] result, int c);
    }
}

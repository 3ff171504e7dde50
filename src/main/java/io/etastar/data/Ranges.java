package io.etastar.data;

/** Checks that every reader makes. */
public final class Ranges {
    private Ranges() {}

    /** Number of rows of [from, to). */
    public static int check(int from, int to, int rows) {
        if (from < 0 || to < from || to > rows) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + to + " of " + rows);
        }
        return to - from;
    }

    /** Product of a shape's sides; 1 for an empty shape. */
    public static int length(int[] shape) {
        int length = 1;
        for (int side : shape) {
            length = Math.multiplyExact(length, side);
        }
        return length;
    }
}

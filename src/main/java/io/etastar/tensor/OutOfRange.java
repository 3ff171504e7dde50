package io.etastar.tensor;

/** What kernels say of numbers in the data that are no index; every backend says the same. */
public final class OutOfRange {
    private OutOfRange() {}

    /** Of {@link Kernels#oneHot}. */
    public static IllegalArgumentException label(int row, double label, int classes) {
        return new IllegalArgumentException(
                "row " + row + " has label " + label + ", expected a whole number from 0 to " + (classes - 1));
    }

    /** Of {@link Kernels#pickRows}. */
    public static IllegalArgumentException row(double index, String name, int rows) {
        return new IllegalArgumentException(
                "found index " + index + " for '" + name + "', expected 0 to " + (rows - 1));
    }
}

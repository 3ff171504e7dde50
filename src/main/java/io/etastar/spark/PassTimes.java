package io.etastar.spark;

/**
 * Time of one or more passes.
 *
 * @param wall seconds on the driver's clock
 * @param compute seconds the longest task spent inside the engine
 */
public record PassTimes(double wall, double compute) {
    /** No time. */
    public static final PassTimes ZERO = new PassTimes(0, 0);

    /** Both times added. */
    public PassTimes plus(PassTimes other) {
        return new PassTimes(wall + other.wall, compute + other.compute);
    }

    /** Scheduling, transfer and merging: wall less compute. */
    public double spark() {
        return Math.max(0, wall - compute);
    }
}

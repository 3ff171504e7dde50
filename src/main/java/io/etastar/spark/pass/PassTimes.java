package io.etastar.spark.pass;

/**
 * Time and traffic of one or more passes.
 *
 * @param wall seconds on the driver's clock
 * @param compute seconds the longest task spent inside the engine
 * @param broadcast seconds in which the driver made what it sends
 * @param fetch longest seconds in which a task waited for it
 * @param merge seconds in which the driver read and added results
 * @param resultBytes bytes of all results that came to the driver
 */
public record PassTimes(double wall, double compute, double broadcast, double fetch, double merge, long resultBytes) {
    /** No time. */
    public static final PassTimes ZERO = new PassTimes(0, 0, 0, 0, 0, 0);

    /** Both added. */
    public PassTimes plus(PassTimes other) {
        return new PassTimes(
                wall + other.wall,
                compute + other.compute,
                broadcast + other.broadcast,
                fetch + other.fetch,
                merge + other.merge,
                resultBytes + other.resultBytes);
    }

    /** This less what was there before. */
    public PassTimes minus(PassTimes before) {
        return new PassTimes(
                wall - before.wall,
                compute - before.compute,
                broadcast - before.broadcast,
                fetch - before.fetch,
                merge - before.merge,
                resultBytes - before.resultBytes);
    }

    /** The share of each of {@code steps} steps. */
    public PassTimes over(int steps) {
        return new PassTimes(
                wall / steps, compute / steps, broadcast / steps, fetch / steps, merge / steps, resultBytes / steps);
    }

    /** The rest of the wall time: scheduling of tasks, transfer of results, rounds of merging on executors. */
    public double scheduling() {
        return Math.max(0, wall - compute - broadcast - fetch - merge);
    }
}

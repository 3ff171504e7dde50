package io.etastar.tune;

import java.util.List;

/** A way to choose the points that are tried. The same trials before it give the same points. */
public interface Search {
    /**
     * The points to try next, one after another.
     *
     * @param done all trials before, in order
     * @return [points][domains] in [0, 1]; none if the search has ended
     */
    List<double[]> next(List<Scored> done);

    /** Number of trials of the whole search. */
    int trials();

    /**
     * A point that was tried.
     *
     * @param point [domains] in [0, 1]
     * @param score lower is better; infinite if training diverged
     */
    record Scored(double[] point, double score) {}
}

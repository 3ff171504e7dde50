package io.etastar.taylor;

import io.etastar.quantity.Point;
import io.etastar.tensor.RawArray;

/** A compiled model that computes at one point at a time. Used by one thread at a time. */
public interface PointProgram extends AutoCloseable {
    /**
     * Copies theta [P], flat in layout order, in; zero before the first call.
     *
     * @throws IllegalArgumentException if the length is not P
     */
    void setParameters(RawArray theta);

    /**
     * Copies a direction [P] in; zero before the first call. Without effect on programs that compute along none.
     *
     * @throws IllegalArgumentException if the length is not P
     */
    default void setDirection(RawArray direction) {}

    /** Switches dropout on, with the masks of that seed. */
    void setSeed(long seed);

    /** Makes dropout the identity again. */
    void clearSeed();

    /** Takes over the point's parameters, its seed or none, and its direction if it has one. */
    default void moveTo(Point<RawArray> point) {
        setParameters(point.theta());
        if (point.direction() != null) {
            setDirection(point.direction());
        }
        if (point.seed() == null) {
            clearSeed();
        } else {
            setSeed(point.seed());
        }
    }

    /** Frees the native buffers. */
    @Override
    void close();
}

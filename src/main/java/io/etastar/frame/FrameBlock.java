package io.etastar.frame;

import io.etastar.data.Shard;
import java.io.Serializable;

/** Consecutive rows of one partition of a frame, as raw arrays. */
record FrameBlock(Shard rows, Facts facts) implements Serializable {
    /**
     * Facts about some consecutive rows.
     *
     * @param rows how many
     * @param features elements of a row's features; 0 if there are no rows
     * @param targets elements of a row's targets; 0 if there are no rows
     * @param least smallest target
     * @param most largest target
     * @param problem with them, a message for the user, or null
     */
    record Facts(long rows, int features, int targets, double least, double most, String problem)
            implements Serializable {
        static final Facts NONE = new Facts(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, null);

        static Facts wrong(String problem) {
            return new Facts(0, 0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, problem);
        }

        /** The facts about these rows and those after them; the first problem counts. */
        Facts and(Facts next, FrameColumns columns) {
            if (problem != null || next.rows == 0 && next.problem == null) {
                return this;
            }
            if (rows == 0 || next.problem != null) {
                return next;
            }
            if (features != next.features) {
                return wrong(FrameReader.lengths(columns.featureName(), features, next.features));
            }
            if (targets != next.targets) {
                return wrong(FrameReader.lengths(columns.label(), targets, next.targets));
            }
            return new Facts(
                    rows + next.rows, features, targets, Math.min(least, next.least), Math.max(most, next.most), null);
        }
    }
}

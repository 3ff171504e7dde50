package io.etastar.frame;

import io.etastar.data.RowDigest;
import io.etastar.data.Shard;
import java.io.Serializable;
import java.util.BitSet;
import java.util.TreeMap;

/** Consecutive rows of one partition of a frame, as raw arrays. */
record FrameBlock(Shard rows, Facts facts) implements Serializable {
    /**
     * Facts about some consecutive rows.
     *
     * @param content what tells them from others
     * @param features elements of a row's features; 0 if there are no rows
     * @param targets elements of a row's targets; 0 if there are no rows
     * @param least smallest target
     * @param most largest target
     * @param weight the largest of a row
     * @param present class indices that there are; empty if that does not matter
     * @param groups how many rows each group has, by its index; empty if rows are in no groups; shared
     * @param problem with them, a message for the user, or null
     */
    record Facts(
            RowDigest content,
            int features,
            int targets,
            double least,
            double most,
            double weight,
            BitSet present,
            TreeMap<Integer, Integer> groups,
            String problem)
            implements Serializable {
        static final Facts NONE = wrong(null);

        static Facts wrong(String problem) {
            return new Facts(
                    RowDigest.NONE,
                    0,
                    0,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    0,
                    new BitSet(),
                    new TreeMap<>(),
                    problem);
        }

        /** How many rows. */
        long rows() {
            return content.rows();
        }

        /** The facts about these rows and those after them; the first problem counts. */
        Facts and(Facts next, FrameColumns columns) {
            if (problem != null || next.rows() == 0 && next.problem == null) {
                return this;
            }
            if (rows() == 0 || next.problem != null) {
                return next;
            }
            if (features != next.features) {
                return wrong(FrameReader.lengths(columns.featureName(), features, next.features));
            }
            if (targets != next.targets) {
                return wrong(FrameReader.lengths(columns.label(), targets, next.targets));
            }
            BitSet both = (BitSet) present.clone();
            both.or(next.present);
            TreeMap<Integer, Integer> all = new TreeMap<>(groups);
            next.groups.forEach((group, rows) -> all.merge(group, rows, Integer::sum));
            return new Facts(
                    content.plus(next.content),
                    features,
                    targets,
                    Math.min(least, next.least),
                    Math.max(most, next.most),
                    Math.max(weight, next.weight),
                    both,
                    all,
                    null);
        }
    }
}

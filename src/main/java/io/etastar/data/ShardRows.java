package io.etastar.data;

import io.etastar.tensor.RawArray;

/** Rows picked out of shards. */
final class ShardRows {
    private ShardRows() {}

    /** Weights of {@code rows}, a new array, or null if all are 1. */
    static double[] weights(Shard shard, int[] rows) {
        if (shard.weights() == null) {
            return null;
        }
        double[] weights = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            weights[i] = shard.weights()[rows[i]];
        }
        return weights;
    }

    /** Targets of {@code rows}; a new array in the precision of the shard's. */
    static RawArray targets(Shard shard, int[] rows) {
        int length = shard.targetLength();
        RawArray targets = RawArray.zeros(shard.targets().type(), rows.length * length);
        for (int i = 0; i < rows.length; i++) {
            copy(shard.targets(), rows[i] * length, targets, i * length, length);
        }
        return targets;
    }

    /** Copies elements between arrays of the same precision. */
    static void copy(RawArray source, int from, RawArray target, int to, int count) {
        Object in = source.floats() != null ? source.floats() : source.doubles();
        Object out = target.floats() != null ? target.floats() : target.doubles();
        System.arraycopy(in, from, out, to, count);
    }
}

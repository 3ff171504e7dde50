package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.etastar.tensor.RawArray;
import org.junit.jupiter.api.Test;

class ShardTest {
    private static final Shard NONE = new Shard(0, RawArray.of(new float[0]), RawArray.of(new float[0]));

    private static Shard shard(double[] weights, float... features) {
        return new Shard(
                features.length / 2, RawArray.of(features), RawArray.of(new float[features.length / 2]), weights);
    }

    @Test
    void rowsFollowRows() {
        Shard both = shard(null, 1, 2, 3, 4).followedBy(shard(new double[] {0.5}, 5, 6));
        assertEquals(3, both.rows());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, both.features().floats());
        assertArrayEquals(new double[] {1, 1, 0.5}, both.weights());
        assertNull(shard(null, 1, 2).followedBy(shard(null, 3, 4)).weights());
    }

    @Test
    void inDoublePrecisionIfOneIs() {
        Shard both = shard(null, 1, 2).followedBy(shard(null, 3, 4).widened());
        assertArrayEquals(new double[] {1, 2, 3, 4}, both.features().doubles());
        assertEquals(2, both.targets().floats().length);
    }

    @Test
    void aShardWithoutRowsAddsNothing() {
        Shard one = shard(null, 1, 2);
        assertSame(one, one.followedBy(NONE));
        assertSame(one.features(), NONE.followedBy(one).features());
        assertEquals(
                0, NONE.followedBy(one.withDigest(RowDigest.of(one))).digest().value());
    }

    @Test
    void digestsOfPartsAreThoseOfTheParts() {
        Shard first = shard(null, 1, 2, 3, 4);
        Shard second = shard(null, 5, 6);
        Shard both = first.followedBy(second);
        assertEquals(RowDigest.of(first), RowDigest.of(both, 0, 2));
        assertEquals(RowDigest.of(second), RowDigest.of(both, 2, 3));
    }
}

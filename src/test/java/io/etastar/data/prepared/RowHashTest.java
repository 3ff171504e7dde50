package io.etastar.data.prepared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.tensor.RawArray;
import org.junit.jupiter.api.Test;

class RowHashTest {
    private static final Shard SHARD = new Shard(
            2, RawArray.of(new float[] {1.5f, -2, 0, 0.25f}), RawArray.of(new float[] {3, 1}), new double[] {1, 2});

    /** The part of a row whose position is known, with the boundary just below and just above it. */
    private static void assertPosition(double position, long seed, int row) {
        assertEquals(0, new RowHash(new double[] {position + 1e-9, 1 - position - 1e-9, 0}, seed).part(SHARD, row));
        assertEquals(2, new RowHash(new double[] {position - 1e-9, 0, 1 - position + 1e-9}, seed).part(SHARD, row));
    }

    /** Positions computed with Python's hashlib and struct. */
    @Test
    void theHashIsWhatTheDocumentationSays() {
        assertPosition(0.793774409986, 0, 0);
        assertPosition(0.983184692358, 7, 0);
        assertPosition(0.617435934427, 0, 1);
    }

    @Test
    void sharesAreKeptAndAllGoesToAWholeShare() {
        int rows = 20_000;
        float[] features = new float[rows];
        for (int i = 0; i < rows; i++) {
            features[i] = i;
        }
        Shard shard = new Shard(rows, RawArray.of(features), RawArray.of(new float[rows]));
        RowHash hash = new RowHash(new double[] {0.7, 0.1, 0.2}, 1);
        int[] counts = new int[3];
        for (int i = 0; i < rows; i++) {
            counts[hash.part(shard, i)]++;
            assertEquals(1, new RowHash(new double[] {0, 1, 0}, 1).part(shard, i));
        }
        // Five standard deviations.
        assertTrue(Math.abs(counts[0] - 14_000) < 325, "train " + counts[0]);
        assertTrue(Math.abs(counts[1] - 2_000) < 213, "validation " + counts[1]);
        assertTrue(Math.abs(counts[2] - 4_000) < 283, "test " + counts[2]);
    }
}

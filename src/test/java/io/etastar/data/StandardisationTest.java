package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.RawArray;
import org.junit.jupiter.api.Test;

class StandardisationTest {
    private static final int[] IMAGE = {2, 1, 2};

    @Test
    void ofExactSums() {
        Standardisation s = Standardisation.of(4, new long[] {10, 8}, new long[] {30, 16}, 0.5);
        assertArrayEquals(new double[] {1.25, 1}, s.mean(), 0);
        assertArrayEquals(new double[] {Math.sqrt(1.25) / 2, 1}, s.deviation(), 1e-16);
        assertEquals(2, Standardisation.channels(IMAGE));
        assertEquals(4, Standardisation.channels(new int[] {4}));
        assertEquals(1, Standardisation.channels(new int[] {2, 2}));
    }

    @Test
    void sumsThatWouldOverflowALong() {
        long count = 1L << 40;
        Standardisation s = Standardisation.of(count, new long[] {count}, new long[] {2 * count}, 1);
        assertEquals(1, s.mean()[0]);
        assertEquals(1, s.deviation()[0]);
    }

    @Test
    void ofFeatures() {
        RawArray features = RawArray.of(new double[] {1, 3, 7, 7, 5, 11, 7, 7});
        Standardisation s = Standardisation.of(features, IMAGE);
        assertArrayEquals(new double[] {5, 7}, s.mean(), 1e-15);
        assertArrayEquals(new double[] {Math.sqrt(14), 1}, s.deviation(), 1e-15);
    }

    @Test
    void aSmallSpreadOnALargeMean() {
        double[] values = new double[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1e9 + i % 2;
        }
        Standardisation s = Standardisation.of(RawArray.of(values), new int[] {1, 2, 5});
        assertEquals(1e9 + 0.5, s.mean()[0], 1e-6);
        assertEquals(0.5, s.deviation()[0], 1e-9);
    }

    @Test
    void aConstantChannelHasDeviationOne() {
        double[] values = new double[999];
        java.util.Arrays.fill(values, 0.1);
        Standardisation s = Standardisation.of(RawArray.of(values), new int[] {3, 3});
        assertEquals(1, s.deviation()[0]);
        assertEquals(0.1, s.mean()[0], 1e-15);
    }

    @Test
    void appliesPerChannelInBothPrecisions() {
        Standardisation s = new Standardisation(new double[] {1, 10}, new double[] {2, 4});
        double[] expected = {0, 1, 0, 2.5, -1, -2, -2.5, 1};
        double[] doubles = {1, 3, 10, 20, -1, -3, 0, 14};
        float[] floats = {1, 3, 10, 20, -1, -3, 0, 14};
        s.applyInPlace(new Shard(2, RawArray.of(doubles), RawArray.of(new double[2])), IMAGE);
        s.applyInPlace(new Shard(2, RawArray.of(floats), RawArray.of(new float[2])), IMAGE);
        assertArrayEquals(expected, doubles);
        for (int i = 0; i < expected.length; i++) {
            assertEquals((float) expected[i], floats[i]);
        }
        s.applyInPlace(new Shard(0, RawArray.of(new float[0]), RawArray.of(new float[0])), IMAGE);
    }

    @Test
    void eachColumnOfATableHasItsOwn() {
        double[] rows = {1, 1000, 7, 3, 5000, 7};
        int[] table = {3};
        Standardisation s = Standardisation.of(RawArray.of(rows), table);
        assertArrayEquals(new double[] {2, 3000, 7}, s.mean());
        assertArrayEquals(new double[] {1, 2000, 1}, s.deviation());
        assertEquals(s, ChannelMoments.of(RawArray.of(rows), table).standardisation());
        s.applyInPlace(new Shard(2, RawArray.of(rows), RawArray.of(new double[2])), table);
        assertArrayEquals(new double[] {-1, -1, 0, 1, 1, 0}, rows);
    }

    /** Models of earlier versions have one for all columns. */
    @Test
    void oneMeanDoesForRowsOfAnyShape() {
        double[] rows = {1, 3, 5, 7};
        Standardisation s = new Standardisation(new double[] {1}, new double[] {2});
        s.applyInPlace(new Shard(2, RawArray.of(rows), RawArray.of(new double[2])), new int[] {2});
        assertArrayEquals(new double[] {0, 1, 2, 3}, rows);
    }

    @Test
    void identity() {
        assertTrue(Standardisation.identity(3).isIdentity());
        assertFalse(new Standardisation(new double[1], new double[] {2}).isIdentity());
        assertEquals(Standardisation.identity(2), new Standardisation(new double[2], new double[] {1, 1}));
        Shard shard = new Shard(1, RawArray.of(new double[4]), RawArray.of(new double[1]));
        assertThrows(
                IllegalArgumentException.class,
                () -> Standardisation.identity(3).applyInPlace(shard, IMAGE));
        assertThrows(IllegalArgumentException.class, () -> new Standardisation(new double[1], new double[1]));
    }
}

package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
    @Test
    void numbersAreSplitMix64s() {
        for (long seed : new long[] {0, 1234567, -1, Long.MIN_VALUE}) {
            SplittableRandom reference = new SplittableRandom(seed);
            long[] expected = reference.longs(100).toArray();
            assertArrayEquals(expected, Permutation.sequence(seed, 100));
        }
    }

    @Test
    void isAPermutation() {
        for (int n : new int[] {0, 1, 2, 3, 1000}) {
            int[] sorted = Permutation.of(n, 5, n);
            Arrays.sort(sorted);
            assertArrayEquals(IntStream.range(0, n).toArray(), sorted);
        }
    }

    @Test
    void allOrdersAreAboutEquallyFrequent() {
        int[] counts = new int[24];
        for (int seed = 0; seed < 24_000; seed++) {
            int[] order = Permutation.of(4, seed, 7);
            int rank = 0;
            for (int i = 0; i < 4; i++) {
                int smaller = 0;
                for (int j = i + 1; j < 4; j++) {
                    smaller += order[j] < order[i] ? 1 : 0;
                }
                rank = rank * (4 - i) + smaller;
            }
            counts[rank]++;
        }
        double chiSquare = Arrays.stream(counts)
                .mapToDouble(c -> (c - 1000.0) * (c - 1000.0) / 1000)
                .sum();
        assertTrue(chiSquare < 49.7, "0.1 % of 23 degrees of freedom exceed 49.7: " + chiSquare);
    }

    @Test
    void everySeedMatters() {
        int[] base = Permutation.of(50, 1, 2, 3);
        assertArrayEquals(base, Permutation.of(50, 1, 2, 3));
        assertFalse(Arrays.equals(base, Permutation.of(50, 2, 1, 3)));
        assertFalse(Arrays.equals(base, Permutation.of(50, 1, 2, 4)));
        assertFalse(Arrays.equals(base, Permutation.of(50, 0, 2, 3)));
        assertFalse(Arrays.equals(Permutation.of(50, 0), Permutation.of(50, 0, 0)));
    }

    @Test
    void staysTheSameBetweenVersions() {
        assertEquals("[2, 8, 9, 3, 6, 1, 5, 4, 7, 0]", Arrays.toString(Permutation.of(10, 1)));
    }
}

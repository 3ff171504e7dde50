package io.etastar.curvature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InteractionsTest {
    private static double[][] product(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    /** B'B or an indefinite matrix, well conditioned, its rows and columns then scaled by {@code scale}. */
    private static double[][] matrix(int size, boolean definite, long seed, double... scale) {
        Random random = new Random(seed);
        double[][] h = new double[size][size];
        for (int s = 0; s < size; s++) {
            for (int t = 0; t < s; t++) {
                h[s][t] = random.nextDouble() / size;
                h[t][s] = h[s][t];
            }
            h[s][s] = (definite || s % 2 == 0 ? 1 : -1) * (1 + random.nextDouble());
        }
        for (int s = 0; s < size; s++) {
            for (int t = 0; t < size; t++) {
                h[s][t] *= scale[s] * scale[t];
            }
        }
        return h;
    }

    private static double[] scales(int size, long seed) {
        return new Random(seed).doubles(size, -6, 6).map(e -> Math.pow(10, e)).toArray();
    }

    /** H H^-1 = I entry by entry in units of the rows, although entries span 24 orders of magnitude. */
    @Property(seed = "5", tries = 60)
    void inverse(
            @ForAll @IntRange(min = 1, max = 12) int size,
            @ForAll boolean definite,
            @ForAll @LongRange(max = 1000) long seed) {
        double[] scale = scales(size, seed);
        double[][] h = matrix(size, definite, seed, scale);
        Interactions found = Interactions.of(h);
        assertTrue(found.condition() >= 1 && found.condition() < 100, "condition " + found.condition());
        double[][] identity = product(h, found.inverse());
        for (int s = 0; s < size; s++) {
            for (int t = 0; t < size; t++) {
                assertEquals(s == t ? 1 : 0, identity[s][t] * scale[t] / scale[s], 1e-12);
                assertEquals(found.inverse()[s][t], found.inverse()[t][s]);
            }
        }
    }

    @Test
    void singularToWorkingPrecisionWhateverTheUnits() {
        double[] scale = {1, 1e-7, 1e5};
        double[][] h = {{1, 2, 3}, {2, 4, 6}, {3, 6, 1}};
        for (int s = 0; s < 3; s++) {
            for (int t = 0; t < 3; t++) {
                h[s][t] *= scale[s] * scale[t];
            }
        }
        Interactions found = Interactions.of(h);
        assertNull(found.inverse());
        assertTrue(found.condition() > 1e15);
        double[][] small = {{1e-300, 0}, {0, 1e300}};
        assertNotNull(Interactions.of(small).inverse());
        assertEquals(1, Interactions.of(small).condition(), 1e-6);
        double[][] row = {{2, 0}, {0, 0}};
        assertNull(Interactions.of(row).inverse());
        assertEquals(Double.POSITIVE_INFINITY, Interactions.of(row).condition());
    }

    @Test
    void spectrumOfAKnownMatrix() {
        Interactions found = Interactions.of(new double[][] {{2, 1}, {1, 2}});
        assertArrayEquals(new double[] {1, 3}, found.spectrum().values(), 1e-15);
        double root = Math.sqrt(0.5);
        assertArrayEquals(new double[] {root, root}, found.spectrum().vectors()[1], 1e-15);
    }

    @Test
    void normalisedInteractions() {
        double[][] h = {{4, 3, 1}, {3, -9, 2}, {1, 2, 0}};
        double[][] found = Interactions.of(h).normalised();
        assertArrayEquals(new double[] {1, 0.5, Double.NaN}, found[0], 1e-15);
        assertArrayEquals(new double[] {0.5, -1, Double.NaN}, found[1], 1e-15);
        assertArrayEquals(new double[] {Double.NaN, Double.NaN, Double.NaN}, found[2]);
    }

    @Property(seed = "6", tries = 30)
    void normalisedInteractionsHaveNoUnits(
            @ForAll @IntRange(min = 1, max = 8) int size, @ForAll @LongRange(max = 1000) long seed) {
        double[] ones = new double[size];
        java.util.Arrays.fill(ones, 1);
        double[][] plain = Interactions.of(matrix(size, true, seed, ones)).normalised();
        double[][] scaled =
                Interactions.of(matrix(size, true, seed, scales(size, seed))).normalised();
        for (int s = 0; s < size; s++) {
            assertArrayEquals(plain[s], scaled[s], 1e-14);
            for (double value : plain[s]) {
                assertTrue(Math.abs(value) <= 1);
            }
        }
    }

    @Test
    void valuesThatAreNotFinite() {
        Interactions found = Interactions.of(new double[][] {{1, Double.NaN}, {Double.NaN, 1}});
        assertNull(found.spectrum());
        assertNull(found.inverse());
        assertTrue(Double.isNaN(found.condition()));
    }

    @Test
    void kindsAndBlocks() {
        List<String> names = List.of("a.weight", "a.bias", "b.weight", "b.bias", "scale", "weights");
        ParameterLayout layout = new ParameterLayout(
                names, names.stream().map(name -> new int[] {1}).toList());
        Partition partition = new Partition(
                layout,
                List.of(
                        List.of("a.weight", "b.weight"),
                        List.of("a.bias"),
                        List.of("b.bias", "scale"),
                        List.of("weights")));
        List<Kind> kinds = Kind.of(partition);
        assertEquals(List.of(Kind.WEIGHT, Kind.BIAS, Kind.NEITHER, Kind.NEITHER), kinds);
        assertArrayEquals(new int[] {2, 3}, Interactions.subsets(kinds, Kind.NEITHER));
        double[][] matrix = {{0, 1, 2, 3}, {10, 11, 12, 13}, {20, 21, 22, 23}, {30, 31, 32, 33}};
        double[][] block = Interactions.block(matrix, new int[] {1, 3}, new int[] {0, 2});
        assertArrayEquals(new double[] {10, 12}, block[0]);
        assertArrayEquals(new double[] {30, 32}, block[1]);
    }
}

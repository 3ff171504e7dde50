package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StratifiedSamplerTest {
    @Provide
    Arbitrary<int[]> partitions() {
        Arbitrary<Integer> rows = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 2)),
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(0, 40)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(7)));
        return rows.array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(12)
                .filter(a -> Arrays.stream(a).sum() > 0);
    }

    /** Seats one by one, each to the smallest quotient. */
    private static int[] bySeat(int[] votes, int seats) {
        int[] given = new int[votes.length];
        for (int seat = 0; seat < seats; seat++) {
            int best = -1;
            for (int i = 0; i < votes.length; i++) {
                boolean smaller = votes[i] > 0
                        && (best < 0 || (2L * given[i] + 1) * votes[best] < (2L * given[best] + 1) * votes[i]);
                best = smaller ? i : best;
            }
            given[best]++;
        }
        return given;
    }

    @Property(seed = "1")
    void apportionmentIsWebstersSeatBySeat(@ForAll("partitions") int[] rows) {
        int total = Arrays.stream(rows).sum();
        int[] before = new int[rows.length];
        for (int seats = 0; seats <= total; seats++) {
            int[] given = Apportionment.webster(rows, seats);
            assertArrayEquals(bySeat(rows, seats), given);
            assertEquals(seats, Arrays.stream(given).sum());
            for (int i = 0; i < rows.length; i++) {
                assertTrue(given[i] >= before[i] && given[i] <= rows[i]);
            }
            before = given;
        }
        assertArrayEquals(rows, before);
    }

    @Property(seed = "2")
    void anEpochTakesEveryRowOnce(
            @ForAll("partitions") int[] rows, @ForAll @IntRange(min = 1, max = 60) int batch, @ForAll long seed) {
        StratifiedSampler sampler = new StratifiedSampler(rows, batch, seed, 1);
        int total = Arrays.stream(rows).sum();
        assertEquals((total + batch - 1) / batch, sampler.stepsPerEpoch());
        for (long epoch = 0; epoch < 2; epoch++) {
            int[][] taken = Arrays.stream(rows).mapToObj(int[]::new).toArray(int[][]::new);
            for (long t = 0; t < sampler.stepsPerEpoch(); t++) {
                StratifiedSampler.Slice slice = sampler.sliceOf(epoch * sampler.stepsPerEpoch() + t);
                assertEquals(epoch, slice.epoch());
                assertEquals(Math.min(batch, total - t * batch), slice.size());
                for (int p = 0; p < rows.length; p++) {
                    for (int row : sampler.rows(p, epoch, slice.from()[p], slice.to()[p])) {
                        taken[p][row]++;
                    }
                }
            }
            for (int[] counts : taken) {
                assertTrue(Arrays.stream(counts).allMatch(count -> count == 1));
            }
        }
    }

    @Test
    void sharesAreProportional() {
        StratifiedSampler sampler = new StratifiedSampler(new int[] {600, 300, 0, 100}, 10, 3, 0);
        for (long step = 0; step < 200; step++) {
            StratifiedSampler.Slice slice = sampler.sliceOf(step);
            int[] sizes = IntStream.range(0, 4)
                    .map(p -> slice.to()[p] - slice.from()[p])
                    .toArray();
            assertArrayEquals(new int[] {6, 3, 0, 1}, sizes);
        }
    }

    @Test
    void hugePartitionsDoNotOverflow() {
        int[] rows = {Integer.MAX_VALUE - 1000, 999, 1};
        for (int seats : new int[] {0, 1, 1 << 30, Integer.MAX_VALUE - 1, Integer.MAX_VALUE}) {
            assertEquals(
                    seats,
                    Arrays.stream(Apportionment.webster(rows, seats))
                            .asLongStream()
                            .sum());
        }
        assertThrows(ArithmeticException.class, () -> new StratifiedSampler(new int[] {Integer.MAX_VALUE, 1}, 1, 0, 0));
    }

    @Test
    void epochsStreamsSeedsAndPartitionsDiffer() {
        int[] rows = {100, 100};
        int[] base = new StratifiedSampler(rows, 10, 1, 0).rows(0, 0, 0, 100);
        assertFalse(Arrays.equals(base, new StratifiedSampler(rows, 10, 1, 0).rows(1, 0, 0, 100)));
        assertFalse(Arrays.equals(base, new StratifiedSampler(rows, 10, 1, 0).rows(0, 1, 0, 100)));
        assertFalse(Arrays.equals(base, new StratifiedSampler(rows, 10, 1, 1).rows(0, 0, 0, 100)));
        assertFalse(Arrays.equals(base, new StratifiedSampler(rows, 10, 2, 0).rows(0, 0, 0, 100)));
    }

    @Test
    void travelsAndAnswersTheSameInAnyOrder() throws IOException, ClassNotFoundException {
        StratifiedSampler sampler = new StratifiedSampler(new int[] {50, 1, 0, 20}, 16, -5, 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            sampler.rows(0, 3);
            out.writeObject(sampler);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            StratifiedSampler copy = (StratifiedSampler) in.readObject();
            for (long step : new long[] {40, 0, 7, 7, 1, 40}) {
                for (int p = 0; p < 4; p++) {
                    int[] expected = new StratifiedSampler(new int[] {50, 1, 0, 20}, 16, -5, 2).rows(p, step);
                    assertArrayEquals(expected, copy.rows(p, step));
                    assertArrayEquals(expected, sampler.rows(p, step));
                }
            }
        }
    }

    @Test
    void aBatchBeyondTheDataIsTheWholeOfIt() {
        StratifiedSampler sampler = new StratifiedSampler(new int[] {2, 3}, 100, 0, 0);
        assertEquals(1, sampler.stepsPerEpoch());
        assertEquals(5, sampler.sliceOf(9).size());
        assertEquals(9, sampler.sliceOf(9).epoch());
    }

    @Test
    void nothingToDrawFromIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new StratifiedSampler(new int[] {0, 0}, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new StratifiedSampler(new int[] {1}, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new StratifiedSampler(new int[] {3, -1}, 1, 0, 0));
    }
}

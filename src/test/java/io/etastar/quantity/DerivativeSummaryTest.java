package io.etastar.quantity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DerivativeSummaryTest {
    @Property(seed = "1", tries = 200)
    void mergeIsAssociative(@ForAll @IntRange(min = 1, max = 9) int size, @ForAll long seed) {
        Random random = new Random(seed);
        DerivativeSummary a = random(size, random);
        DerivativeSummary b = random(size, random);
        DerivativeSummary c = random(size, random);
        assertClose(a.copy().merge(b).merge(c), a.copy().merge(b.copy().merge(c)), 1e-14);
    }

    @Property(seed = "2", tries = 200)
    void mergeCommutes(@ForAll @IntRange(min = 1, max = 9) int size, @ForAll long seed) {
        Random random = new Random(seed);
        DerivativeSummary a = random(size, random);
        DerivativeSummary b = random(size, random);
        assertClose(a.copy().merge(b), b.copy().merge(a), 0);
    }

    @Property(seed = "3", tries = 200)
    void zeroIsTheIdentity(@ForAll @IntRange(min = 1, max = 9) int size, @ForAll long seed) {
        DerivativeSummary a = random(size, new Random(seed));
        assertClose(a, DerivativeSummary.zero(size).merge(a), 0);
        assertClose(a, a.copy().merge(DerivativeSummary.zero(size)), 0);
    }

    @Property(seed = "4", tries = 200)
    void mergeKeepsHSymmetric(@ForAll @IntRange(min = 1, max = 9) int size, @ForAll long seed) {
        Random random = new Random(seed);
        double[][] h = random(size, random).merge(random(size, random)).mean().h();
        for (int s = 0; s < size; s++) {
            for (int t = 0; t < size; t++) {
                assertEquals(h[s][t], h[t][s]);
            }
        }
    }

    @Test
    void mergeAddsInPlaceAndMeanDivides() {
        DerivativeSummary a = of(1, 3);
        DerivativeSummary b = of(3, 5);
        assertSame(a, a.merge(b));
        assertEquals(4, a.samples());
        assertEquals(8, a.loss());
        DerivativeSummary mean = a.mean();
        assertEquals(1, mean.samples());
        assertEquals(2, mean.loss());
        assertArrayEquals(new double[] {2, 4}, mean.g());
        assertArrayEquals(new double[] {6, 8}, mean.h()[0]);
        assertArrayEquals(new double[] {8, 10}, mean.h()[1]);
        assertArrayEquals(new double[] {12, 14}, mean.order3());
        assertEquals(4, a.samples(), "mean leaves the sum alone");
        assertEquals(5, b.loss(), "merge leaves its argument alone");
    }

    private static DerivativeSummary of(double samples, double v) {
        return new DerivativeSummary(
                samples, v, new double[] {v, 2 * v}, new double[][] {{3 * v, 4 * v}, {4 * v, 5 * v}}, new double[] {
                    6 * v, 7 * v
                });
    }

    @Test
    void arraysAreCopies() {
        DerivativeSummary a = of(1, 1);
        a.g()[0] = 9;
        a.h()[1][0] = 9;
        a.order3()[1] = 9;
        a.copy().merge(a);
        assertClose(of(1, 1), a, 0);
    }

    @Test
    void sizesMustAgree() {
        DerivativeSummary two = DerivativeSummary.zero(2);
        DerivativeSummary three = DerivativeSummary.zero(3);
        assertThrows(IllegalArgumentException.class, () -> two.merge(three));
        assertThrows(
                IllegalArgumentException.class,
                () -> new DerivativeSummary(1, 1, new double[2], new double[2][1], new double[2]));
        assertThrows(
                IllegalArgumentException.class,
                () -> new DerivativeSummary(1, 1, new double[2], new double[2][2], new double[1]));
    }

    @Test
    void travels() throws IOException, ClassNotFoundException {
        DerivativeSummary sent = random(20, new Random(5));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        assertTrue(bytes.size() < 8 * (20 * 20 + 2 * 20 + 2) + 200, "about one double per number: " + bytes.size());
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            DerivativeSummary received = (DerivativeSummary) in.readObject();
            assertNotSame(sent, received);
            assertClose(sent, received, 0);
        }
    }

    private static DerivativeSummary random(int size, Random random) {
        double[] g = random.doubles(size, -1, 1).toArray();
        double[][] h = new double[size][size];
        for (int s = 0; s < size; s++) {
            for (int t = 0; t <= s; t++) {
                h[s][t] = h[t][s] = random.nextGaussian();
            }
        }
        return new DerivativeSummary(
                1 + random.nextInt(9),
                random.nextDouble(),
                g,
                h,
                random.doubles(size, -1, 1).toArray());
    }

    private static void assertClose(DerivativeSummary expected, DerivativeSummary actual, double tolerance) {
        assertEquals(expected.samples(), actual.samples(), tolerance);
        assertEquals(expected.loss(), actual.loss(), tolerance);
        assertArrayEquals(expected.g(), actual.g(), tolerance);
        assertArrayEquals(expected.order3(), actual.order3(), tolerance);
        for (int s = 0; s < expected.size(); s++) {
            assertArrayEquals(expected.h()[s], actual.h()[s], tolerance);
        }
    }

    @Test
    void mixesLeaveBothAndStoredDerivativesComeBack() {
        DerivativeSummary one =
                new DerivativeSummary(1, 5, new double[] {1, 2}, new double[][] {{3, 4}, {4, 5}}, new double[] {6, 7});
        DerivativeSummary other = new DerivativeSummary(
                1, 9, new double[] {2, 4}, new double[][] {{6, 8}, {8, 10}}, new double[] {12, 14});
        DerivativeSummary mixed = one.mix(0.75, other);
        assertArrayEquals(new double[] {1.25, 2.5, 7.5, 8.75, 3.75, 5, 5, 6.25}, mixed.derivatives());
        assertEquals(5, mixed.loss());
        assertArrayEquals(new double[] {1, 2, 6, 7, 3, 4, 4, 5}, one.derivatives());
        assertArrayEquals(
                new double[] {0, -1}, one.withOrder3(new double[] {0, -1}).order3());
        assertArrayEquals(new double[] {6, 7}, one.order3());
        DerivativeSummary back = DerivativeSummary.ofDerivatives(2, one.derivatives());
        assertArrayEquals(one.derivatives(), back.derivatives());
        assertEquals(1, back.samples());
        assertTrue(Double.isNaN(back.loss()), "the loss is not stored");
        assertThrows(IllegalArgumentException.class, () -> DerivativeSummary.ofDerivatives(3, one.derivatives()));
        assertThrows(IllegalArgumentException.class, () -> one.mix(0.5, DerivativeSummary.zero(3)));
    }
}

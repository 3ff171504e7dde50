package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds of the summaries of every network and every partition. */
class SummaryPropertyTest {
    private static final int TRIES = 40;

    @Property(seed = "11", tries = TRIES)
    void hIsSymmetric(@ForAll long seed) {
        double[][] h = new RandomCase(seed).summary().h();
        for (int s = 0; s < h.length; s++) {
            for (int t = 0; t < s; t++) {
                assertEquals(h[s][t], h[t][s], "H " + s + ", " + t);
            }
        }
    }

    @Property(seed = "12", tries = TRIES)
    void theOrderOfTheSubsetsOrdersTheNumbers(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        List<List<String>> groups = new ArrayList<>(random.partition.groups());
        Collections.reverse(groups);
        Partition reversed = Partitions.of(groups, random.layout);
        DerivativeSummary plain = random.summary();
        DerivativeSummary turned = random.summary(reversed, DType.DOUBLE, 4, random.rows());
        int size = plain.size();
        double[] g = new double[size];
        double[] order3 = new double[size];
        double[][] h = new double[size][size];
        for (int s = 0; s < size; s++) {
            g[s] = turned.g()[size - 1 - s];
            order3[s] = turned.order3()[size - 1 - s];
            for (int t = 0; t < size; t++) {
                h[s][t] = turned.h()[size - 1 - s][size - 1 - t];
            }
        }
        close(plain, new DerivativeSummary(turned.samples(), turned.loss(), g, h, order3), 1e-12);
    }

    @Property(seed = "13", tries = TRIES)
    void aConcatenationsSummaryIsTheMergeOfTheParts(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        int[] rows = random.shuffledRows();
        int cut = random.random.nextInt(rows.length + 1);
        DerivativeSummary left = random.summary(random.partition, DType.DOUBLE, 3, Arrays.copyOfRange(rows, 0, cut));
        DerivativeSummary right =
                random.summary(random.partition, DType.DOUBLE, 3, Arrays.copyOfRange(rows, cut, rows.length));
        close(random.summary(random.partition, DType.DOUBLE, 3, rows), left.merge(right), 1e-12);
    }

    @Property(seed = "14", tries = TRIES)
    void neitherMicroBatchNorOrderOfTheRowsMatters(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        DerivativeSummary plain = random.summary();
        for (int microBatch : new int[] {0, 1, 2, 3, 7, 20}) {
            int[] rows = random.shuffledRows();
            close(plain, random.summary(random.partition, DType.DOUBLE, microBatch, rows), 1e-12);
        }
    }

    @Property(seed = "15", tries = TRIES)
    void slopesAreProductsOfGradientAndDirection(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        double[] gradient = random.gradient(random.theta).gradient().toDoubles();
        double[] expected = new double[random.partition.size()];
        for (int i = 0; i < random.layout.count(); i++) {
            int end = random.layout.offset(i) + random.layout.length(i);
            for (int p = random.layout.offset(i); p < end; p++) {
                expected[random.partition.subsetOf(i)] += gradient[p] * random.direction[p];
            }
        }
        close(expected, random.summary().g(), largest(expected), 1e-11, "g");
    }

    @Property(seed = "16", tries = TRIES)
    void aUnionsSummaryIsTheSumOverItsSubsets(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        Partition fine = Partitions.parse("canonical", random.layout);
        DerivativeSummary parts = random.summary(fine, DType.DOUBLE, 4, random.rows());
        int size = random.partition.size();
        double[] g = new double[size];
        double[][] h = new double[size][size];
        for (int i = 0; i < fine.size(); i++) {
            g[random.partition.subsetOf(i)] += parts.g()[i];
            for (int j = 0; j < fine.size(); j++) {
                h[random.partition.subsetOf(i)][random.partition.subsetOf(j)] += parts.h()[i][j];
            }
        }
        DerivativeSummary union = random.summary();
        close(g, union.g(), largest(parts.g()), 1e-11, "g");
        close(flat(h), flat(union.h()), largest(flat(parts.h())), 1e-11, "H");
    }

    @Property(seed = "17", tries = TRIES)
    void singlePrecisionAgreesWithDouble(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        close(random.summary(), random.summary(random.partition, DType.FLOAT, 4, random.rows()), 1e-3);
    }

    static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    /** Every array relative to its own largest entry. */
    static void close(DerivativeSummary a, DerivativeSummary b, double tolerance) {
        assertEquals(a.samples(), b.samples(), "samples");
        assertEquals(a.loss(), b.loss(), tolerance * Math.abs(a.loss()), "loss");
        close(a.g(), b.g(), largest(a.g()), tolerance, "g");
        close(flat(a.h()), flat(b.h()), largest(flat(a.h())), tolerance, "H");
        close(a.order3(), b.order3(), largest(a.order3()), tolerance, "order3");
    }

    static void close(double[] expected, double[] found, double scale, double tolerance, String what) {
        assertEquals(expected.length, found.length, what);
        for (int i = 0; i < expected.length; i++) {
            double allowed = tolerance * Math.max(scale, 1e-9);
            assertTrue(
                    Math.abs(expected[i] - found[i]) <= allowed,
                    what + " " + i + ": found " + found[i] + ", expected " + expected[i] + ", scale " + scale);
        }
    }
}

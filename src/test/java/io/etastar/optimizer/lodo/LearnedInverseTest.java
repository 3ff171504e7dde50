package io.etastar.optimizer.lodo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.settings.LodoSettings;
import io.etastar.settings.OptimizerSettings;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearnedInverseTest {
    private static final double ALPHA = 0.3;

    static Stream<IntFunction<LearnedInverse>> kinds() {
        return Stream.concat(symmetric(), Stream.of(size -> new DenseInverse(size, ALPHA)));
    }

    static Stream<IntFunction<LearnedInverse>> symmetric() {
        return Stream.of(
                size -> new BlockInverse(size, 16, 4, ALPHA, new Random(3)),
                size -> new BlockInverse(size, 5, 3, ALPHA, new Random(4)),
                size -> new ResidualInverse(size, 8, ALPHA, new Random(5)),
                size -> new DiagonalInverse(size, ALPHA),
                size -> new GlobalInverse(size, ALPHA));
    }

    private static double[] vector(int size, long seed) {
        return new Random(seed).doubles(size, -1, 1).toArray();
    }

    /** Away from where the learning starts. */
    private static void disturb(LearnedInverse inverse) {
        Random random = new Random(9);
        double[] learned = inverse.learned();
        for (int i = 0; i < learned.length; i++) {
            learned[i] += 0.2 * random.nextGaussian();
        }
    }

    private static double product(LearnedInverse inverse, double[] g, double[] m) {
        double[] moved = new double[m.length];
        inverse.multiply(m, moved);
        double product = 0;
        for (int p = 0; p < g.length; p++) {
            product += g[p] * moved[p];
        }
        return product;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void hypergradientIsThatOfFiniteDifferences(IntFunction<LearnedInverse> kind) {
        LearnedInverse inverse = kind.apply(6);
        disturb(inverse);
        double[] m = vector(6, 1);
        double[] g = vector(6, 2);
        double[] learned = inverse.learned();
        double[] hypergradient = new double[learned.length];
        product(inverse, g, m);
        inverse.hypergradient(g, hypergradient);
        double h = 1e-5;
        for (int i = 0; i < learned.length; i++) {
            double value = learned[i];
            learned[i] = value + h;
            double above = -product(inverse, g, m);
            learned[i] = value - h;
            double below = -product(inverse, g, m);
            learned[i] = value;
            assertEquals((above - below) / (2 * h), hypergradient[i], 1e-8, "learned number " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("symmetric")
    void isSymmetric(IntFunction<LearnedInverse> kind) {
        LearnedInverse inverse = kind.apply(7);
        disturb(inverse);
        for (int seed = 0; seed < 5; seed++) {
            double[] a = vector(7, seed);
            double[] b = vector(7, seed + 100);
            assertEquals(product(inverse, a, b), product(inverse, b, a), 1e-12);
        }
    }

    @Test
    void blocksAreAlphaTimesTheIdentityAtFirstAndPositiveAlways() {
        for (int size : new int[] {1, 2, 6, 7}) {
            BlockInverse inverse = new BlockInverse(size, 16, 4, ALPHA, new Random(size));
            double[] m = vector(size, 1);
            double[] moved = new double[size];
            inverse.multiply(m, moved);
            for (int p = 0; p < size; p++) {
                assertEquals(ALPHA * m[p], moved[p], 1e-14);
            }
            disturb(inverse);
            for (int seed = 0; seed < 20; seed++) {
                double[] v = vector(size, seed);
                assertTrue(product(inverse, v, v) > 0);
            }
        }
    }

    @Test
    void widthIsTheNextMultipleOfTheBlockAboveTwiceTheSize() {
        assertEquals(204, BlockInverse.width(100, 4));
        assertEquals(8, BlockInverse.width(2, 4));
        assertEquals(12, BlockInverse.width(5, 4));
        assertEquals(189396, BlockInverse.width(94696, 4));
        assertEquals(13056, new BlockInverse(100, 16, 4, 1, new Random(1)).learned().length);
    }

    @Test
    void orthogonalMatricesAre() {
        for (int size : new int[] {1, 4, 30}) {
            double[] q = RandomOrthogonal.draw(size, new Random(size));
            for (int a = 0; a < size; a++) {
                for (int b = 0; b < size; b++) {
                    double product = 0;
                    for (int i = 0; i < size; i++) {
                        product += q[a * size + i] * q[b * size + i];
                    }
                    assertEquals(a == b ? 1 : 0, product, 1e-14);
                }
            }
        }
    }

    @Test
    void whatThereIsNoMemoryForIsTold() {
        UserError error = assertThrows(
                UserError.class, () -> LearnedInverses.create(settings("blocks"), 1, 175_000, 500_000_000));
        assertEquals(
                "optimizer.lodo.block: found 2.24e+07 learned numbers for 175000 parameters, 0.90 GB with what learns them, expected fewer"
                        + " than 2^31 numbers and less than 0.38 GB, three quarters of this process's memory: more memory"
                        + " (ETASTAR_DRIVER_MEMORY), another kind, fewer layers or smaller blocks",
                error.getMessage());
        assertThrows(UserError.class, () -> LearnedInverses.create(settings("dense"), 1, 50_000, Long.MAX_VALUE));
        assertThrows(UserError.class, () -> LearnedInverses.create(settings("residuals"), 1, 175_000, 500_000_000));
        assertEquals(
                175_000,
                LearnedInverses.create(settings("diagonal"), 1, 175_000, 50_000_000)
                        .learned()
                        .length);
        assertEquals(
                12 * 16 * 4,
                LearnedInverses.create(settings("blocks"), 1, 5, 100_000).learned().length);
    }

    private static LodoSettings settings(String kind) {
        return OptimizerSettings.of("name = lodo, lodo.kind = " + kind).lodo();
    }
}

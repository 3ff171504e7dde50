package io.etastar.curvature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.curvature.Lanczos.Which;
import io.etastar.solve.Eigen;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LanczosTest {
    /** Q' diag(values) Q with Q a product of two random reflections. */
    private static UnaryOperator<double[]> turned(long seed, double... values) {
        Random random = new Random(seed);
        double[] a = random.doubles(values.length, -1, 1).toArray();
        double[] b = random.doubles(values.length, -1, 1).toArray();
        return v -> {
            double[] turned = reflect(b, reflect(a, v));
            for (int i = 0; i < values.length; i++) {
                turned[i] *= values[i];
            }
            return reflect(a, reflect(b, turned));
        };
    }

    private static double[] reflect(double[] a, double[] v) {
        double factor = 2 * dot(a, v) / dot(a, a);
        return IntStream.range(0, v.length)
                .mapToDouble(i -> v[i] - factor * a[i])
                .toArray();
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    private static double[] byMagnitude(DoubleStream values) {
        return values.boxed()
                .sorted(Comparator.comparingDouble(value -> -Math.abs(value)))
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** Many small eigenvalues of both signs and a few that stand out, with a cluster of three. */
    private static double[] spectrum(int size, long seed) {
        double[] values = new Random(seed).doubles(size, -1, 1).toArray();
        double[] outer = {50, -40, 30, 29.999, 29.9989, -12, 6, 5, -4.5};
        System.arraycopy(outer, 0, values, 3, outer.length);
        return values;
    }

    @Property(seed = "3", tries = 30)
    void knownSpectra(@ForAll @LongRange(max = 1000) long seed, @ForAll @IntRange(min = 1, max = 9) int count) {
        double[] values = spectrum(120, seed);
        UnaryOperator<double[]> operator = turned(seed, values);
        double[] magnitude = Arrays.copyOf(byMagnitude(Arrays.stream(values)), count);
        double[] sorted = Arrays.stream(values).sorted().toArray();
        double[] smallest = byMagnitude(Arrays.stream(sorted).limit(count));
        double[] largest = byMagnitude(Arrays.stream(sorted).skip(values.length - count));
        check(magnitude, Lanczos.find(operator, values.length, count, Which.MAGNITUDE, 1e-10, seed));
        check(smallest, Lanczos.find(operator, values.length, count, Which.SMALLEST, 1e-10, seed));
        check(largest, Lanczos.find(operator, values.length, count, Which.LARGEST, 1e-10, seed));
    }

    private static void check(double[] expected, Lanczos.TopEigenvalues found) {
        assertTrue(found.converged());
        assertArrayEquals(expected, found.values(), 1e-9);
        assertEquals(expected.length, found.residuals().length);
        for (double residual : found.residuals()) {
            assertTrue(residual <= 1e-8, "residual " + residual);
        }
    }

    @Property(seed = "4", tries = 30)
    void denseRandomMatrices(
            @ForAll @LongRange(max = 1000) long seed,
            @ForAll @IntRange(min = 2, max = 40) int size,
            @ForAll boolean all) {
        double[][] matrix = symmetric(size, seed);
        int count = all ? size - 1 : 1;
        double[] expected = byMagnitude(Arrays.stream(Eigen.of(matrix).values()));
        Lanczos.TopEigenvalues found = Lanczos.find(v -> product(matrix, v), size, count, Which.MAGNITUDE, 1e-12, seed);
        assertTrue(found.converged());
        assertArrayEquals(
                Arrays.stream(expected).map(Math::abs).limit(count).toArray(),
                Arrays.stream(found.values()).map(Math::abs).toArray(),
                1e-10 * Math.abs(expected[0]));
    }

    private static double[][] symmetric(int size, long seed) {
        Random random = new Random(seed);
        double[][] matrix = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = random.nextGaussian();
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }

    private static double[] product(double[][] matrix, double[] v) {
        return Arrays.stream(matrix).mapToDouble(row -> dot(row, v)).toArray();
    }

    /** Hessians of small data sets have few eigenvalues that are not 0: the space of the products is soon exhausted. */
    @Test
    void lowRankAndZero() {
        double[] values = new double[200];
        values[5] = 3;
        values[77] = -2;
        Lanczos.TopEigenvalues found = Lanczos.find(turned(1, values), 200, 5, Which.MAGNITUDE, 1e-10, 1);
        assertTrue(found.converged());
        assertArrayEquals(new double[] {3, -2, 0, 0, 0}, found.values(), 1e-12);
        Lanczos.TopEigenvalues zero = Lanczos.find(v -> new double[v.length], 30, 2, Which.MAGNITUDE, 1e-10, 1);
        assertTrue(zero.converged());
        assertArrayEquals(new double[2], zero.values());
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        UnaryOperator<double[]> operator = turned(2, spectrum(90, 2));
        Lanczos.TopEigenvalues first = Lanczos.find(operator, 90, 4, Which.MAGNITUDE, 1e-8, 5);
        Lanczos.TopEigenvalues second = Lanczos.find(operator, 90, 4, Which.MAGNITUDE, 1e-8, 5);
        assertArrayEquals(first.values(), second.values());
        assertArrayEquals(first.residuals(), second.residuals());
        assertEquals(first.iterations(), second.iterations());
    }

    @Test
    void iterationsCountProductsWithoutThoseOfTheResiduals() {
        int[] calls = {0};
        UnaryOperator<double[]> operator = turned(2, spectrum(90, 2));
        Lanczos.TopEigenvalues found = Lanczos.find(
                v -> {
                    calls[0]++;
                    return operator.apply(v);
                },
                90,
                4,
                Which.MAGNITUDE,
                1e-8,
                5);
        assertEquals(calls[0], found.iterations() + 4);
    }

    @Test
    void noiseIsNotCalledConverged() {
        Random noise = new Random(1);
        UnaryOperator<double[]> operator = turned(3, spectrum(60, 3));
        Lanczos.TopEigenvalues found = Lanczos.find(
                v -> {
                    double[] product = operator.apply(v);
                    for (int i = 0; i < product.length; i++) {
                        product[i] += noise.nextGaussian();
                    }
                    return product;
                },
                60,
                5,
                Which.MAGNITUDE,
                0,
                1);
        assertFalse(found.converged());
        assertTrue(Arrays.stream(found.residuals()).max().orElseThrow() > 1);
    }

    @Test
    void whatDidNotConvergeIsLeftOut() {
        double[] values = IntStream.range(0, 100)
                .mapToDouble(i -> 1 - Math.pow(i / 100.0, 5))
                .toArray();
        values[99] = -5;
        Lanczos.TopEigenvalues found = Lanczos.find(turned(1, values), 100, 2, Which.MAGNITUDE, 0, 1);
        assertFalse(found.converged());
        assertArrayEquals(new double[] {-5}, found.values(), 1e-13);
        assertEquals(1, found.residuals().length);
    }

    @Test
    void productsThatAreNotFiniteEndTheSearch() {
        Lanczos.TopEigenvalues found = Lanczos.find(
                v -> {
                    v[3] = Double.NaN;
                    return v;
                },
                9,
                2,
                Which.MAGNITUDE,
                1e-8,
                1);
        assertFalse(found.converged());
        assertEquals(0, found.values().length);
    }

    @Test
    void countsOutOfRange() {
        UnaryOperator<double[]> identity = double[]::clone;
        for (int count : new int[] {0, -1, 5}) {
            assertThrows(IllegalArgumentException.class, () -> Lanczos.find(identity, 5, count, Which.LARGEST, 0, 1));
        }
        assertEquals(4, Lanczos.largestCount(5));
        int million = Lanczos.largestCount(1_000_000);
        assertTrue(million >= 20 && (2L * million + 1) * 1_000_000 <= Integer.MAX_VALUE);
    }

    @Test
    void anOperatorThatSearchesIsRefusedAndTheNextSearchIsSound() {
        UnaryOperator<double[]> identity = double[]::clone;
        UnaryOperator<double[]> searching = v -> {
            Lanczos.find(identity, 30, 1, Which.LARGEST, 0, 2);
            return v.clone();
        };
        assertThrows(IllegalStateException.class, () -> Lanczos.find(searching, 40, 3, Which.LARGEST, 0, 1));
        double[] values = spectrum(120, 5);
        check(
                Arrays.copyOf(byMagnitude(Arrays.stream(values)), 4),
                Lanczos.find(turned(5, values), values.length, 4, Which.MAGNITUDE, 1e-10, 5));
    }
}

package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.quantity.SymmetricIndices;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The tensor of a homogeneous polynomial comes back from its values along the directions. */
class InterpolationTest {
    @Property(seed = "41", tries = 60)
    void aPolynomialsTensorComesBack(
            @ForAll @IntRange(min = 1, max = 5) int size,
            @ForAll @IntRange(min = 1, max = 5) int order,
            @ForAll long seed) {
        SymmetricIndices indices = new SymmetricIndices(size, order);
        double[] tensor = new Random(seed).doubles(indices.count(), -1, 1).toArray();
        assertArrayEquals(tensor, new Interpolation(indices).entries(values(indices, tensor)), 1e-11);
    }

    @Test
    void orderTwelveIsStillExactToNineDigits() {
        SymmetricIndices indices = new SymmetricIndices(2, 12);
        double[] tensor = new Random(3).doubles(indices.count(), -1, 1).toArray();
        double[] found = new Interpolation(indices).entries(values(indices, tensor));
        assertArrayEquals(tensor, found, 1e-7);
    }

    @Test
    void knownWeightsOfOrderTwo() {
        // f = x^2 + 3 x y: coefficients along 2 u_0, u_0 + u_1 and 2 u_1 are 4, 4 and 0.
        double[] entries = new Interpolation(new SymmetricIndices(2, 2)).entries(4, 4, 0);
        assertArrayEquals(new double[] {2, 3, 0}, entries, 1e-15);
    }

    /** Errors of the coefficients grow by less than two digits up to order 4. */
    @Test
    void weightsAreSmall() {
        for (int order = 1; order <= 4; order++) {
            SymmetricIndices indices = new SymmetricIndices(order, order);
            double[] ones = new double[indices.count()];
            double[] amplification = new double[indices.count()];
            double[] f =
                    values(indices, java.util.Arrays.stream(ones).map(v -> 1).toArray());
            for (int j = 0; j < ones.length; j++) {
                double[] one = new double[ones.length];
                one[j] = f[j];
                double[] share = new Interpolation(indices).entries(one);
                for (int i = 0; i < share.length; i++) {
                    amplification[i] += Math.abs(share[i]);
                }
            }
            for (double value : amplification) {
                assertEquals(50, value, 50, "order " + order);
            }
        }
    }

    /** f_d(v) = D[v, ..., v] / d! along the directions of the indices. */
    private static double[] values(SymmetricIndices indices, double... tensor) {
        double[] values = new double[indices.count()];
        int[] direction = indices.first();
        for (int j = 0; j < values.length; j++) {
            double[] v = new double[indices.size()];
            for (int s : direction) {
                v[s]++;
            }
            int[] index = indices.first();
            for (int i = 0; i < values.length; i++) {
                values[j] += tensor[i] * monomial(indices.size(), index, v);
                indices.next(index);
            }
            indices.next(direction);
        }
        return values;
    }

    /** v^m / m! for the multiplicities m of an index. */
    private static double monomial(int size, int[] index, double... v) {
        double value = 1;
        int[] count = new int[size];
        for (int s : index) {
            value *= v[s] / ++count[s];
        }
        return value;
    }
}

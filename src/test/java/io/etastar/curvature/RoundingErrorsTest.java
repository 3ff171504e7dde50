package io.etastar.curvature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two subsets of two parameters each; the first one is honest throughout. */
class RoundingErrorsTest {
    private static final double HALF = 0x1p-29;

    private static final Partition PARTITION = Partitions.parse(
            "canonical", new ParameterLayout(List.of("a", "b"), List.of(new int[] {2}, new int[] {2})));

    private static RoundingErrors.Derivatives derivatives(double g, double h, double cross) {
        return new RoundingErrors.Derivatives(
                new double[] {3, 4, 0.6 * g, 0.8 * g}, new double[][] {{2, cross}, {cross, h}});
    }

    private static void expect(
            boolean below, RoundingErrors.Derivatives found, RoundingErrors.Derivatives other, double roundoff) {
        assertArrayEquals(new boolean[] {false, below}, RoundingErrors.subsets(PARTITION, found, other, roundoff));
    }

    @Test
    void noiseIsAsLargeAsTheRoundoff() {
        expect(true, derivatives(3e-17, 1e-33, 1e-16), derivatives(1e-8, 2e-15, -3e-8), HALF);
        expect(true, derivatives(1e-8, 2e-15, -3e-8), derivatives(3e-17, 1e-33, 1e-16), 1);
    }

    @Test
    void honestDerivativesAreKeptHoweverSmall() {
        for (double size : new double[] {1, 1e-12, 1e-30, 1e-200}) {
            RoundingErrors.Derivatives exact = derivatives(size, size, size);
            RoundingErrors.Derivatives rounded = derivatives(size * (1 + 3e-6), size * (1 - 1e-5), size * (1 + 1e-6));
            expect(false, exact, rounded, HALF);
            expect(false, rounded, exact, 1);
        }
    }

    @Test
    void aSlopeOfNothingButNoiseIsKeptWhereTheLossIsCurved() {
        expect(false, derivatives(3e-17, 0.5, 0), derivatives(1e-8, 0.5 + 1e-7, 1e-8), HALF);
        expect(false, derivatives(3e-17, 0, 0.25), derivatives(1e-8, 1e-8, 0.25 + 1e-7), HALF);
        expect(false, derivatives(1e-8, 0.5 + 1e-7, 1e-8), derivatives(3e-17, 0.5, 0), 1);
    }

    @Test
    void aRowThatSinglePrecisionFindsToBeZeroIsNoise() {
        expect(true, derivatives(7e-17, 2e-32, 7e-16), derivatives(-8e-8, 0, 0), HALF);
    }

    @Test
    void zerosAreLeftOutAndWhatIsNotFiniteIsNot() {
        expect(true, derivatives(0, 0, 0), derivatives(0, 0, 0), HALF);
        expect(false, derivatives(Double.NaN, 0, 0), derivatives(0, 0, 0), HALF);
        double infinite = Double.POSITIVE_INFINITY;
        expect(false, derivatives(1, 1, 1), derivatives(infinite, infinite, infinite), HALF);
        expect(false, derivatives(1, 1, 1), derivatives(infinite, 1, 1), 1);
    }
}

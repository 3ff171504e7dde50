package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.quantity.DerivativeSummary;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlopesTest {
    private static DerivativeSummary batch(double... g) {
        return new DerivativeSummary(1, 5, g, new double[][] {{2, 1}, {1, 4}}, new double[2]);
    }

    private final Slopes slopes = new Slopes(List.of(batch(2, 4), batch(4, 4), batch(-1, 4)));

    /** g / H of one tensor; of both, the sums of each: 6 / 8, 8 / 8, 3 / 8. */
    @Test
    void aRateOfItsOwnIsTheMinimumAlongTheTensors() {
        assertArrayEquals(new double[] {1, 2, 0}, slopes.own(0), 1e-12);
        assertArrayEquals(new double[] {0.75, 1, 0.375}, slopes.own(0, 1), 1e-12);
    }

    /** -g e + k e^3 / 6 is least at sqrt(2 g / k), here k = (8^(2/3) + 1)^1.5 of both; unbounded without a third order. */
    @Test
    void theThirdOrderBoundsIt() {
        double[][] none = new double[2][2];
        Slopes bent = new Slopes(List.of(new DerivativeSummary(1, 5, new double[] {1, 1}, none, new double[] {-8, 1})));
        assertArrayEquals(new double[] {0.5}, bent.own(0), 1e-12);
        assertArrayEquals(new double[] {Math.sqrt(4 / Math.pow(5, 1.5))}, bent.own(0, 1), 1e-12);
        Slopes free = new Slopes(List.of(new DerivativeSummary(1, 5, new double[] {1, -1}, none, new double[2])));
        assertArrayEquals(new double[] {Double.POSITIVE_INFINITY}, free.own(0));
        assertArrayEquals(new double[] {0}, free.own(1));
    }

    /** g is (5/3, 4) on average: 17/3 eta - 8 eta^2 / 2. */
    @Test
    void theDecreaseIsThatOfTheMean() {
        assertEquals(17 / 3.0 * 0.1 - 0.04, slopes.predicted(0.1), 1e-12);
        assertEquals(1 / Math.sqrt(8), slopes.interactions()[0][1], 1e-12);
    }
}

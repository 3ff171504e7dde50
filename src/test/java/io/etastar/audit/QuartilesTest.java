package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QuartilesTest {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    /** As NumPy's percentile has them. */
    @Test
    void areInterpolated() {
        assertEquals(new Quartiles(1.75, 2.5, 3.25), Quartiles.of(4, 1, 3, 2));
        assertEquals(new Quartiles(7, 7, 7), Quartiles.of(7));
    }

    @Test
    void infiniteNumbersAreTheLargest() {
        assertEquals(new Quartiles(1.5, 2, INFINITE), Quartiles.of(1, INFINITE, 2));
        assertEquals(new Quartiles(INFINITE, INFINITE, INFINITE), Quartiles.of(INFINITE, INFINITE));
    }
}

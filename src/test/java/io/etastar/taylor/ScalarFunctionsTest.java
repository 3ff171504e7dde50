package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class ScalarFunctionsTest {
    private static double[] derivatives(ScalarFunctions f, double x, double y) {
        return new double[] {f.first(x, y), f.second(x, y), f.third(x, y)};
    }

    @Test
    void kinks() {
        assertArrayEquals(new double[] {0, 0, 0}, derivatives(ScalarFunctions.RELU, 0, 0));
        assertArrayEquals(new double[] {1, 0, 0}, derivatives(ScalarFunctions.ELU, 0, 0));
        assertArrayEquals(new double[] {1, 0, 0}, derivatives(ScalarFunctions.ELU, 1e-300, 1e-300));
        assertArrayEquals(new double[] {1, 1, 1}, derivatives(ScalarFunctions.ELU, -1e-300, -1e-300));
    }
}

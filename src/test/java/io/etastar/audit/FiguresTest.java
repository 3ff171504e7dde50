package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    /** As %g writes them in C. */
    @ParameterizedTest
    @CsvSource({
        "392.4, 3, 392", "38.45, 3, 38.5", "0.0500, 3, 0.05", "1.5617, 4, 1.562", "1639, 3, 1.64e+03",
                "0.00010956, 3, 0.00011",
        "0.0000123456, 3, 1.23e-05", "-0.6104, 4, -0.6104", "0, 3, 0", "999.6, 3, 1e+03", "2, 4, 2", "Infinity, 3, inf",
        "-Infinity, 3, -inf", "NaN, 3, -", "100, 3, 100"
    })
    void haveSignificantDigits(double value, int digits, String text) {
        assertEquals(text, Figures.of(value, digits));
    }
}

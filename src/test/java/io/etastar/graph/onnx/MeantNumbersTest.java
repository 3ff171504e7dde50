package io.etastar.graph.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeantNumbersTest {
    @ParameterizedTest
    @CsvSource({
        "1e-5, 1e-5",
        "0.1, 0.1",
        "0.16666667, 0.16666666666666666",
        "0.70710677, 0.7071067811865476",
        "1.4142135, 1.4142135623730951",
        "0.7978846, 0.7978845608028654",
        "0.044715, 0.044715",
        "-0.125, -0.125",
        "0.2345679, 0.2345679",
        "1.6732632, 1.6732632423543772",
        "1.050701, 1.0507009873554805",
        "6.2831855, 6.283185307179586",
        "-3.1415927, -3.141592653589793",
        "0.6666667, 0.6666666666666666",
        "0.31830987, 0.3183098861837907",
        "0.6931472, 0.6931471805599453",
        "1.4285715, 1.4285714285714286",
        "7.6923075, 7.6923076923076925",
        "1234567.4, 1234567.4",
        "16777217, 16777216"
    })
    void isWhatPytorchHasInDouble(float found, double meant) {
        assertEquals(meant, MeantNumbers.of(found), 4 * Math.ulp(meant));
    }
}

package io.etastar.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=uniform(0, 10)|0|5|10",
                "a=loguniform(1e-4, 1e-2)|0.0001|0.001|0.01",
                "a=decay(0.9, 0.999)|0.9|0.99|0.999",
                "a=integers(1, 3)|1|2|3",
                "a=uniform(-1, 1, 3)|-1|0|1",
                "a=loguniform(1e-4, 1e-2, 3)|0.0001|0.001|0.01",
                "a=integers(10, 30, 3)|10|20|30",
                "a=[x, y, z]|\"x\"|\"y\"|\"z\"",
                "a=[[8], [8, 4], [2]]|[8]|[8,4]|[2]"
            })
    void aPointStandsForAValue(String text, String first, String middle, String last) {
        Domain domain = Domain.of(text);
        assertEquals(
                List.of(first, middle, last),
                DoubleStream.of(0, 0.5, 1).mapToObj(domain::at).toList());
        assertEquals("a", domain.key());
    }

    @Test
    void valuesStayWithinTheEnds() {
        for (String text : List.of(
                "a=loguniform(1.23456e-4, 1.23457e-4)", "a=decay(0.123456, 0.123457)", "a=uniform(-1e-9, 1e-9)")) {
            Range range = (Range) Domain.of(text);
            IntStream.rangeClosed(0, 100).forEach(i -> {
                double value = Double.parseDouble(range.at(i / 100.0));
                assertTrue(value >= range.low() && value <= range.high(), text + ": " + value);
            });
        }
    }

    @Test
    void integersAreAsLikelyAsEachOther() {
        Domain domain = Domain.of("a=integers(-1, 2)");
        long[] counts = new long[4];
        IntStream.range(0, 400).forEach(i -> counts[Integer.parseInt(domain.at((i + 0.5) / 400)) + 1]++);
        assertEquals(
                List.of(100L, 100L, 100L, 100L),
                java.util.Arrays.stream(counts).boxed().toList());
    }

    @Test
    void listsHaveNoOrderButPointsOfARange() {
        assertFalse(Domain.of("a=[1, 2, 3]").isOrdered());
        assertTrue(Domain.of("a=uniform(1, 3, 3)").isOrdered());
        assertEquals(0, Domain.of("a=uniform(1, 3)").size());
        assertEquals(3, Domain.of("a=uniform(1, 3, 3)").size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a", "=uniform(0, 1)", "a=3", "a=uniform(1, 0)", "a=uniform(1, 1)", "a=uniform(0, x)",
                        "a=loguniform(0, 1)",
                "a=decay(0, 1)", "a=integers(0.5, 2)", "a=uniform(0, 1, 1)", "a=integers(0, 2, 9)", "a=[1]", "a=[1, 1]",
                        "a=[1, 2",
                "a..b=uniform(0, 1)", "a=uniform(0, 1e999)"
            })
    void aMistakeIsOneLineThatHasTheText(String text) {
        UserError error = assertThrows(UserError.class, () -> Domain.of(text));
        assertTrue(
                error.getMessage().startsWith("command line: --vary: found '" + text + "', expected "),
                error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }
}

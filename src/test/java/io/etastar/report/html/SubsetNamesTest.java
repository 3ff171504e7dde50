package io.etastar.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetNamesTest {
    @Test
    void namesAreShortAndDiffer() {
        assertEquals(
                List.of("a.weight", "a.bias"),
                SummaryHistory.SubsetNames.of(List.of(List.of("a.weight"), List.of("a.bias"))));
        assertEquals(
                List.of("weights", "biases"),
                SummaryHistory.SubsetNames.of(List.of(List.of("a.weight", "b.weight"), List.of("a.bias", "b.bias"))));
        assertEquals(
                List.of("a.weight to b.weight (2)", "c.weight", "biases", "a.scale to a.shift (2)"),
                SummaryHistory.SubsetNames.of(List.of(
                        List.of("a.weight", "b.weight"),
                        List.of("c.weight"),
                        List.of("a.bias", "b.bias"),
                        List.of("a.scale", "a.shift"))));
        assertEquals(
                List.of("a to c (2)", "a to c (2) #2"),
                SummaryHistory.SubsetNames.of(List.of(List.of("a", "c"), List.of("a", "c"))));
    }
}

package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.graph.ModelDescription;
import java.util.List;
import org.junit.jupiter.api.Test;

class FixedTest {
    private static List<String> sentences(String keys) {
        return Fixed.of(new ModelDescription("{" + keys + "}")).findings().stream()
                .map(Finding::sentence)
                .toList();
    }

    @Test
    void arraysThatAreNoParametersStandStill() {
        assertEquals(List.of(), sentences("\"model\": \"perceptron\""));
        assertEquals(List.of("a.* stands still: in model.frozen."), sentences("\"frozen\": \"a.*\""));
        assertEquals(List.of("a, b stand still: in model.frozen."), sentences("\"frozen\": [\"a\", \"b\"]"));
        assertEquals(
                List.of("All but c.* stands still: not in model.trainable."), sentences("\"trainable\": [\"c.*\"]"));
    }
}

package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.partition.ParameterLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorsTest {
    private static final ParameterLayout LAYOUT = new ParameterLayout(
            List.of("a.weight", "a.bias", "b.weight"), List.of(new int[] {2}, new int[] {1}, new int[] {1}));

    /** A tensor that does not move though the loss depends on it is told from one that no loss depends on. */
    @Test
    void tensorsAreSorted() {
        Tensors tensors = Tensors.of(LAYOUT, new boolean[] {false, true, false}, new double[] {0, 0, 0, 0.5});
        assertEquals("[a.weight]", tensors.names(tensors.still()).toString());
        assertEquals("[a.bias]", tensors.names(tensors.flat()).toString());
        assertEquals("[b.weight]", tensors.names(tensors.live()).toString());
        assertEquals("[[2]]", tensors.layers().toString());
    }
}

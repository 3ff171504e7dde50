package io.etastar.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.tensor.RawArray;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    @Test
    void rowsCountByTheirWeight() {
        // Labels 0, 0, 0, 2 predicted as 0, 1, 2, 2; weights 1, 2, 0.5, 4.
        Shard rows = new Shard(
                4, RawArray.of(new float[4]), RawArray.of(new float[] {0, 0, 0, 2}), new double[] {1, 2, 0.5, 4});
        RawArray outputs = RawArray.of(new double[] {3, 1, 2, 0, 5, 1, 0, 0, 1, -3, -2, -1});
        Confusion found = new Confusion(3);
        found.add(rows, outputs);
        assertEquals(4, found.rows());
        assertEquals(List.of(0, 2), found.labels());
        assertEquals(3.5, found.of(0));
        assertEquals(1, found.at(0, 0));
        assertEquals(2, found.at(0, 1));
        assertEquals(4, found.at(2, 2));
        assertEquals(0, found.at(1, 1));
        assertEquals(0, found.of(1));
        assertEquals(1, found.mistakenFor(0));
        assertEquals(-1, found.mistakenFor(1));
        assertEquals(-1, found.mistakenFor(2));
    }
}

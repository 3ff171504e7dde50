package io.etastar.spark.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.spark.rows.RowGroups.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowGroupsTest {
    @Test
    void everyShardHasTheRowsOfItsGroups() {
        Random random = new Random(1);
        List<Run> runs = new ArrayList<>();
        List<Integer> groupOfRow = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Run run = new Run(random.nextInt(6), random.nextInt(5));
            runs.add(run);
            for (int row = 0; row < run.rows(); row++) {
                groupOfRow.add(run.group());
            }
        }
        RowGroups groups = RowGroups.of(runs);
        assertEquals(40, groups.runs());
        assertEquals(groupOfRow.size(), groups.rows());
        for (int first = 0; first <= groups.rows(); first++) {
            int count = random.nextInt(groups.rows() - first + 1);
            Map<Integer, int[]> found = groups.within(first, count);
            int rows = 0;
            for (Map.Entry<Integer, int[]> group : found.entrySet()) {
                int last = -1;
                for (int row : group.getValue()) {
                    assertEquals(group.getKey(), groupOfRow.get(first + row));
                    assertEquals(-1, Integer.compare(last, row));
                    last = row;
                    rows++;
                }
            }
            assertEquals(count, rows);
        }
    }

    @Test
    void aGroupMayHaveSeveralRuns() {
        RowGroups groups = RowGroups.of(List.of(new Run(2, 2), new Run(0, 1), new Run(2, 3)));
        Map<Integer, int[]> found = groups.within(1, 4);
        assertEquals(List.of(0, 2), List.copyOf(found.keySet()));
        assertArrayEquals(new int[] {1}, found.get(0));
        assertArrayEquals(new int[] {0, 2, 3}, found.get(2));
        List<Run> many = List.of(new Run(0, Integer.MAX_VALUE), new Run(0, 1));
        assertThrows(ArithmeticException.class, () -> RowGroups.of(many));
    }
}

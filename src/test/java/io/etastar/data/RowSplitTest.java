package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowSplitTest {
    private static final int[] ROWS = {10, 0, 7, 33};

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    @Test
    void everyRowIsOnExactlyOneSide() {
        RowSplit split = new RowSplit(ROWS, 0.3, 5);
        assertArrayEquals(new int[] {3, 0, 2, 10}, split.rowsApart());
        assertArrayEquals(new int[] {7, 0, 5, 23}, split.trainingRows());
        for (int p = 0; p < ROWS.length; p++) {
            int[] apart = split.apart(p, all(split.rowsApart()[p]));
            int[] training = split.training(p, all(split.trainingRows()[p]));
            int[] both = IntStream.concat(Arrays.stream(apart), Arrays.stream(training))
                    .sorted()
                    .toArray();
            assertArrayEquals(all(ROWS[p]), both, "partition " + p);
        }
    }

    @Test
    void theSeedDrawsTheRows() {
        int[] once = new RowSplit(ROWS, 0.3, 5).apart(3, all(10));
        assertArrayEquals(once, new RowSplit(ROWS, 0.3, 5).apart(3, all(10)));
        assertFalse(Arrays.equals(once, new RowSplit(ROWS, 0.3, 6).apart(3, all(10))));
        assertEquals(10, once.length);
    }

    @Test
    void rowsOfADataSetOfTheirOwnLieBehindTheOthers() {
        RowSplit split = RowSplit.behind(new int[] {4, 0}, 2, 3);
        assertArrayEquals(new int[] {4, 0}, split.trainingRows());
        assertArrayEquals(new int[] {2, 3}, split.rowsApart());
        assertArrayEquals(new int[] {3, 1}, split.training(0, new int[] {3, 1}));
        assertArrayEquals(new int[] {5, 4}, split.apart(0, new int[] {1, 0}));
        assertArrayEquals(new int[] {2}, split.apart(1, new int[] {2}));
    }
}

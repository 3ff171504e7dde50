package io.etastar.quantity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SymmetricIndicesTest {
    @Property(seed = "42", tries = 50)
    void everyRisingIndexHasItsNumber(
            @ForAll @IntRange(min = 1, max = 6) int size, @ForAll @IntRange(min = 1, max = 5) int order) {
        SymmetricIndices indices = new SymmetricIndices(size, order);
        List<String> expected = new ArrayList<>();
        for (int code = 0; code < Math.pow(size, order); code++) {
            int[] digits = new int[order];
            int rest = code;
            for (int i = order - 1; i >= 0; i--) {
                digits[i] = rest % size;
                rest /= size;
            }
            if (Arrays.equals(digits, Arrays.stream(digits).sorted().toArray())) {
                expected.add(Arrays.toString(digits));
            }
        }
        assertEquals(expected.size(), indices.count());
        int[] index = indices.first();
        for (int i = 0; i < indices.count(); i++) {
            assertEquals(expected.get(i), Arrays.toString(index));
            assertEquals(i, indices.rank(index));
            assertEquals(i < indices.count() - 1, indices.next(index));
        }
    }

    @Test
    void theLastIndexStays() {
        int[] last = {1, 1, 1};
        assertFalse(new SymmetricIndices(2, 3).next(last));
        assertArrayEquals(new int[] {1, 1, 1}, last);
    }

    @Test
    void ordersBelowOneAndTooManyEntriesAreRefused() {
        UserError low = assertThrows(UserError.class, () -> new SymmetricIndices(3, 0));
        assertEquals("order: found 0, expected at least 1", low.getMessage());
        assertEquals(1_000_000, new SymmetricIndices(1_000_000, 1).count());
        assertEquals(1, new SymmetricIndices(1, 900_000).count());
        for (int[] sides :
                new int[][] {{1_000_001, 1}, {1414, 2}, {62, 5}, {100, 100}, {Integer.MAX_VALUE / 2, 1000}}) {
            UserError many = assertThrows(UserError.class, () -> new SymmetricIndices(sides[0], sides[1]));
            assertTrue(many.getMessage().contains("more than 1000000 entries"), many.getMessage());
        }
        assertEquals(677_040, new SymmetricIndices(62, 4).count());
    }

    @Test
    void indicesThatDoNotRiseAreRefused() {
        SymmetricIndices indices = new SymmetricIndices(3, 2);
        for (int[] wrong : new int[][] {{1, 0}, {-1, 0}, {0, 3}, {0}, {0, 1, 2}}) {
            assertThrows(IllegalArgumentException.class, () -> indices.rank(wrong));
        }
    }
}

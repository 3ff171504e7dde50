package io.etastar.taylor.rule.indexing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.graph.GraphOp;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What ops that move elements take from a small array; arguments that do not fit it. */
class ViewsTest {
    private static final int[] MATRIX = {2, 3};

    private static GraphOp op(long... integers) {
        return GraphOp.of("node", "view", List.of("x"), "y").withIntegers(integers);
    }

    private static void view(StridedView view, int[] shape, int... indices) {
        assertArrayEquals(shape, view.shape());
        assertArrayEquals(indices, view.indices());
    }

    @Test
    void permutations() {
        view(Views.permute(op(), MATRIX), new int[] {3, 2}, 0, 3, 1, 4, 2, 5);
        view(Views.permute(op(0, -1), MATRIX), MATRIX, 0, 1, 2, 3, 4, 5);
        view(Views.permute(op(2, 0, 1), 1, 2, 3), new int[] {3, 1, 2}, 0, 3, 1, 4, 2, 5);
    }

    @Test
    void slices() {
        view(Views.slice(op(0, 1, 2, 2), MATRIX), new int[] {2, 2}, 1, 2, 4, 5);
        view(Views.slice(op(-1, 0, 1, -1), MATRIX), new int[] {1, 3}, 3, 4, 5);
    }

    @Test
    void stridedSlices() {
        view(Views.stridedSlice(op(0, 0, 0, 0, 0, 0, 0, 2, 3, 1, 2), MATRIX), new int[] {2, 2}, 0, 2, 3, 5);
    }

    @Test
    void stridedSlicesWithMasks() {
        long[] all = {3, 0, 3, 0, 0, 0, 0, 0, 0, 1, 1};
        view(Views.stridedSlice(op(all), MATRIX), MATRIX, 0, 1, 2, 3, 4, 5);
        long[] backwards = {3, 0, 3, 0, 0, 0, 0, 0, 0, 1, -1};
        view(Views.stridedSlice(op(backwards), MATRIX), MATRIX, 2, 1, 0, 5, 4, 3);
        long[] point = {1, 0, 1, 0, 2, 0, -1, 0, 0, 1, 1};
        view(Views.stridedSlice(op(point), MATRIX), new int[] {2}, 2, 5);
        long[] rowsAlone = {0, 0, 0, 0, 1, 1, 2, 1};
        view(Views.stridedSlice(op(rowsAlone), MATRIX), new int[] {3}, 3, 4, 5);
        long[] negative = {0, 0, 0, 0, 0, 0, -2, 2, -1, 1, 1};
        view(Views.stridedSlice(op(negative), MATRIX), new int[] {2, 1}, 1, 4);
    }

    @Test
    void repeatsAndReversals() {
        view(Views.tile(op(1, 2), MATRIX), new int[] {2, 6}, 0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5);
        view(Views.tile(op(2, 1), MATRIX), new int[] {4, 3}, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5);
        view(Views.reverse(op(1), MATRIX), MATRIX, 2, 1, 0, 5, 4, 3);
        view(Views.reverse(op(0, -1), MATRIX), MATRIX, 5, 4, 3, 2, 1, 0);
        view(Views.enlarge(op(2, 1, 1), 1, 1, 2, 2), new int[] {1, 1, 4, 2}, 0, 1, 0, 1, 2, 3, 2, 3);
    }

    @Test
    void argumentsThatDoNotFitAreRefused() {
        refused(() -> Views.permute(op(0, 2), MATRIX), "axis 2");
        refused(() -> Views.permute(op(0), MATRIX), "[2, 3]");
        refused(() -> Views.slice(op(0, 2, 2, 2), MATRIX), "elements 2 to 3 of axis 1");
        refused(() -> Views.slice(op(0, 2), MATRIX), "[2, 3]");
        refused(() -> Views.stridedSlice(op(0, 0, 0, 0, 0, 0, 2, 2, 5, 1, 0), MATRIX), "axis 1");
        refused(() -> Views.stridedSlice(op(0, 1, 0, 0, 0, 0, 0, 2, 3, 1, 1), MATRIX), "ellipsis");
        refused(() -> Views.stridedSlice(op(0, 0, 0, 0, 0), MATRIX), "[2, 3]");
        refused(() -> Views.stridedSlice(op(0, 0, 0, 0, 1, 5, 6, 1), MATRIX), "5:6:1 on axis 0");
        refused(() -> Views.tile(op(2), MATRIX), "[2, 3]");
        refused(() -> Views.reverse(op(7), MATRIX), "axis 7");
        refused(() -> Views.enlarge(op(2, 2, 0), 1, 1, 2, 2), "channels last");
    }

    private static void refused(Supplier<StridedView> view, String part) {
        String message = assertThrows(UserError.class, view::get).getMessage();
        assertTrue(message.contains(part) && message.lines().count() == 1, message);
    }
}

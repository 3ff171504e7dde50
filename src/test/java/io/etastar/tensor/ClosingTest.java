package io.etastar.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new ArrayList<>();

    private Runnable closes(String name, RuntimeException failure) {
        return () -> {
            closed.add(name);
            if (failure != null) {
                throw failure;
            }
        };
    }

    @Test
    void allAreClosedAndTheFirstFailureIsThrown() {
        RuntimeException first = new IllegalStateException("first");
        RuntimeException second = new IllegalStateException("second");
        List<Runnable> all = List.of(closes("a", null), closes("b", first), closes("c", second), closes("d", null));
        assertSame(first, assertThrows(RuntimeException.class, () -> Closing.all(all)));
        assertEquals(List.of("a", "b", "c", "d"), closed);
        assertArrayEquals(new Throwable[] {second}, first.getSuppressed());
    }

    @Test
    void whatHasFailedBeforeStaysTheFailure() {
        RuntimeException before = new IllegalStateException("before");
        RuntimeException later = new IllegalStateException("later");
        assertSame(before, Closing.after(before, closes("a", later)));
        assertArrayEquals(new Throwable[] {later}, before.getSuppressed());
        assertSame(before, Closing.after(before, closes("b", before)));
    }
}

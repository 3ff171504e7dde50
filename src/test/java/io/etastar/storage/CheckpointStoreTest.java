package io.etastar.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    @TempDir
    private Path directory;

    private static Checkpoint checkpoint(long step) {
        double[] theta = new double[50];
        Arrays.setAll(theta, i -> step + Math.cos(i));
        return new Checkpoint(
                step,
                theta,
                Map.of("momentum", new double[] {step, -0.0, Double.MIN_VALUE}, "empty", new double[0]),
                Map.of("summaries", Long.MAX_VALUE, "noSolution", 0L),
                Map.of("settings", "a \"quoted\" text\nof two lines"));
    }

    private CheckpointStore store(int keep) {
        return new CheckpointStore(directory.toString(), keep);
    }

    private Path file(long step) {
        return directory.resolve(String.format(Locale.ROOT, "checkpoints/step-%08d.ckpt", step));
    }

    @Test
    void readsBackWhatWasWritten() {
        Checkpoint written = checkpoint(123);
        assertEquals(file(123).toString(), store(2).write(written));
        CheckpointStore.Newest newest = store(2).newestValid();
        assertEquals(file(123).toString(), newest.path());
        assertEquals(List.of(), newest.skipped());
        Checkpoint read = newest.checkpoint();
        assertEquals(123, read.step());
        assertArrayEquals(written.theta(), read.theta());
        assertEquals(written.optimizerState().keySet(), read.optimizerState().keySet());
        assertArrayEquals(
                written.optimizerState().get("momentum"), read.optimizerState().get("momentum"));
        assertEquals(written.counters(), read.counters());
        assertEquals(written.metadata(), read.metadata());
    }

    @Test
    void keepsTheNewest() {
        CheckpointStore store = store(2);
        for (long step : new long[] {5, 10, 15, 999_999_999L}) {
            store.write(checkpoint(step));
        }
        assertEquals(List.of(file(15).toString(), file(999_999_999L).toString()), store.list());
        assertEquals(999_999_999L, store.newestValid().checkpoint().step());
    }

    /** Egypt's Arabic has digits of its own, which a file's name must not take. */
    @Test
    void findsAndPrunesInALocaleWithOtherDigits() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            CheckpointStore store = store(2);
            for (long step : new long[] {5, 10, 15}) {
                store.write(checkpoint(step));
            }
            assertEquals(List.of(file(10).toString(), file(15).toString()), store.list());
            assertEquals(15, store.newestValid().checkpoint().step());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void skipsCorruptOnesAndSaysWhy() throws IOException {
        CheckpointStore store = store(3);
        store.write(checkpoint(1));
        store.write(checkpoint(2));
        store.write(checkpoint(3));
        Files.write(file(3), Arrays.copyOf(Files.readAllBytes(file(3)), 100));
        Files.copy(file(1), file(4));
        new ArrayFile(Json.parse("{\"kind\": \"model\"}"), Map.of("theta", RawArray.of(new double[1])))
                .write(FileAccess.path(file(5).toString()));
        Files.write(directory.resolve("checkpoints/.tmp-step-00000009.ckpt"), new byte[5]);
        CheckpointStore.Newest newest = store.newestValid();
        assertEquals(2, newest.checkpoint().step());
        assertEquals(
                List.of(file(5).toString(), file(4).toString(), file(3).toString()),
                newest.skipped().stream().map(CheckpointStore.Skipped::path).toList());
        assertTrue(newest.skipped().get(0).reason().contains("not of a checkpoint"));
        assertTrue(newest.skipped().get(1).reason().contains("holds step 1"));
    }

    @Test
    void aWriteAfterGoingBackDropsTheFutureAndKeepsItself() throws IOException {
        CheckpointStore store = store(1);
        store.write(checkpoint(10));
        Files.write(file(20), new byte[3]);
        store.write(checkpoint(15));
        assertEquals(List.of(file(15).toString()), store.list());
    }

    @Test
    void resumingDoesTheDeletionsThatAWriteLeftUndone() throws IOException {
        for (long step : new long[] {5, 10, 15}) {
            store(3).write(checkpoint(step));
        }
        Files.write(file(20), new byte[3]);
        CheckpointStore.Newest newest = store(2).resume();
        assertEquals(15, newest.checkpoint().step());
        assertEquals(List.of(file(10).toString(), file(15).toString(), file(20).toString()), store(2).list());
    }

    @Test
    void anEmptyRunHasNone() {
        assertNull(store(1).newestValid().checkpoint());
        assertNull(store(1).resume().checkpoint());
        assertEquals(List.of(), store(1).list());
    }

    @Test
    void anyTruncationAndAnyFlippedBitIsFound() throws IOException {
        store(1).write(checkpoint(7));
        byte[] bytes = Files.readAllBytes(file(7));
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file(7), Arrays.copyOf(bytes, length));
            assertThrows(
                    CorruptFileException.class, () -> CheckpointStore.read(file(7).toString()), "length " + length);
        }
        for (int i = 0; i < bytes.length; i++) {
            for (int mask : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
                byte[] altered = bytes.clone();
                altered[i] ^= (byte) mask;
                Files.write(file(7), altered);
                assertThrows(
                        CorruptFileException.class,
                        () -> CheckpointStore.read(file(7).toString()),
                        "byte " + i + " mask " + mask);
            }
        }
        Files.write(file(7), Arrays.copyOf(bytes, bytes.length + 1));
        assertThrows(CorruptFileException.class, () -> CheckpointStore.read(file(7).toString()), "a byte too many");
        Files.write(file(7), bytes);
        assertEquals(7, CheckpointStore.read(file(7).toString()).step());
    }
}

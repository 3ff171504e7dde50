package io.etastar.tensor.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A profile of what a process enqueues, kept where the property {@code etastar.cuda.profile} names a file: every task is waited for, and at
 * the end of the process the file gets a line for each kernel, {@code NAME calls=N ms=T}, longest first. Times are on the clock, from the
 * task's entry to the entry of the next one, launch included.
 */
final class Profile {
    private static final double MILLION = 1e6;
    private static final @Nullable Profile KEPT = of(System.getProperty("etastar.cuda.profile"));

    private record Cost(long calls, long nanos) {
        Cost and(Cost other) {
            return new Cost(calls + other.calls, nanos + other.nanos);
        }
    }

    private final Map<String, Cost> costs = new TreeMap<>();

    private final Path file;

    private Profile(Path file) {
        this.file = file;
        Runtime.getRuntime().addShutdownHook(new Thread(this::write));
    }

    private static @Nullable Profile of(@Nullable String file) {
        return file == null ? null : new Profile(Path.of(file));
    }

    /** The process's profile; null if none is kept. */
    static @Nullable Profile kept() {
        return KEPT;
    }

    /**
     * Adds a task.
     *
     * @param purpose what it was enqueued for: the kernel's name up to a comma or the word of
     */
    synchronized void add(String purpose, long nanos) {
        costs.merge(purpose.split(",| of ", 2)[0], new Cost(1, nanos), Cost::and);
    }

    private synchronized void write() {
        List<String> lines = costs.entrySet().stream()
                .sorted(Comparator.comparing(entry -> -entry.getValue().nanos))
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s calls=%d ms=%.4g",
                        entry.getKey().replace(' ', '_'),
                        entry.getValue().calls,
                        entry.getValue().nanos / MILLION))
                .toList();
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

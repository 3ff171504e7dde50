package io.etastar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the faults that tests inject; each is a line of target/faults.txt. */
public final class Faults {
    private static final Path FILE = Path.of("target", "faults.txt");
    private static final AtomicInteger INJECTED = new AtomicInteger();
    private static final AtomicInteger SURVIVED = new AtomicInteger();

    private Faults() {}

    /** A fault was seen to happen. */
    public static void injected(String what) {
        write("injected " + what, INJECTED.getAndIncrement() == 0);
    }

    /** What {@code count} injected faults struck ended as promised. */
    public static void survived(String what, int count) {
        SURVIVED.addAndGet(count);
        write("survived " + what + (count == 1 ? "" : " x " + count), false);
    }

    /** A fault that was seen to happen, and whose outcome was checked. */
    public static void injectedAndSurvived(String what) {
        injected(what);
        survived(what, 1);
    }

    /** The line of the end; empty where there was no fault. */
    static String line() {
        return INJECTED.get() == 0 ? "" : "faults injected=" + INJECTED.get() + " survived=" + SURVIVED.get();
    }

    private static synchronized void write(String line, boolean first) {
        try {
            Files.createDirectories(FILE.getParent());
            if (first) {
                Files.deleteIfExists(FILE);
            }
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

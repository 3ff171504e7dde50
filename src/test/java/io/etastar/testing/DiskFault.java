package io.etastar.testing;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;

/**
 * What goes wrong on {@link FaultyFileSystem}, one at a time in a JVM; the property {@code etastar.test.disk_fault} sets the
 * first one as {@code OPERATION,FILE,NUMBER,BYTES,EFFECT}.
 *
 * @param operation create, append, write, rename (before it), renamed (after it), delete, mkdirs or list
 * @param file regular expression of the path's last two names, joined by a slash
 * @param number which of the matching operations, from 1; with all later ones of a disk that stays broken or full
 * @param bytes write: bytes of all matching files that are good before
 * @param effect what happens
 */
public record DiskFault(String operation, String file, int number, long bytes, Effect effect) {
    /** The property of a JVM's first fault. */
    public static final String PROPERTY = "etastar.test.disk_fault";

    private static final AtomicInteger MET = new AtomicInteger();
    private static final AtomicInteger HAPPENED = new AtomicInteger();
    private static final AtomicLong WRITTEN = new AtomicLong();
    private static volatile DiskFault current = parse(System.getProperty(PROPERTY));

    /** What happens. */
    public enum Effect {
        /** The disk is broken from then on. */
        DISK_ERROR,
        /** The disk is full from then on. */
        NO_SPACE,
        /** The JVM ends at once, as by SIGKILL. */
        HALT
    }

    private static DiskFault parse(String text) {
        if (text == null) {
            return null;
        }
        String[] parts = text.split(",");
        return new DiskFault(
                parts[0], parts[1], Integer.parseInt(parts[2]), Long.parseLong(parts[3]), Effect.valueOf(parts[4]));
    }

    /** The property's value for this fault. */
    public String property() {
        return String.join(",", operation, file, Integer.toString(number), Long.toString(bytes), effect.name());
    }

    /** Sets the fault to come; null for a disk that is well. */
    public static void set(DiskFault fault) {
        MET.set(0);
        HAPPENED.set(0);
        WRITTEN.set(0);
        current = fault;
    }

    /** How often the set fault happened. */
    public static int happened() {
        return HAPPENED.get();
    }

    private boolean matches(String what, Path path) {
        String name = path.getParent().getName() + "/" + path.getName();
        return operation.equals(what) && name.matches(file);
    }

    static void meet(String what, Path path) throws IOException {
        DiskFault fault = current;
        if (fault != null && fault.matches(what, path) && MET.incrementAndGet() >= fault.number) {
            HAPPENED.incrementAndGet();
            fault.happen(path);
        }
    }

    static long goodBytes(Path path, int count) {
        DiskFault fault = current;
        if (fault == null || !fault.matches("write", path)) {
            return count;
        }
        long before = WRITTEN.getAndAdd(count);
        return Math.max(0, Math.min(count, fault.bytes - before));
    }

    private void happen(Path path) throws IOException {
        switch (effect) {
            case DISK_ERROR -> throw new IOException("Input/output error (" + path.getName() + ")");
            case NO_SPACE -> throw new IOException("No space left on device");
            default -> Runtime.getRuntime().halt(128 + 9);
        }
    }
}

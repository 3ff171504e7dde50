package io.etastar.jobs;

import java.io.FileDescriptor;
import java.lang.reflect.Field;

/**
 * The standard error of a process whose script has a filter behind descriptor 2, for the one line that the JVM itself writes at its start. From here
 * on what Java writes there goes to the script's own, in its order with all else.
 */
final class DirectErrors {
    /** Variable with the process and the descriptor of the script's standard error: PID:FD. Of other processes it means nothing. */
    private static final String VARIABLE = "ETASTAR_STDERR";

    private DirectErrors() {}

    /** Leaves the filter behind; of a process that has none nothing changes. */
    static void begin() {
        String own = ProcessHandle.current().pid() + ":";
        String given = System.getenv().getOrDefault(VARIABLE, "");
        if (!given.startsWith(own)) {
            return;
        }
        try {
            Field number = FileDescriptor.class.getDeclaredField("fd");
            number.setAccessible(true);
            System.err.flush();
            number.setInt(FileDescriptor.err, Integer.parseInt(given.substring(own.length())));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Everything still comes, by the filter.
            return;
        }
    }
}

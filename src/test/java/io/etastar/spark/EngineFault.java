package io.etastar.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Something that goes wrong inside an engine call on an executor.
 *
 * @param kind what happens
 * @param call gradient or summary
 * @param number of the call in its JVM, from 1, from which on it may happen
 * @param times how often it happens, in all JVMs together
 * @param markers directory, the same for all JVMs; each time leaves a file there that holds the JVM's process id
 */
public record EngineFault(Kind kind, String call, int number, int times, String markers) implements Serializable {
    private static final Map<EngineFault, Integer> CALLS = new ConcurrentHashMap<>();
    private static final long SLOW_MILLISECONDS = 60_000;

    /** What happens. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** The JVM gets SIGKILL. */
        KILL,
        /** The call throws. */
        THROW,
        /** The call takes a minute. */
        SLOW
    }

    /** No fault. */
    public static EngineFault none() {
        return new EngineFault(Kind.NONE, "", 0, 0, "");
    }

    public void strike(String method) {
        if (kind == Kind.NONE || !method.equals(call) || CALLS.merge(this, 1, Integer::sum) < number) {
            return;
        }
        for (int i = 0; i < times; i++) {
            if (mark(Path.of(markers, "fault-" + i))) {
                happen();
                return;
            }
        }
    }

    private static boolean mark(Path marker) {
        try {
            Files.writeString(marker, Long.toString(ProcessHandle.current().pid()), StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void happen() {
        try {
            if (kind == Kind.KILL) {
                new ProcessBuilder(
                                "kill",
                                "-9",
                                Long.toString(ProcessHandle.current().pid()))
                        .start()
                        .waitFor();
            }
            if (kind != Kind.THROW) {
                Thread.sleep(SLOW_MILLISECONDS);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("while a fault happened", e);
        }
        throw new IllegalStateException("thrown on purpose");
    }
}

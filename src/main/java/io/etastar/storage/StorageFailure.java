package io.etastar.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * A file of a run could not be read or written: a full or broken disk, a directory without permission, a lost connection. It is
 * neither a mistake in what the user wrote nor an error of ours, so main classes print the message alone and exit with code 1.
 */
public final class StorageFailure extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param file read or written
     * @param problem what the file system reported
     */
    public StorageFailure(Path file, IOException problem) {
        this(FileAccess.display(file) + ": " + FileAccess.firstLine(problem), problem);
    }

    private StorageFailure(String message, IOException problem) {
        super(message, problem);
    }

    /** This failure with more to say, in the same line. */
    public StorageFailure and(String more) {
        return new StorageFailure(getMessage() + "; " + more, Objects.requireNonNull(getCause()));
    }

    /** Input or output. */
    @FunctionalInterface
    public interface Access<T> {
        /** Reads or writes. */
        T run() throws IOException;
    }

    /**
     * Reads or writes.
     *
     * @param file that failures name
     * @throws StorageFailure if that fails
     */
    public static <T> T in(Path file, Access<T> access) {
        try {
            return unwrapped(access);
        } catch (IOException problem) {
            throw new StorageFailure(file, problem);
        }
    }

    /** Reads or writes; Hadoop's local file system throws failed writes as errors, which become what they were. */
    static <T> T unwrapped(Access<T> access) throws IOException {
        try {
            return access.run();
        } catch (FSError error) {
            throw error.getCause() instanceof IOException problem ? problem : new IOException(error);
        }
    }
}

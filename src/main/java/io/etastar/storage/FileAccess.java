package io.etastar.storage;

import io.etastar.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Files by location: a local path, {@code file:}, {@code hdfs:}, {@code s3a:} or whatever Hadoop knows.
 *
 * <p>Local files go past Hadoop's checksumming file system, which would leave .crc files beside them.
 */
public final class FileAccess {
    private static volatile @Nullable Configuration configuration;

    private FileAccess() {}

    /** Sets this process's Hadoop configuration (credentials, default file system); by default, Hadoop's own files. */
    public static void configure(Configuration hadoop) {
        configuration = new Configuration(hadoop);
    }

    /** The Hadoop configuration of this process; not to be changed. */
    public static Configuration configuration() {
        Configuration known = configuration;
        if (known == null) {
            synchronized (FileAccess.class) {
                known = configuration;
                if (known == null) {
                    known = new Configuration();
                    configuration = known;
                }
            }
        }
        return known;
    }

    /**
     * The absolute path of a location, with its scheme; nothing need be there.
     *
     * @throws UserError if the location is no path or its file system is not available
     */
    public static Path path(String location) {
        try {
            Path path = new Path(location);
            return fileSystem(path).makeQualified(path);
        } catch (IllegalArgumentException | IOException e) {
            throw new UserError(location + ": not a path that can be read: " + firstLine(e), e);
        }
    }

    /** The file system a path lies in. */
    public static FileSystem fileSystem(Path path) throws IOException {
        FileSystem system = path.getFileSystem(configuration());
        return system instanceof LocalFileSystem local ? local.getRaw() : system;
    }

    /** Opens a file; the caller closes it. */
    public static FSDataInputStream open(Path file) throws IOException {
        return fileSystem(file).open(file, 1 << 16);
    }

    /** What is at a path, or null if there is nothing. */
    public static @Nullable FileStatus status(Path path) throws IOException {
        try {
            return fileSystem(path).getFileStatus(path);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /**
     * Whether there is anything at a path.
     *
     * @throws UserError if that cannot be told
     */
    public static boolean exists(Path path) {
        try {
            return status(path) != null;
        } catch (IOException e) {
            throw new UserError(display(path) + ": cannot be read: " + firstLine(e), e);
        }
    }

    /** Whether a directory is there. */
    public static boolean isDirectory(Path path) throws IOException {
        FileStatus status = status(path);
        return status != null && status.isDirectory();
    }

    /** Entries of a directory by name; none if it does not exist. */
    public static List<FileStatus> list(Path directory) throws IOException {
        try {
            FileStatus[] entries = fileSystem(directory).listStatus(directory);
            Arrays.sort(entries, Comparator.comparing(entry -> entry.getPath().getName()));
            return List.of(entries);
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** A path as users write it, which leads to the same place: without the scheme if it is local and so is the default file system. */
    public static String display(Path path) {
        return isLocal(path.toUri()) && isLocal(FileSystem.getDefaultUri(configuration()))
                ? path.toUri().getPath()
                : path.toString();
    }

    private static boolean isLocal(URI location) {
        return "file".equals(location.getScheme());
    }

    /** First line of what went wrong, for messages of one line. */
    public static String firstLine(Throwable problem) {
        String message = problem.getMessage();
        return message == null || message.isBlank()
                ? problem.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip();
    }
}

package io.etastar.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Files that are seen whole or not at all: written beside their place under a temporary name, flushed, renamed. */
public final class AtomicFile {
    private static final String TEMPORARY = ".tmp-";

    private AtomicFile() {}

    /** What writes the bytes of a file; it leaves the stream open. */
    public interface Body {
        /** Writes everything to {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes {@code file}, replacing one that is there; makes missing directories. */
    public static void write(Path file, Body body) throws IOException {
        FileSystem system = FileAccess.fileSystem(file);
        Path temporary = new Path(file.getParent(), TEMPORARY + file.getName());
        system.mkdirs(file.getParent());
        try {
            writeThrough(temporary, body);
            rename(temporary, file);
        } catch (IOException | RuntimeException e) {
            deleteAfter(e, system, temporary);
            throw e;
        }
    }

    private static void deleteAfter(Exception failure, FileSystem system, Path temporary) {
        try {
            system.delete(temporary, false);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Writes {@code file} in place, flushed to the disk if the file system can. */
    static void writeThrough(Path file, Body body) throws IOException {
        StorageFailure.unwrapped(() -> {
            try (FSDataOutputStream out = FileAccess.fileSystem(file).create(file, true, 1 << 16)) {
                body.writeTo(out);
                out.flush();
                if (out.hasCapability("hsync")) {
                    out.hsync();
                }
            }
            return file;
        });
    }

    /** Renames a file over another, or a directory to a name that is free; lasting once it returns. */
    public static void rename(Path from, Path to) throws IOException {
        FileSystem system = FileAccess.fileSystem(from);
        if (system instanceof RawLocalFileSystem local) {
            java.nio.file.Path target = local.pathToFile(to).toPath();
            Files.move(
                    local.pathToFile(from).toPath(),
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } else {
            FileContext.getFileContext(from.toUri(), FileAccess.configuration())
                    .rename(from, to, Options.Rename.OVERWRITE);
        }
    }
}

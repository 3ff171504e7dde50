package io.etastar.report;

import io.etastar.storage.StorageFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file of lines that grows. If the file system cannot append, each opening writes one more part, {@code NAME-2.jsonl},
 * {@code NAME-3.jsonl} and so on. What cannot be read or written is a {@link StorageFailure}.
 */
final class LineFile implements AutoCloseable {
    private final FileSystem files;
    private final Path path;
    private FSDataOutputStream out;

    LineFile(FileSystem files, Path path) throws IOException {
        this.files = files;
        this.path = path;
        access(this::open);
    }

    private void open() throws IOException {
        if (!files.exists(path)) {
            out = files.create(path, false);
            return;
        }
        try {
            out = files.append(path);
        } catch (UnsupportedOperationException unsupported) {
            out = files.create(part(parts() + 1), false);
        }
    }

    private Path part(int number) {
        return number == 1
                ? path
                : new Path(path.getParent(), path.getName().replaceFirst("(\\.[^.]*)?$", "-" + number + "$1"));
    }

    private int parts() throws IOException {
        int parts = 0;
        while (files.exists(part(parts + 1))) {
            parts++;
        }
        return parts;
    }

    /** Appends a line. */
    void write(String line) throws IOException {
        access(() -> out.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Hands everything written to the file system. */
    void flush() throws IOException {
        access(out::hflush);
    }

    /** Keeps the complete lines that {@code keep} accepts, drops all others; new lines follow them. */
    void retain(Predicate<String> keep) throws IOException {
        access(() -> {
            out.close();
            int parts = parts();
            for (int number = 1; number <= parts; number++) {
                rewrite(part(number), keep);
            }
            open();
        });
    }

    private void rewrite(Path file, Predicate<String> keep) throws IOException {
        String before;
        try (InputStream in = files.open(file)) {
            before = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String complete = before.substring(0, before.lastIndexOf('\n') + 1);
        String after = complete.lines().filter(keep).map(line -> line + "\n").collect(Collectors.joining());
        if (after.equals(before)) {
            return;
        }
        Path temporary = new Path(file.getParent(), "." + file.getName() + ".tmp");
        try (OutputStream rewritten = files.create(temporary, true)) {
            rewritten.write(after.getBytes(StandardCharsets.UTF_8));
        }
        if (!files.rename(temporary, file)) {
            files.delete(file, false);
            if (!files.rename(temporary, file)) {
                throw new IOException(file + " could not be replaced by " + temporary);
            }
        }
    }

    @Override
    public void close() throws IOException {
        access(out::close);
    }

    private interface Access {
        void run() throws IOException;
    }

    private void access(Access access) {
        StorageFailure.in(path, () -> {
            access.run();
            return null;
        });
    }
}

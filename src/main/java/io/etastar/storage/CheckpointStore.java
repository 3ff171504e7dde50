package io.etastar.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** The checkpoints of a run: files {@code checkpoints/step-00000123.ckpt} in its directory. */
public final class CheckpointStore {
    private static final Pattern NAME = Pattern.compile("step-([0-9]{8,18})\\.ckpt");

    private final Path directory;
    private final int keep;

    /**
     * @param runDirectory directory of the run; made at the first write
     * @param keep how many of the newest stay, at least 1
     */
    public CheckpointStore(String runDirectory, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("keep is " + keep + ", expected at least 1");
        }
        this.directory = new Path(FileAccess.path(runDirectory), "checkpoints");
        this.keep = keep;
    }

    /** A file that could not be used, and why. */
    public record Skipped(String path, String reason) {}

    /**
     * The newest checkpoint that is whole.
     *
     * @param checkpoint null if there is none
     * @param path of it, or null
     * @param skipped newer files that are corrupt, newest first
     */
    public record Newest(
            @Nullable Checkpoint checkpoint, @Nullable String path, List<Skipped> skipped) {}

    /**
     * Writes a checkpoint, whole or not at all, then deletes what is no longer kept: all but the newest of its past, and
     * any of a later step, which belong to a future that was given up.
     *
     * @return its path
     * @throws StorageFailure if that is not possible; checkpoints that were there stay
     */
    public String write(Checkpoint checkpoint) {
        Path file = new Path(directory, String.format(Locale.ROOT, "step-%08d.ckpt", checkpoint.step()));
        try {
            checkpoint.toFile().write(file);
            prune(checkpoint.step());
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
        return FileAccess.display(file);
    }

    /** Paths of all checkpoints, oldest first, valid or not. */
    public List<String> list() {
        return files().stream().map(FileAccess::display).toList();
    }

    /**
     * Looks for the newest checkpoint that is whole, past those that are not.
     *
     * @throws StorageFailure if the directory or a file cannot be read
     */
    public Newest newestValid() {
        List<Path> files = files();
        List<Skipped> skipped = new ArrayList<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            try {
                return new Newest(read(files.get(i)), FileAccess.display(files.get(i)), skipped);
            } catch (CorruptFileException e) {
                skipped.add(new Skipped(FileAccess.display(files.get(i)), String.valueOf(e.getMessage())));
            }
        }
        return new Newest(null, null, skipped);
    }

    /**
     * {@link #newestValid()} for a run that goes on from it, with the deletions done that a write cut off before its end left
     * undone. Corrupt files of later steps stay until the next write.
     *
     * @throws StorageFailure if the directory or a file cannot be read, or one cannot be deleted
     */
    public Newest resume() {
        Newest newest = newestValid();
        if (newest.checkpoint() != null) {
            try {
                deleteOld(newest.checkpoint().step());
            } catch (IOException e) {
                throw new StorageFailure(directory, e);
            }
        }
        return newest;
    }

    /**
     * Reads one checkpoint.
     *
     * @throws CorruptFileException unless it is as it was written
     */
    public static Checkpoint read(String path) {
        return read(FileAccess.path(path));
    }

    private static Checkpoint read(Path file) {
        try {
            Checkpoint checkpoint = Checkpoint.of(file, ArrayFile.read(file));
            long named = step(file);
            if (named >= 0 && named != checkpoint.step()) {
                throw new CorruptFileException(file, "holds step " + checkpoint.step());
            }
            return checkpoint;
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
    }

    private void prune(long written) throws IOException {
        for (Path file : files()) {
            if (step(file) > written) {
                FileAccess.fileSystem(file).delete(file, false);
            }
        }
        deleteOld(written);
    }

    /** Of the files up to a step all but the newest go. */
    private void deleteOld(long newest) throws IOException {
        List<Path> past = files().stream().filter(file -> step(file) <= newest).toList();
        for (Path file : past.subList(0, Math.max(0, past.size() - keep))) {
            FileAccess.fileSystem(file).delete(file, false);
        }
    }

    private List<Path> files() {
        try {
            return FileAccess.list(directory).stream()
                    .map(FileStatus::getPath)
                    .filter(file -> step(file) >= 0)
                    .sorted(Comparator.comparingLong(CheckpointStore::step))
                    .toList();
        } catch (IOException e) {
            throw new StorageFailure(directory, e);
        }
    }

    private static long step(Path file) {
        Matcher matcher = NAME.matcher(file.getName());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}

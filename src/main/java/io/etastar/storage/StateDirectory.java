package io.etastar.storage;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Where the training of a saved model ended, DIR/optimizer/: a checkpoint beside the model directory. */
public final class StateDirectory {
    static final String STATE = "state.ckpt";

    private StateDirectory() {}

    /**
     * Writes DIR/optimizer/.
     *
     * @throws StorageFailure if it cannot be written
     */
    public static void write(String directory, Checkpoint state) {
        Path file = file(directory);
        try {
            state.toFile().write(file);
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
    }

    /**
     * What was written there.
     *
     * @param directory that holds a model directory
     * @return null if nothing was
     * @throws CorruptFileException unless it is as it was written
     */
    public static @Nullable Checkpoint read(String directory) {
        Path file = file(directory);
        try {
            return FileAccess.exists(file) ? Checkpoint.of(file, ArrayFile.read(file)) : null;
        } catch (IOException e) {
            throw new StorageFailure(file, e);
        }
    }

    private static Path file(String directory) {
        return new Path(new Path(FileAccess.path(directory), "optimizer"), STATE);
    }
}

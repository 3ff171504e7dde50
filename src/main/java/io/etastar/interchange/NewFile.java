package io.etastar.interchange;

import io.etastar.UserError;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import io.etastar.storage.StorageFailure;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** Files and directories that must not be there yet. */
public final class NewFile {
    private NewFile() {}

    /**
     * The path of a file that is not there.
     *
     * @throws UserError if something is there
     */
    public static Path require(String file) {
        Path path = FileAccess.path(file);
        try {
            if (FileAccess.status(path) != null) {
                throw new UserError(UserError.Subject.of(FileAccess.display(path)), "it there already", "a new name");
            }
            return path;
        } catch (IOException e) {
            throw new StorageFailure(path, e);
        }
    }

    /** Writes a file, whole or not at all. */
    static void write(String file, AtomicFile.Body body) {
        Path path = require(file);
        try {
            AtomicFile.write(path, body);
        } catch (IOException e) {
            throw new StorageFailure(path, e);
        }
    }
}

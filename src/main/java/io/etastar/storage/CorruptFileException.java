package io.etastar.storage;

import io.etastar.UserError;
import org.apache.hadoop.fs.Path;

/** A file of ours that is not as it was written: truncated, altered, or of another kind. */
public final class CorruptFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param file the file
     * @param found what is wrong with it: what was found, what is expected
     */
    public CorruptFileException(Path file, String found) {
        super(UserError.oneLine(FileAccess.display(file) + ": " + found));
    }
}

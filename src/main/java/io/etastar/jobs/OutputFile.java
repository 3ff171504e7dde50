package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A new file that the option --output names. */
final class OutputFile {
    private final String file;
    private final Path path;

    OutputFile(String file) {
        this.file = file;
        this.path = Path.of(file).toAbsolutePath();
    }

    /** Its name as the user gave it. */
    String file() {
        return file;
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    /**
     * Makes the directory that will hold the file.
     *
     * @throws UserError if no file can be written there, or one is there
     */
    void prepare() {
        try {
            Files.createDirectories(path.getParent());
        } catch (IOException exception) {
            throw unusable(FileAccess.firstLine(exception));
        }
        if (Files.isDirectory(path)) {
            throw unusable("a directory");
        }
        if (Files.exists(path)) {
            throw new UserError(UserError.Subject.of("--output " + file), "it there already", "a new name");
        }
        if (!Files.isWritable(path.getParent())) {
            throw unusable("no right to write");
        }
    }

    private UserError unusable(String found) {
        return new UserError(
                UserError.Subject.of("--output " + file),
                "a place that cannot be used (" + found + ")",
                "a file that can be written");
    }
}

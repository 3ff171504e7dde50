package io.etastar.experiment;

import io.etastar.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The losses of a run in a file of lines {@code step,loss}. */
final class LossFile implements StepLosses, AutoCloseable {
    private final BufferedWriter out;

    LossFile(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
        out.write("step,loss\n");
    }

    /**
     * Makes the directory of an experiment's files.
     *
     * @throws UserError if there is something in it
     */
    static void create(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UserError("--output: found a file at " + directory + ", expected a new directory");
        }
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new UserError("--output: found files in " + directory + ", expected a new directory");
            }
        }
    }

    @Override
    public void step(long step, double loss) {
        try {
            out.write(step + "," + loss + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}

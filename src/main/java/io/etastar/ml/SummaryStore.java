package io.etastar.ml;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Training summaries on a server's own disk, where a Spark Connect server puts models that it has no room for, and fetches them from
 * again. Java's serialization: the same process reads what it wrote.
 */
final class SummaryStore {
    private static final String FILE = "summary.bin";

    private SummaryStore() {}

    /** Writes to a directory, which is made if need be. */
    static void write(NeuralNetworkTrainingSummary summary, String directory) {
        try {
            Path made = Files.createDirectories(Path.of(directory));
            try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(made.resolve(FILE)))) {
                out.writeObject(summary);
            }
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Reads from a directory. */
    static NeuralNetworkTrainingSummary read(String directory) {
        try (ObjectInputStream in =
                new ObjectInputStream(Files.newInputStream(Path.of(directory).resolve(FILE)))) {
            return (NeuralNetworkTrainingSummary) in.readObject();
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        } catch (ClassNotFoundException exception) {
            throw new IllegalStateException("a class of this jar", exception);
        }
    }
}

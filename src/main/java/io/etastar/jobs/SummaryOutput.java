package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.curvature.Lanczos;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.Quantity;
import io.etastar.report.SummaryFile;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON file of a summary. */
final class SummaryOutput {
    private final String file;
    private final Path path;
    private DerivativeTensor tensor;
    private Lanczos.TopEigenvalues top;

    SummaryOutput(String file) {
        this.file = file;
        this.path = Path.of(file).toAbsolutePath();
    }

    /** Its name as the user gave it. */
    String file() {
        return file;
    }

    /**
     * Makes the directory that will hold the file.
     *
     * @throws UserError if no file can be written there
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
        if (!Files.isWritable(Files.exists(path) ? path : path.getParent())) {
            throw unusable("no right to write");
        }
    }

    private UserError unusable(String found) {
        return new UserError(
                UserError.Subject.of("--output " + file),
                "a place that cannot be used (" + found + ")",
                "a file that can be written");
    }

    /** Has {@link #write} add a tensor, of means over samples. */
    void tensor(DerivativeTensor mean) {
        tensor = mean;
    }

    /** Has {@link #write} add eigenvalues of the full Hessian of the mean loss. */
    void topEigenvalues(Lanczos.TopEigenvalues found) {
        top = found;
    }

    /**
     * Writes the file.
     *
     * @param what was summarised
     * @param mean the summary, as means over samples
     * @param dampings weights of the cubic term to solve for
     */
    void write(Quantity.Summary what, DerivativeSummary mean, double[] dampings) throws IOException {
        SummaryFile.of(what, mean, dampings, tensor, top).write(path);
    }
}

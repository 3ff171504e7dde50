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
import java.util.List;

/** The JSON file of a summary. */
final class SummaryOutput {
    private final String file;
    private final Path path;
    private DerivativeTensor tensor;
    private Lanczos.TopEigenvalues top;
    private boolean[] belowRounding;
    private SummaryFile.OtherRows otherRows;

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

    /** Has {@link #write} add a tensor, of means over samples. */
    void tensor(DerivativeTensor mean) {
        tensor = mean;
    }

    /** Has {@link #write} add eigenvalues of the full Hessian of the mean loss. */
    void topEigenvalues(Lanczos.TopEigenvalues found) {
        top = found;
    }

    /** Has {@link #write} name the subsets that no rate was solved for [S]. */
    void belowRounding(boolean[] subsets) {
        belowRounding = subsets;
    }

    /** What steps were measured on besides; null if there was nothing. */
    SummaryFile.OtherRows otherRows() {
        return otherRows;
    }

    /** Has {@link #write} say what steps were measured on besides. */
    void otherRows(SummaryFile.OtherRows rows) {
        otherRows = rows;
    }

    /**
     * Writes the file.
     *
     * @param what was summarised
     * @param mean the summary, as means over samples
     * @param solutions one for each damping
     */
    void write(Quantity.Summary what, DerivativeSummary mean, List<SummaryFile.Solution> solutions) throws IOException {
        SummaryFile.Extras extras = new SummaryFile.Extras(tensor, top, belowRounding, otherRows);
        SummaryFile.of(what, mean, solutions, extras).write(path);
    }
}

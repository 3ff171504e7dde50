package io.etastar.jobs;

import io.etastar.curvature.Lanczos;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.Quantity;
import io.etastar.report.SummaryFile;
import java.io.IOException;
import java.util.List;

/** The JSON file of a summary. */
final class SummaryOutput {
    private final OutputFile output;
    private DerivativeTensor tensor;
    private Lanczos.TopEigenvalues top;
    private boolean[] belowRounding;
    private SummaryFile.OtherRows otherRows;

    SummaryOutput(String file) {
        output = new OutputFile(file);
    }

    /** Its name as the user gave it. */
    String file() {
        return output.file();
    }

    /** {@link OutputFile#prepare}. */
    void prepare() {
        output.prepare();
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
        SummaryFile.of(what, mean, solutions, extras).write(output.path());
    }
}

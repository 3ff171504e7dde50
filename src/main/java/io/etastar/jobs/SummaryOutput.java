package io.etastar.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.UserError;
import io.etastar.curvature.TopEigenvalues;
import io.etastar.partition.Partition;
import io.etastar.report.CurvatureJson;
import io.etastar.report.JsonNumbers;
import io.etastar.report.SummaryJson;
import io.etastar.storage.FileAccess;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.DerivativeTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The JSON file of a summary. */
final class SummaryOutput {
    private final String file;
    private final Path path;
    private DerivativeTensor tensor;
    private TopEigenvalues top;

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
     * @throws UserError where no file can be written there
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
        return new UserError("--output " + file + ": found a place that cannot be used (" + found
                + "), expected a file that can be written");
    }

    /** Has {@link #write} add a tensor, of means over samples. */
    void tensor(DerivativeTensor mean) {
        tensor = mean;
    }

    /** Order and entries of the tensor, where there is one. */
    private void addTensor(ObjectNode root) {
        if (tensor == null) {
            return;
        }
        root.put("order", tensor.order());
        ArrayNode entries = root.putArray("D");
        int[] subsets = tensor.indices().first();
        for (double value : tensor.entries()) {
            ObjectNode entry = entries.addObject();
            ArrayNode index = entry.putArray("subsets");
            Arrays.stream(subsets).forEach(index::add);
            entry.set("value", JsonNumbers.of(value));
            tensor.indices().next(subsets);
        }
    }

    /** Has {@link #write} add eigenvalues of the full Hessian of the mean loss. */
    void topEigenvalues(TopEigenvalues found) {
        top = found;
    }

    /**
     * Writes the file.
     *
     * @param mean the summary, as means over samples
     * @param dampings weights of the cubic term to solve for
     */
    void write(Partition partition, DerivativeSummary mean, double[] dampings) throws IOException {
        ObjectNode root = SummaryJson.of(partition, mean, dampings);
        addTensor(root);
        if (top != null) {
            CurvatureJson.add(root, top);
        }
        SummaryJson.write(path, root);
    }
}

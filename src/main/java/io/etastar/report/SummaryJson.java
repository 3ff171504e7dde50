package io.etastar.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.partition.Partition;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import io.etastar.summary.DerivativeSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A derivative summary as JSON. */
public final class SummaryJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SummaryJson() {}

    /**
     * Subsets, loss, g, H, order3, eta* and what H says about curvature; a new object.
     *
     * @param mean the summary, as means over samples
     * @param dampings weights of the cubic term to solve for
     */
    public static ObjectNode of(Partition partition, DerivativeSummary mean, double[] dampings) {
        ObjectNode root = MAPPER.createObjectNode();
        root.set("groups", MAPPER.valueToTree(partition.groups()));
        root.set("loss", JsonNumbers.of(mean.loss()));
        root.set("g", JsonNumbers.of(mean.g()));
        root.set("H", JsonNumbers.of(mean.h()));
        root.set("order3", JsonNumbers.of(mean.order3()));
        ArrayNode solutions = root.putArray("eta");
        for (double damping : dampings) {
            EtaSolution solution = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), damping);
            ObjectNode node = solutions.addObject().put("damping_int", damping);
            node.set("eta", JsonNumbers.of(solution.eta()));
            node.set("r", JsonNumbers.of(solution.r()));
            node.put("case", solution.solverCase().key());
        }
        CurvatureJson.add(root, partition, mean.h());
        return root;
    }

    /** Writes an object to a file. */
    public static void write(Path file, ObjectNode root) throws IOException {
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }
}

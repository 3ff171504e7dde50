package io.etastar.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.curvature.Interactions;
import io.etastar.curvature.Kind;
import io.etastar.curvature.TopEigenvalues;
import io.etastar.partition.Partition;
import java.util.List;
import java.util.Locale;

/** What the file of a summary says about curvature. */
public final class CurvatureJson {
    private CurvatureJson() {}

    /** Adds spectrum, inverse, kinds, blocks and interactions of H [S, S]. */
    public static void add(ObjectNode root, Partition partition, double[][] h) {
        Interactions found = Interactions.of(h);
        List<Kind> kinds = Kind.of(partition);
        root.set(
                "spectrum",
                JsonNumbers.of(
                        found.spectrum() == null ? null : found.spectrum().values()));
        root.set("condition", JsonNumbers.of(found.condition()));
        if (found.inverse() == null) {
            root.putNull("Hinv");
        } else {
            root.set("Hinv", JsonNumbers.of(found.inverse()));
        }
        ArrayNode names = root.putArray("kinds");
        kinds.forEach(kind -> names.add(kind.name().toLowerCase(Locale.ROOT)));
        ObjectNode blocks = root.putObject("blocks");
        blocks(blocks.putObject("H"), kinds, h);
        if (found.inverse() == null) {
            blocks.putNull("Hinv");
        } else {
            blocks(blocks.putObject("Hinv"), kinds, found.inverse());
        }
        root.set("interactions", JsonNumbers.of(found.normalised()));
    }

    private static void blocks(ObjectNode node, List<Kind> kinds, double[][] matrix) {
        int[] weights = Interactions.subsets(kinds, Kind.WEIGHT);
        int[] biases = Interactions.subsets(kinds, Kind.BIAS);
        node.set("weight_weight", JsonNumbers.of(Interactions.block(matrix, weights, weights)));
        node.set("weight_bias", JsonNumbers.of(Interactions.block(matrix, weights, biases)));
        node.set("bias_bias", JsonNumbers.of(Interactions.block(matrix, biases, biases)));
    }

    /** Adds eigenvalues of the full Hessian. */
    public static void add(ObjectNode root, TopEigenvalues top) {
        ObjectNode node = root.putObject("top_eigenvalues");
        node.set("values", JsonNumbers.of(top.values()));
        node.set("residuals", JsonNumbers.of(top.residuals()));
        node.put("iterations", top.iterations());
        node.put("converged", top.converged());
    }
}

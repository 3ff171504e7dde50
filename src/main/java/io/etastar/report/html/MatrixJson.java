package io.etastar.report.html;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.curvature.Interactions;

/** Symmetric matrices of one summary as JSON: each entry once, rows of the lower triangle one after the other. */
final class MatrixJson {
    private MatrixJson() {}

    /** Numbers that the three matrices of S subsets have. */
    static int numbers(int subsets) {
        return (int) Math.min(Integer.MAX_VALUE, 3L * subsets * (subsets + 1) / 2);
    }

    /** H, H^-1 (null if H is singular), normalised interactions, and the condition of H with its rows scaled alike. */
    static ObjectNode of(double step, double[][] h, Interactions found) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("step", Numbers.rounded(step));
        node.set("condition", Numbers.rounded(found.condition()));
        node.set("H", triangle(h));
        if (found.inverse() == null) {
            node.putNull("inverse");
        } else {
            node.set("inverse", triangle(found.inverse()));
        }
        node.set("interactions", triangle(found.normalised()));
        return node;
    }

    private static ArrayNode triangle(double[][] matrix) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int s = 0; s < matrix.length; s++) {
            for (int t = 0; t <= s; t++) {
                array.add(Numbers.rounded(matrix[s][t]));
            }
        }
        return array;
    }
}

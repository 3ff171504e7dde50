package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shapes of all variables that a model computes or reads, for one number of rows. */
public final class VariableShapes {
    private VariableShapes() {}

    /**
     * Shapes by name: placeholders, parameters, constants that are read, and what ops compute.
     *
     * @param rows of the first axis of features and targets
     * @throws io.etastar.UserError if an op has no rule or shapes do not fit
     */
    public static Map<String, int[]> of(Model model, int rows) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        new ProgramGraph(model, rows, null).nodes.forEach((name, node) -> shapes.put(name, node.shape.clone()));
        return shapes;
    }
}

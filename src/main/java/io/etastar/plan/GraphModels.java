package io.etastar.plan;

import io.etastar.graph.ModelDescription;
import io.etastar.taylor.Program;
import io.etastar.tensor.DType;

/** Models whose graph is in a file, on the driver. */
public final class GraphModels {
    private GraphModels() {}

    /**
     * Reads the graph of a description that names a file and checks that the engine can compile it; others are returned as
     * they are.
     *
     * @throws io.etastar.UserError if the file is missing, no graph, or one that the engine does not know how to take
     */
    public static ModelDescription read(ModelDescription description) {
        ModelDescription model = description.loaded();
        if (model.initial() != null) {
            Program.compile(model.build(), DType.DOUBLE, 2, null).close();
        }
        return model;
    }
}

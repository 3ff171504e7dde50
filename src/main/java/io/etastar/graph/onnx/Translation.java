package io.etastar.graph.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one op of ONNX computes. */
interface Translation {
    /**
     * The outputs of a node.
     *
     * @throws io.etastar.UserError for a form of the op that the engine does not have
     * @throws IllegalArgumentException the same, without the node's name
     */
    List<@Nullable Value> apply(OnnxNode node, Building build);

    /** An op with one output. */
    interface Single {
        Value apply(OnnxNode node, Building build);
    }

    static Translation of(Single single) {
        return (node, build) -> List.of(single.apply(node, build));
    }
}

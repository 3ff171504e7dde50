package io.etastar.interchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every op that can be written as ONNX, by SameDiff's name: one line each, in the class of its family. */
final class OnnxTable {
    private static final Map<String, OnnxOp.Translation> OPS = new LinkedHashMap<>();

    static {
        OnnxFunctions.add(OPS);
        OnnxReductions.add(OPS);
        OnnxLayouts.add(OPS);
        OnnxSlices.add(OPS);
        OnnxImages.add(OPS);
    }

    private OnnxTable() {}

    /** Names of the ops. */
    static Set<String> names() {
        return OPS.keySet();
    }

    /**
     * Adds an op's nodes.
     *
     * @param output ONNX name of the result
     * @throws io.etastar.UserError naming op and graph node if there is no translation
     */
    static void write(OnnxOp op, String output) {
        OnnxOp.Translation translation = OPS.get(op.source().type());
        if (translation == null) {
            throw op.error("found no translation to ONNX, expected an op of docs/ops.md other than a loss");
        }
        int before = op.graph().nodes();
        String result = translation.write(op);
        if (!op.graph().rename(result, output, before)) {
            op.graph().node("Identity", List.of(result), output, List.of());
        }
    }
}

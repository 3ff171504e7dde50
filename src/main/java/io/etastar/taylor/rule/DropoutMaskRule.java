package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Dropout;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.RowAxes;
import io.etastar.taylor.graph.Rule;
import io.etastar.tensor.Tensor;
import java.util.Arrays;

/** The mask of a dropout: integers are its shape, the number the probability of keeping an element. Depends on no parameter. */
public record DropoutMaskRule() implements Rule.WithoutCurvature {
    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        return Arrays.stream(source.integers()).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void forward(Op op, Emitter emitter) {
        Node node = op.output();
        if (emitter.rowAxis(node) != 0 && emitter.rowAxis(node) != RowAxes.NONE) {
            throw Op.rank(op.source(), node.shape, "rows of the batch on the first axis");
        }
        Tensor mask = emitter.makeValue(op);
        Dropout dropout = emitter.dropout();
        int number = dropout.next();
        double keep = op.source().scalars()[0];
        boolean shared = emitter.rowAxis(node) != 0;
        emitter.emit(dropout.mask(emitter.kernels(), number, keep, shared, mask));
    }

    @Override
    public void reverse(Op op, Emitter emitter) {}

    @Override
    public void tangents(Op op, Emitter emitter) {}
}

package io.etastar.taylor;

import io.etastar.graph.GraphOp;
import io.etastar.tensor.Shapes;

/** Mean of each window of images. */
record AveragePoolRule() implements Rule {
    private static final int DIVISOR = 9;

    @Override
    public int[] outputShape(GraphOp source, int batch, int[]... inputs) {
        if (Windows.of(source).dilated()) {
            throw Op.error(source, "found dilation, expected windows without gaps");
        }
        return new MaxPoolRule().outputShape(source, batch, inputs);
    }

    private static boolean countPadding(Op op) {
        return op.source().integers()[DIVISOR] == 1;
    }

    @Override
    public void forward(Op op, Tape tape) {
        tape.emit(tape.kernels()
                .averagePool(op.input(0).value, tape.value(op), Windows.of(op.source()), countPadding(op)));
    }

    @Override
    public void reverse(Op op, Tape tape) {
        Node x = op.input(0);
        tape.contribute(x, out -> tape.kernels()
                .averagePoolAdjoint(x.value, op.output().adjoint, out, Windows.of(op.source()), countPadding(op)));
    }

    @Override
    public void tangents(Op op, Tape tape) {
        int directions = op.output().directions();
        int[] from = Shapes.longer(directions, op.shape(0));
        int[] to = Shapes.longer(directions, op.output().shape);
        LinearTangents.emit(op, tape, (in, out) -> tape.kernels()
                .averagePool(in.view(from), out.view(to), Windows.of(op.source()), countPadding(op)));
    }

    @Override
    public boolean bends() {
        return false;
    }
}

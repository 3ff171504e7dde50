package io.etastar.tensor.loop;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A broadcast by copies: a repeated block is assembled once and then copied as a whole. */
final class BroadcastLoop implements Kernel {
    private final Tensor in;
    private final Tensor out;
    /** Sides of in and out after neighbouring axes of the same kind are folded. */
    private final List<int[]> axes = new ArrayList<>();

    private BroadcastLoop(Tensor in, Tensor out) {
        this.in = in;
        this.out = out;
        for (int i = 0; i < out.rank(); i++) {
            int from = in.size(i);
            int to = out.size(i);
            int[] last = axes.isEmpty() ? null : axes.get(axes.size() - 1);
            if (to == 1) {
                continue;
            }
            if (last != null && (last[0] == last[1]) == (from == to)) {
                last[0] *= from;
                last[1] *= to;
            } else {
                axes.add(new int[] {from, to});
            }
        }
    }

    /** out = in, repeated along the axes in which it has length 1. */
    static Kernel broadcast(Tensor in, Tensor out) {
        if (in.rank() != out.rank()) {
            throw new IllegalArgumentException(in.rank() + " axes for " + out.rank());
        }
        return new BroadcastLoop(in, out);
    }

    @Override
    public void run() {
        copy(0, in.offset(), out.offset(), in.length(), out.length());
    }

    private void copy(int axis, int from, int to, int inLength, int outLength) {
        if (axis == axes.size()) {
            HostMemory.of(out).set(to, HostMemory.of(in).get(from));
            return;
        }
        int[] sides = axes.get(axis);
        boolean last = axis == axes.size() - 1;
        int inStep = inLength / sides[0];
        int outStep = outLength / sides[1];
        if (sides[0] != sides[1]) {
            copy(axis + 1, from, to, inStep, outStep);
            HostMemory.of(out).repeat(to, outStep, to + outStep, sides[1] - 1);
        } else if (last) {
            HostMemory.of(out).copy(HostMemory.of(in), from, to, outLength);
        } else {
            for (int i = 0; i < sides[1]; i++) {
                copy(axis + 1, from + i * inStep, to + i * outStep, inStep, outStep);
            }
        }
    }
}

package io.etastar.tensor.loop;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Total;

/** A sum in a Java array, new for each pass. */
final class HostTotal implements Total {
    private final DType type;
    private final int length;
    private final Tensor[] parts;
    private final int[] at;
    private RawArray sum;

    HostTotal(DType type, int length, Tensor[] parts, int[] at) {
        this.type = type;
        this.length = length;
        this.parts = parts.clone();
        this.at = at.clone();
        sum = RawArray.zeros(type, 0);
    }

    @Override
    public void clear() {
        sum = RawArray.zeros(type, length);
    }

    @Override
    public void add() {
        for (int i = 0; i < parts.length; i++) {
            parts[i].addTo(sum, 0, at[i], parts[i].length());
        }
    }

    @Override
    public RawArray take() {
        RawArray taken = sum;
        sum = RawArray.zeros(type, 0);
        return taken;
    }
}

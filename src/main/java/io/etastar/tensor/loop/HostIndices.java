package io.etastar.tensor.loop;

import io.etastar.tensor.Indices;

/** Indices in a Java array. */
final class HostIndices extends Indices {
    private final int[] values;

    /** @param values shared */
    HostIndices(int... values) {
        super(values.length);
        this.values = values;
    }

    /** The array behind indices that a CPU backend made; shared. */
    static int[] of(Indices indices) {
        return ((HostIndices) indices).values;
    }

    @Override
    public void write(int... source) {
        System.arraycopy(source, 0, values, 0, source.length);
    }

    @Override
    public int[] toInts() {
        return values.clone();
    }
}

package io.etastar.quantity;

import io.etastar.tensor.RawArray;

/**
 * Outputs of a model for rows, one after another. The sum over two sets of rows is the outputs of the first, then those of the
 * second.
 *
 * @param values [rows, output length] flat; shared
 */
public record OutputRows(RawArray values) implements Sum<OutputRows> {
    @Override
    public OutputRows merge(OutputRows other) {
        int first = values.length();
        RawArray both = RawArray.zeros(values.type(), first + other.values.length());
        for (int i = 0; i < both.length(); i++) {
            both.set(i, i < first ? values.get(i) : other.values.get(i - first));
        }
        return new OutputRows(both);
    }
}

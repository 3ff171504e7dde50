package io.etastar.taylor.rule.indexing;

import io.etastar.tensor.Shapes;

/**
 * Which element of a row-major input every element of an output is: output index (i_0, i_1, ...) is input element offset +
 * sum_k i_k strides[k].
 *
 * @param offset first element
 * @param sides of the output, before it is given its shape
 * @param strides in elements of the input; 0 repeats, negative runs backwards
 * @param shape of the output, of as many elements as {@code sides}
 */
public record StridedView(int offset, int[] sides, int[] strides, int[] shape) {
    /** Strides of a row-major array. */
    static int[] strides(int... shape) {
        int[] strides = new int[shape.length];
        int step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }

    /** Input element of every output element, in row-major order. */
    int[] indices() {
        int[] indices = new int[Shapes.length(sides)];
        int[] at = new int[sides.length];
        int from = offset;
        for (int i = 0; i < indices.length; i++) {
            indices[i] = from;
            for (int k = sides.length - 1; k >= 0; k--) {
                at[k]++;
                from += strides[k];
                if (at[k] < sides[k]) {
                    break;
                }
                from -= sides[k] * strides[k];
                at[k] = 0;
            }
        }
        return indices;
    }
}

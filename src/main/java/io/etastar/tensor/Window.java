package io.etastar.tensor;

import java.util.Arrays;

/**
 * Geometry of a convolution or a pooling over images [N, C, H, W]. Each array holds two numbers, of rows and of columns; it
 * is shared and must not change.
 *
 * @param kernel sides kH, kW
 * @param stride steps between neighbouring windows
 * @param padding zeros on both sides of each axis; ignored if {@code same}
 * @param dilation steps between the elements of a window; 1 is dense
 * @param same whether the output has ceil(side / stride) rows and columns, padded as needed
 */
public record Window(int[] kernel, int[] stride, int[] padding, int[] dilation, boolean same) {
    /** Output side along axis 0 (rows) or 1 (columns) for an input side. */
    public int outputSide(int axis, int input) {
        if (same) {
            return (input + stride[axis] - 1) / stride[axis];
        }
        return (input + 2 * padding[axis] - extent(axis)) / stride[axis] + 1;
    }

    /** Zeros before the first row or column for an input side. */
    public int before(int axis, int input) {
        if (!same) {
            return padding[axis];
        }
        int total = Math.max(0, (outputSide(axis, input) - 1) * stride[axis] + extent(axis) - input);
        return total / 2;
    }

    /** Whether the padding is explicit and the windows cover the padded input to its last row and column. */
    public boolean coversExactly(int height, int width) {
        return !same && exact(0, height) && exact(1, width);
    }

    private boolean exact(int axis, int input) {
        return (outputSide(axis, input) - 1) * stride[axis] + extent(axis) - 2 * padding[axis] == input;
    }

    /** Whether windows are dense and neighbours are one step apart. */
    public boolean isDenseUnitStride() {
        return Arrays.equals(stride, new int[] {1, 1}) && !dilated();
    }

    /** Whether there are gaps between the rows or columns that a window reads. */
    public boolean dilated() {
        return dilation[0] != 1 || dilation[1] != 1;
    }

    /** The dense window over the same rows and columns. */
    public Window dense() {
        return new Window(new int[] {extent(0), extent(1)}, stride, padding, new int[] {1, 1}, same);
    }

    /** Rows or columns from the first to the last that a window reads. */
    public int extent(int axis) {
        return (kernel[axis] - 1) * dilation[axis] + 1;
    }
}

package io.etastar.taylor.rule;

import io.etastar.graph.GraphOp;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Window;

/** Reads the geometry of convolutions and poolings off their arguments. */
public final class Windows {
    private static final int SAME = 8;

    private Windows() {}

    /** Sides, strides, padding, dilation of both axes, then the padding mode: 0 explicit, 1 same. */
    public static Window of(GraphOp source) {
        long[] a = source.integers();
        if (a.length < 10) {
            throw Op.error(source, "found " + a.length + " integer arguments, expected at least 10");
        }
        if (a[SAME] != 0 && a[SAME] != 1) {
            throw Op.error(source, "found causal padding, expected explicit or same");
        }
        return new Window(pair(a, 0), pair(a, 2), pair(a, 4), pair(a, 6), a[SAME] == 1);
    }

    private static int[] pair(long[] arguments, int at) {
        return new int[] {(int) arguments[at], (int) arguments[at + 1]};
    }

    public static void requireImages(GraphOp source, int... shape) {
        if (shape.length != 4) {
            throw Op.rank(source, shape, "images [N, C, H, W]");
        }
    }

    static int[] output(GraphOp source, Window window, int channels, int... images) {
        int rows = window.outputSide(0, images[2]);
        int columns = window.outputSide(1, images[3]);
        if (rows < 1 || columns < 1) {
            throw Op.rank(source, images, "images at least as large as the window");
        }
        return new int[] {images[0], channels, rows, columns};
    }
}

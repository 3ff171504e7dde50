package io.etastar.tensor.nd4j;

import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Axes of a broadcast operation, with neighbours that broadcast alike folded into one: ND4J's broadcast is fast over two axes
 * and slow over five.
 */
final class BroadcastAxes {
    private BroadcastAxes() {}

    /** Views of left, right and out over as few axes as possible. */
    static Tensor[] fold(Tensor left, Tensor right, Tensor out) {
        int[] target = out.shape();
        int[] a = Shapes.padded(target.length, left.shape());
        int[] b = Shapes.padded(target.length, right.shape());
        List<int[]> axes = new ArrayList<>();
        for (int i = 0; i < target.length; i++) {
            if (target[i] == 1) {
                continue;
            }
            int[] last = axes.isEmpty() ? null : axes.get(axes.size() - 1);
            if (last != null && (last[0] == 1) == (a[i] == 1) && (last[1] == 1) == (b[i] == 1)) {
                last[0] *= a[i];
                last[1] *= b[i];
                last[2] *= target[i];
            } else {
                axes.add(new int[] {a[i], b[i], target[i]});
            }
        }
        return new Tensor[] {left.view(side(axes, 0)), right.view(side(axes, 1)), out.view(side(axes, 2))};
    }

    private static int[] side(List<int[]> axes, int which) {
        return axes.isEmpty()
                ? new int[] {1}
                : axes.stream().mapToInt(axis -> axis[which]).toArray();
    }
}

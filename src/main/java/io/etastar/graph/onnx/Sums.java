package io.etastar.graph.onnx;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;

/** Sums and means over axes; means of whole numbers are cut. */
final class Sums {
    private Sums() {}

    static Value over(Building b, Value x, boolean keep, int[] axes, boolean mean) {
        long[] kept = x.shape().clone();
        double count = 1;
        for (int axis : axes) {
            count *= kept[axis];
            kept[axis] = 1;
        }
        long[] shape = keep ? kept : dropped(x.shape(), axes);
        Constant constant = x.constant();
        Value result;
        if (constant != null) {
            double number = mean ? count : 1;
            Constant sums = constant.reduced(0, Double::sum, axes).map(v -> v / number, false);
            result = b.reshaped(Value.of(sums), shape);
        } else {
            SDVariable variable = b.real(x);
            result = Value.of(mean ? variable.mean(keep, axes) : variable.sum(keep, axes), false, shape);
        }
        return !x.whole() ? result : mean ? Quotients.cut(b, result) : result.whole(true);
    }

    private static long[] dropped(long[] shape, int... axes) {
        boolean[] gone = new boolean[shape.length];
        for (int axis : axes) {
            gone[axis] = true;
        }
        return Arrays.stream(Sides.range(shape.length))
                .filter(i -> !gone[i])
                .mapToLong(i -> shape[i])
                .toArray();
    }
}

package io.etastar.tensor.nd4j;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.loop.HostMemory;

/**
 * A dilated convolution as a dense one, whose weight has zeros in the gaps: oneDNN as ND4J calls it refuses dilation in
 * single precision.
 */
final class SpreadWeight {
    private SpreadWeight() {}

    /** Shape of the weight with zeros in the gaps. */
    static int[] shape(Tensor weight, Window window) {
        return new int[] {weight.size(0), weight.size(1), window.reach(0), window.reach(1)};
    }

    /** Copies a weight into a zero tensor of the spread shape. */
    static Kernel spread(Tensor weight, Tensor spread, Window window) {
        int[] places = places(weight, window);
        return () -> {
            for (int i = 0; i < places.length; i++) {
                HostMemory.of(spread).set(spread.offset() + places[i], weight.get(i));
            }
        };
    }

    /** The adjoint of {@link #spread}: entries in the gaps are dropped. */
    static Kernel gather(Tensor spread, Tensor weight, Window window) {
        int[] places = places(weight, window);
        return () -> {
            for (int i = 0; i < places.length; i++) {
                HostMemory.of(weight).set(weight.offset() + i, spread.get(places[i]));
            }
        };
    }

    /** Where each element of the weight stands in the spread one. */
    private static int[] places(Tensor weight, Window window) {
        int rows = weight.size(2);
        int columns = weight.size(3);
        int[] places = new int[weight.length()];
        for (int i = 0; i < places.length; i++) {
            int plane = i / (rows * columns);
            int row = i / columns % rows * window.dilation()[0];
            int column = i % columns * window.dilation()[1];
            places[i] = (plane * window.reach(0) + row) * window.reach(1) + column;
        }
        return places;
    }
}

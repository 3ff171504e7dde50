package io.etastar.tensor.nd4j;

import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.loop.HostMemory;

/**
 * The dense weight of a dilated convolution, with zeros in the gaps: oneDNN as ND4J calls it refuses dilation in single
 * precision.
 */
final class DilatedWeight {
    private DilatedWeight() {}

    /** Shape of the dense weight. */
    static int[] shape(Tensor weight, Window window) {
        return new int[] {weight.size(0), weight.size(1), window.extent(0), window.extent(1)};
    }

    /** Copies a weight into a dense one, which is zero elsewhere. */
    static Kernel toDense(Tensor weight, Tensor dense, Window window) {
        int[] places = places(weight, window);
        HostMemory target = HostMemory.of(dense);
        return () -> {
            for (int i = 0; i < places.length; i++) {
                target.set(dense.offset() + places[i], weight.get(i));
            }
        };
    }

    /** The adjoint of {@link #toDense}: entries in the gaps are dropped. */
    static Kernel fromDense(Tensor dense, Tensor weight, Window window) {
        int[] places = places(weight, window);
        HostMemory target = HostMemory.of(weight);
        return () -> {
            for (int i = 0; i < places.length; i++) {
                target.set(weight.offset() + i, dense.get(places[i]));
            }
        };
    }

    /** The index in the dense weight of each element of the weight. */
    private static int[] places(Tensor weight, Window window) {
        int rows = weight.size(2);
        int columns = weight.size(3);
        int[] places = new int[weight.length()];
        for (int i = 0; i < places.length; i++) {
            int plane = i / (rows * columns);
            int row = i / columns % rows * window.dilation()[0];
            int column = i % columns * window.dilation()[1];
            places[i] = (plane * window.extent(0) + row) * window.extent(1) + column;
        }
        return places;
    }
}

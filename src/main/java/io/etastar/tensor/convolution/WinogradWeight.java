package io.etastar.tensor.convolution;

import io.etastar.tensor.Tensor;

/** A weight [M, C, 3, 3] and its transform G w G^T as [16, M, C], recomputed when the weight has changed. */
final class WinogradWeight {
    private static final int POINTS = 16;
    private static final int TAPS = 9;

    private final Tensor weight;
    private final Tensor points;
    private final int channels;
    private final float[] raw;
    private final float[] kernels;
    private final float[] transformed;
    private long seen = -1;

    /** @param points [16, M, C] that {@link #refresh} fills */
    WinogradWeight(Tensor weight, Tensor points) {
        this.weight = weight;
        this.points = points;
        channels = weight.size(1);
        raw = new float[channels * TAPS];
        kernels = new float[channels * TAPS];
        transformed = new float[channels * POINTS];
    }

    Tensor points() {
        return points;
    }

    /** The point of the kernel rotated by 180 degrees that equals point {@code k} of the kernel. */
    static int rotated(int k) {
        int row = k / 4;
        int column = k % 4;
        return turned(row) * 4 + turned(column);
    }

    private static int turned(int index) {
        return index == 0 || index == 3 ? 3 - index : index;
    }

    /** Transforms the weight unless it is a leaf without a write since the last call. */
    void refresh() {
        long version = weight.storage().version();
        if (version >= 0 && version == seen) {
            return;
        }
        seen = version;
        int outputs = weight.size(0);
        for (int m = 0; m < outputs; m++) {
            weight.read(m * raw.length, raw, 0, raw.length);
            for (int tap = 0; tap < TAPS; tap++) {
                for (int c = 0; c < channels; c++) {
                    kernels[tap * channels + c] = raw[c * TAPS + tap];
                }
            }
            WinogradTiles.weights(kernels, channels, transformed);
            for (int k = 0; k < POINTS; k++) {
                points.write((k * outputs + m) * channels, transformed, k * channels, channels);
            }
        }
    }

    /** weight [M, C, 3, 3] = G^T p G for points [16, M, C]; both are those of the constructor. */
    void gather() {
        int outputs = weight.size(0);
        for (int m = 0; m < outputs; m++) {
            for (int k = 0; k < POINTS; k++) {
                points.read((k * outputs + m) * channels, transformed, k * channels, channels);
            }
            WinogradTiles.kernels(transformed, channels, kernels);
            for (int tap = 0; tap < TAPS; tap++) {
                for (int c = 0; c < channels; c++) {
                    raw[c * TAPS + tap] = kernels[tap * channels + c];
                }
            }
            weight.write(m * raw.length, raw, 0, raw.length);
        }
    }
}

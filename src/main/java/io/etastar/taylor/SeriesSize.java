package io.etastar.taylor;

import io.etastar.graph.Model;
import io.etastar.taylor.graph.Op;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;

/**
 * How much a {@link SeriesProgram} does at once.
 *
 * @param batch rows of a micro-batch
 * @param directions K, stacked
 */
record SeriesSize(int batch, int directions) {
    private static final int LARGEST_BATCH = 128;
    private static final int MOST_DIRECTIONS = 64;
    /** Directions for which rows are given up, down to this many rows. */
    private static final int FEW = 8;

    /**
     * Sizes whose coefficients fit in the working set, provided a few rows along one direction do.
     *
     * @param microBatch rows asked for, or 0
     * @param count directions needed in all
     */
    static SeriesSize of(Model model, DType type, int microBatch, int count, int order) {
        long row = row(model, type, order);
        int largest = Program.mixesRows(model) ? Program.LARGEST_BATCH : LARGEST_BATCH;
        int rows = microBatch > 0 ? microBatch : batch(model, type, order, largest);
        int batch = Program.isScalarLoss(model) ? 1 : rows;
        long stack = batch * row + (long) model.layout().size() * type.bytes();
        int most = (int) clamp(workingSet() / stack, 1, Math.min(MOST_DIRECTIONS, count));
        int chunks = (count + most - 1) / most;
        return new SeriesSize(batch, (count + chunks - 1) / chunks);
    }

    /** Bytes of coefficients that a run may touch: there is one sweep, where a summary has three. */
    private static long workingSet() {
        return 2 * Backend.installed().hints().workingSet();
    }

    /** Bytes of one row's coefficients along one direction. */
    private static long row(Model model, DType type, int order) {
        long elements = 0;
        for (Op op : Program.graph(model, 1, null).ops()) {
            elements += op.output().active ? op.output().length() : 0;
        }
        return Math.max(1, elements * (order + 1) * type.bytes());
    }

    /** A number of rows that leaves room for a few directions and splits {@code rows} evenly; all if the model mixes rows. */
    static int batch(Model model, DType type, int order, int rows) {
        if (Program.mixesRows(model)) {
            return Math.max(1, rows);
        }
        int most = (int) clamp(workingSet() / (row(model, type, order) * FEW), FEW, LARGEST_BATCH);
        int times = (Math.max(1, rows) + most - 1) / most;
        return (Math.max(1, rows) + times - 1) / times;
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }
}

package io.etastar.graph.onnx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The number of rows that an exporter wrote for all batches, if a file's inputs have one: where a node says it as the side of the batch, it is
 * read as any number of rows. What could be another side as well is left as it is.
 */
final class FixedBatch {
    private final long written;
    private final long rows;
    private final Set<String> nodes = new LinkedHashSet<>();

    /**
     * @param written the number that the file's inputs have; 0 if it is open
     * @param read whether nodes are read so
     */
    FixedBatch(long written, boolean read) {
        this.written = written;
        rows = read ? written : 0;
    }

    boolean isWritten() {
        return written > 0;
    }

    /** Nodes whose numbers were read as any number of rows. */
    Set<String> nodes() {
        return nodes;
    }

    /** What a file that is written for one number of rows should be. */
    String expected() {
        return "a file for any number of rows" + (written == 0 ? "" : ", not " + written)
                + ": torch.onnx.export writes it with dynamic_shapes=({0: torch.export.Dim(\"rows\")},) if the module asks for"
                + " x.shape[0], not len(x)";
    }

    /** A side that is the batch's if it is this number of rows, given that it belongs to the batch's axis. */
    long side(OnnxNode n, long side) {
        return rows > 0 && side == rows ? batch(n) : side;
    }

    private long batch(OnnxNode n) {
        nodes.add(n.name());
        return Sides.BATCH;
    }

    /** The shape of what repeats something of another shape, with the batch first if it repeats it for each row. */
    long[] expanded(OnnxNode n, long[] shape, long... target) {
        boolean first = target.length > 1 && rows > 0 && target[0] == rows;
        boolean repeats = shape.length < target.length || shape.length == target.length && shape[0] == 1;
        return first && repeats && Sides.batchAxis(shape) < 0 && Sides.batchAxis(target) < 0
                ? Sides.with(target, 0, batch(n))
                : target;
    }

    /**
     * A shape of the same elements with the batch where the other one has it: behind as many elements. Its open side of -1 is the batch's or follows.
     *
     * @throws IllegalArgumentException if two axes may be the batch's
     */
    long[] reshaped(OnnxNode n, long[] shape, long... target) {
        int axis = Sides.batchAxis(shape);
        if (rows == 0 || axis < 0 || Sides.batchAxis(target) >= 0) {
            return target;
        }
        List<Integer> axes = axes(shape, axis, target);
        if (axes.size() > 1) {
            throw new IllegalArgumentException(Sides.text(shape) + " as " + Sides.text(target)
                    + ", in which the batch is axis " + axes.get(0) + " or " + axes.get(1));
        }
        return axes.isEmpty() ? target : Sides.with(target, axes.get(0), target[axes.get(0)] / rows * batch(n));
    }

    private List<Integer> axes(long[] shape, int axis, long... target) {
        List<Integer> found = new ArrayList<>();
        long before = 1;
        for (int i = 0; i < axis; i++) {
            before *= shape[i];
        }
        long within = shape[axis] / Sides.BATCH;
        long behind = 1;
        for (int i = 0; i < target.length && target[i] > 0; i++) {
            boolean place = behind % before == 0 && within % (behind / before) == 0;
            if (place && target[i] % rows == 0 && fits(shape, Sides.with(target, i, target[i] / rows * Sides.BATCH))) {
                found.add(i);
                if (rows == 1) {
                    break;
                }
            }
            behind *= target[i];
        }
        return found;
    }

    private static boolean fits(long[] shape, long... target) {
        long length = Sides.length(shape);
        long known = 1;
        boolean open = false;
        for (long side : target) {
            open |= side == -1;
            known *= side == -1 ? 1 : side;
        }
        return open ? known != 0 && length % known == 0 : length == known;
    }
}

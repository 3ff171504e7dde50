package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.GradientSum;
import io.etastar.summary.LossSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;

/**
 * A model compiled for a fixed micro-batch: preallocated buffers and a list of bound kernels. One thread at a time.
 *
 * <p>All results are sums over the rows asked for, each of weight 1. Any number of rows works, none included.
 */
public final class Program implements AutoCloseable {
    private Program() {}

    /**
     * Compiles {@code model}.
     *
     * @param type precision of all arithmetic
     * @param microBatch rows processed at once; 0 picks one from the working set
     * @param partition subsets of the summary, or null for a program of losses and gradients alone
     */
    public static Program compile(Model model, DType type, int microBatch, Partition partition) {
        throw new IllegalStateException("the engine is not here yet");
    }

    /** Copies theta [P] in. */
    public void setParameters(RawArray theta) {}

    /** Copies the direction u [P] in; only with a partition. */
    public void setDirection(RawArray direction) {}

    /** Loss and hits over {@code rows} of {@code shard}. */
    public LossSum loss(Shard shard, int[] rows) {
        return null;
    }

    /** Outputs of {@code rows}, [rows.length x output length] flat; a new array. */
    public RawArray outputs(Shard shard, int[] rows) {
        return null;
    }

    /** Loss and gradient summed over {@code rows}; a new array. */
    public GradientSum gradient(Shard shard, int[] rows) {
        return null;
    }

    /** Derivative summary over {@code rows} at the parameters and direction last set. */
    public DerivativeSummary summary(Shard shard, int[] rows) {
        return null;
    }

    /** Frees the native buffers. */
    @Override
    public void close() {}
}

package io.etastar.spark.check;

import io.etastar.data.RowShape;
import io.etastar.spark.rows.Rows;
import io.etastar.tensor.DType;
import java.util.stream.IntStream;

/**
 * The least memory that a run takes, in bytes. What cannot be told beforehand (optimizer state, programs compiled on demand,
 * Spark's own objects) is left out.
 *
 * @param vector the P parameters in the engine's precision
 * @param parameters P
 * @param engines outside the heap, of the engines that one task slot needs: one for gradients, one for summaries
 * @param shard features and targets of the largest shard, in the heap
 * @param partitions most tasks of a job
 */
public record MemoryNeeds(long vector, long parameters, long engines, long shard, int partitions) {
    /**
     * The needs of a run.
     *
     * @param train the training rows, laid out in {@code partitions}
     * @param type of the engine's numbers
     * @param parameters P
     * @param engines outside the heap, in bytes, of the engines that one task slot needs
     */
    public static MemoryNeeds of(Rows train, int partitions, DType type, long parameters, long engines) {
        long rows = (train.count() + partitions - 1L) / partitions;
        return new MemoryNeeds(parameters * type.bytes(), parameters, engines, rows * bytesOfRow(train), partitions);
    }

    /** These needs with further rows in the shards. */
    public MemoryNeeds and(Rows more) {
        long rows = (more.count() + partitions - 1L) / partitions;
        return new MemoryNeeds(vector, parameters, engines, shard + rows * bytesOfRow(more), partitions);
    }

    /** Bytes of the features and targets of a row, as shards hold them. */
    public static long bytesOfRow(Rows rows) {
        RowShape stored = rows.stored();
        return (length(stored.features()) + length(stored.targets())) * Float.BYTES;
    }

    private static long length(int... shape) {
        return IntStream.of(shape).asLongStream().reduce(1, (a, b) -> a * b);
    }

    /** Heap of {@code slots} tasks: rows, gradient, and what all of them read together, parameters and direction. */
    long executorHeap(int slots) {
        return slots * (shard + vector) + 2 * vector;
    }

    /** Heap of the driver: in double precision parameters, their copy for a checkpoint, direction and gradient; and a result. */
    long driverHeap() {
        return 4 * Double.BYTES * parameters + vector;
    }
}

package io.etastar.spark.pass;

import io.etastar.data.Permutation;
import io.etastar.data.RowSplit;
import io.etastar.data.StratifiedSampler;
import io.etastar.quantity.Batch;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.rows.RowSelection;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rows of each shard a batch takes. Nothing is kept from one batch to the next, so a batch follows from its numbers alone,
 * on the driver and on executors.
 *
 * @param rowsPerShard rows of each shard; shared
 * @param steps draws training batches
 * @param summaries draws summary batches; null if a summary takes the batch of its training step
 * @param split which rows are for summaries alone; null if none are
 * @param seed of what is random in the engine: each training batch, and each summary batch, has its own; null for nothing
 */
public record BatchRows(
        int[] rowsPerShard, StratifiedSampler steps, StratifiedSampler summaries, RowSplit split, Long seed)
        implements Batch.Visitor<BatchRows.Drawn>, Serializable {
    private static final long STEPS = 0;
    private static final long SUMMARIES = 1;
    private static final long OTHERS = 2;

    /**
     * The rows of a batch.
     *
     * @param name begins the description of a job
     * @param size number of rows over all shards
     * @param rows of each shard
     * @param seed of what is random, or null
     */
    record Drawn(String name, long size, RowSelection rows, Long seed) implements Serializable {
        String describe(Quantity<?> quantity) {
            return name + quantity.title() + " on " + size + " rows";
        }

        /** The point, with the batch's seed unless it has its own. */
        <V> Point<V> at(Point<V> point) {
            return point.seed() == null ? point.withSeed(seed) : point;
        }
    }

    @Override
    public Drawn step(Batch.Step batch) {
        StratifiedSampler.Slice slice = steps.sliceOf(batch.step());
        String name = "step " + (batch.step() + 1) + " (epoch " + (slice.epoch() + 1) + "): ";
        return new Drawn(name, slice.size(), trainingRows(slice), seed(STEPS, batch.step()));
    }

    @Override
    public Drawn summary(Batch.Summary batch) {
        String name = "summary " + batch.index() + ": ";
        if (summaries == null) {
            StratifiedSampler.Slice slice = part(steps.sliceOf(batch.step()), batch.part());
            return new Drawn(name, slice.size(), trainingRows(slice), seed(STEPS, batch.step()));
        }
        StratifiedSampler.Slice slice = summaries.sliceOf(batch.index());
        return new Drawn(name, slice.size(), summaryRows(slice), seed(SUMMARIES, batch.index()));
    }

    @Override
    public Drawn other(Batch.Other batch) {
        long epoch = steps.stepsPerEpoch();
        long first = batch.step() - batch.step() % epoch;
        List<RowSelection> parts = new ArrayList<>();
        long size = 0;
        // The batches that follow in the epoch, which share no row with this one, then those from its beginning.
        for (long i = 1; i < Math.max(2, epoch) && size < batch.least(); i++) {
            StratifiedSampler.Slice slice = part(steps.sliceOf(first + (batch.step() + i) % epoch), batch.part());
            parts.add(trainingRows(slice));
            size += slice.size();
        }
        String name = "other rows than those of step " + (batch.step() + 1) + ": ";
        return new Drawn(name, size, joined(parts), seed(OTHERS, batch.step()));
    }

    private static StratifiedSampler.Slice part(StratifiedSampler.Slice slice, Batch.Part part) {
        int size = slice.size();
        return size == 0 ? slice : slice.first(part.of(size) / (double) size);
    }

    private static RowSelection joined(List<RowSelection> parts) {
        return shard -> parts.stream()
                .flatMapToInt(part -> IntStream.of(part.of(shard)))
                .toArray();
    }

    @Override
    public Drawn all() {
        return new Drawn("", IntStream.of(rowsPerShard).asLongStream().sum(), allOf(rowsPerShard), null);
    }

    /** All rows of shards that have so many. */
    static RowSelection allOf(int[] rows) {
        return shard -> IntStream.range(0, rows[shard]).toArray();
    }

    private RowSelection trainingRows(StratifiedSampler.Slice slice) {
        RowSelection drawn = rows(steps, slice);
        RowSplit apart = split;
        return apart == null ? drawn : shard -> apart.training(shard, drawn.of(shard));
    }

    private RowSelection summaryRows(StratifiedSampler.Slice slice) {
        RowSelection drawn = rows(summaries, slice);
        RowSplit apart = split;
        return apart == null ? drawn : shard -> apart.apart(shard, drawn.of(shard));
    }

    private static RowSelection rows(StratifiedSampler sampler, StratifiedSampler.Slice slice) {
        return shard -> sampler.rows(shard, slice.epoch(), slice.from()[shard], slice.to()[shard]);
    }

    /** The seed of one batch: a function of the run's seed and the batch's number, so that a resumed run draws the same. */
    private Long seed(long stream, long number) {
        return seed == null ? null : Long.valueOf(Permutation.mix(seed, stream, number));
    }
}

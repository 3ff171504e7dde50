package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.data.RowDigest;
import io.etastar.data.Shard;
import io.etastar.spark.rows.Carried;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/** Lays blocks of a frame's partitions out as shards of equal size, in the order of the frame. */
final class FrameShards {
    private FrameShards() {}

    /** Rows of one block that belong to one shard; {@code first} is the number of the first in the frame. */
    private record Piece(long first, Shard rows) implements Serializable {}

    /**
     * The rows of a frame's partitions as they were when they were counted. A partition whose blocks got lost is computed again; in
     * a frame without an order of its own, other rows may come.
     *
     * @param description of the frame, for messages
     * @param digests of each partition
     */
    record Counted(String description, RowDigest... digests) implements Serializable {
        long[] rows() {
            return Arrays.stream(digests).mapToLong(RowDigest::rows).toArray();
        }

        /** The blocks of a partition; throws at their end if they are others. */
        private Iterator<FrameBlock> checked(int partition, Iterator<Carried<FrameBlock>> blocks) {
            return new Iterator<>() {
                private RowDigest digest = RowDigest.NONE;

                @Override
                public boolean hasNext() {
                    boolean more = blocks.hasNext();
                    if (!more && !digest.equals(digests[partition])) {
                        throw others(partition);
                    }
                    return more;
                }

                @Override
                public FrameBlock next() {
                    FrameBlock block = blocks.next().value();
                    if (block.rows() == null) {
                        throw others(partition);
                    }
                    digest = digest.plus(block.facts().content());
                    return block;
                }
            };
        }

        private UserError others(int partition) {
            return new UserError(
                    UserError.Subject.of(description),
                    "other rows when partition " + partition + " of the frame was computed again",
                    "those that were counted (an executor was lost, and the frame has no fixed order: sort it, or write it to"
                            + " files and read those)");
        }
    }

    /**
     * Shard j in partition j.
     *
     * @param counted rows of {@code blocks}
     * @param n how many rows are laid out, the first ones
     * @param shards their number p
     */
    static JavaRDD<Shard> of(JavaRDD<Carried<FrameBlock>> blocks, Counted counted, long n, int shards) {
        long[] rows = counted.rows();
        long[] starts = new long[rows.length];
        for (int i = 1; i < rows.length; i++) {
            starts[i] = starts[i - 1] + rows[i - 1];
        }
        if (fits(rows, n, shards)) {
            return blocks.mapPartitionsWithIndex((index, part) -> join(counted.checked(index, part)), true);
        }
        return blocks.mapPartitionsWithIndex(
                        (index, part) -> pieces(counted.checked(index, part), starts[index], n, shards), true)
                .mapToPair(piece -> piece)
                // An Integer's hash is itself: key j goes to partition j.
                .partitionBy(new HashPartitioner(shards))
                .mapPartitions(FrameShards::sortAndJoin, true);
    }

    /** Whether the partitions hold the shards' rows already, so that nothing has to travel. */
    private static boolean fits(long[] rows, long n, int shards) {
        if (rows.length != shards) {
            return false;
        }
        for (int j = 0; j < shards; j++) {
            if (rows[j] != start(n, shards, j + 1) - start(n, shards, j)) {
                return false;
            }
        }
        return true;
    }

    /** First row of shard {@code j}. */
    static long start(long n, int shards, int j) {
        return j * n / shards;
    }

    private static Iterator<Tuple2<Integer, Carried<Piece>>> pieces(
            Iterator<FrameBlock> blocks, long start, long n, int shards) {
        List<Tuple2<Integer, Carried<Piece>>> pieces = new ArrayList<>();
        long first = start;
        while (blocks.hasNext()) {
            Shard block = blocks.next().rows();
            long end = first + block.rows();
            for (long at = first; at < Math.min(end, n); ) {
                int shard = shardOf(at, n, shards);
                long until = Math.min(end, start(n, shards, shard + 1));
                pieces.add(new Tuple2<>(shard, Carried.of(new Piece(at, slice(block, (int) (at - first), (int)
                        (until - first))))));
                at = until;
            }
            first = end;
        }
        return pieces.iterator();
    }

    /** The shard of a row: the largest j that begins at or before it and is not empty. */
    private static int shardOf(long row, long n, int shards) {
        int shard = (int) (row * shards / n);
        while (start(n, shards, shard + 1) <= row) {
            shard++;
        }
        return shard;
    }

    private static Shard slice(Shard block, int from, int to) {
        if (from == 0 && to == block.rows()) {
            return block;
        }
        int f = block.featureLength();
        int t = block.targetLength();
        return new Shard(
                to - from,
                slice(block.features(), from * f, to * f),
                RawArray.of(Arrays.copyOfRange(block.targets().floats(), from * t, to * t)),
                block.weights() == null ? null : Arrays.copyOfRange(block.weights(), from, to));
    }

    private static RawArray slice(RawArray values, int from, int to) {
        return values.floats() == null
                ? RawArray.of(Arrays.copyOfRange(values.doubles(), from, to))
                : RawArray.of(Arrays.copyOfRange(values.floats(), from, to));
    }

    private static Iterator<Shard> sortAndJoin(Iterator<Tuple2<Integer, Carried<Piece>>> pieces) {
        List<Piece> sorted = new ArrayList<>();
        pieces.forEachRemaining(pair -> sorted.add(pair._2.value()));
        sorted.sort(Comparator.comparingLong(Piece::first));
        return List.of(joined(sorted.stream().map(Piece::rows).toList())).iterator();
    }

    private static Iterator<Shard> join(Iterator<FrameBlock> blocks) {
        List<Shard> parts = new ArrayList<>();
        blocks.forEachRemaining(block -> parts.add(block.rows()));
        return List.of(joined(parts)).iterator();
    }

    /** New arrays: blocks stay as they are, whatever is done to a shard. */
    private static Shard joined(List<Shard> parts) {
        int rows = parts.stream().mapToInt(Shard::rows).sum();
        boolean weighted = !parts.isEmpty() && parts.get(0).weights() != null;
        double[] weights = weighted ? new double[rows] : null;
        int row = 0;
        for (Shard part : parts) {
            if (weighted) {
                System.arraycopy(part.weights(), 0, weights, row, part.rows());
            }
            row += part.rows();
        }
        return new Shard(rows, joined(parts, Shard::features), joined(parts, Shard::targets), weights);
    }

    /** In double precision if one of the parts is. */
    private static RawArray joined(List<Shard> parts, Function<Shard, RawArray> of) {
        int length =
                total(parts.stream().mapToLong(part -> of.apply(part).length()).sum());
        boolean wide = parts.stream().anyMatch(part -> of.apply(part).type() == DType.DOUBLE);
        RawArray all = RawArray.zeros(wide ? DType.DOUBLE : DType.FLOAT, length);
        int at = 0;
        for (Shard part : parts) {
            RawArray values = of.apply(part);
            if (values.type() == all.type()) {
                Object target = wide ? all.doubles() : all.floats();
                System.arraycopy(wide ? values.doubles() : values.floats(), 0, target, at, values.length());
            } else {
                for (int i = 0; i < values.length(); i++) {
                    all.doubles()[at + i] = values.floats()[i];
                }
            }
            at += values.length();
        }
        return all;
    }

    private static int total(long elements) {
        if (elements > FrameRows.LARGEST_ARRAY) {
            throw new IllegalStateException(elements + " elements in one shard");
        }
        return (int) elements;
    }
}

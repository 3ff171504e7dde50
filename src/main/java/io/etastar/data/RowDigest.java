package io.etastar.data;

import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.Locale;

/**
 * A number that tells rows from others: of their values and their order, not of how they are cut into shards, nor of the precision
 * in which equal values are kept. It finds rows that are others by accident, not by intent.
 *
 * @param rows how many
 * @param value sum of the rows' own digests, each times a power of a constant by its place
 */
public record RowDigest(long rows, long value) implements Serializable {
    /** The digest of no rows. */
    public static final RowDigest NONE = new RowDigest(0, 0);

    private static final long ROW = 0x9E3779B97F4A7C15L;
    private static final long ELEMENT = 0xD6E8FEB86659FD93L;
    private static final int LANES = 4;

    /** The digest of a shard's features, targets and weights. */
    public static RowDigest of(Shard shard) {
        return of(shard, 0, shard.rows());
    }

    /** The digest of a shard's rows from {@code from} to before {@code to}. */
    public static RowDigest of(Shard shard, int from, int to) {
        long value = 0;
        for (int row = from; row < to; row++) {
            long own = digest(shard.features(), row * shard.featureLength(), shard.featureLength());
            own = mixed(own + digest(shard.targets(), row * shard.targetLength(), shard.targetLength()));
            value = value * ROW + mixed(own + Double.doubleToRawLongBits(shard.weight(row)));
        }
        return new RowDigest(to - from, value);
    }

    private static long digest(RawArray values, int from, int count) {
        long[] lanes = {1, 2, 3, 4};
        float[] floats = values.floats();
        double[] doubles = values.doubles();
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                int at = from + i + lane;
                lanes[lane] = next(lanes[lane], floats == null ? doubles[at] : floats[at]);
            }
        }
        for (; i < count; i++) {
            lanes[0] = next(lanes[0], values.get(from + i));
        }
        return mixed(lanes[0] + mixed(lanes[1] + mixed(lanes[2] + mixed(lanes[3]))));
    }

    private static long next(long lane, double value) {
        long bits = Double.doubleToRawLongBits(value);
        return (lane + (bits ^ bits >>> 32)) * ELEMENT;
    }

    private static long mixed(long bits) {
        long half = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        return half ^ half >>> 29;
    }

    /** The digest of these rows and those after them. */
    public RowDigest plus(RowDigest next) {
        return new RowDigest(rows + next.rows, value * power(next.rows) + next.value);
    }

    private static long power(long exponent) {
        long power = 1;
        long square = ROW;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            power *= (rest & 1) == 1 ? square : 1;
            square *= square;
        }
        return power;
    }

    /** Rows and digits, for files. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d rows, %016x", rows, value);
    }
}

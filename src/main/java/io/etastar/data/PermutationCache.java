package io.etastar.data;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The permutations that this JVM's partitions are in the middle of, by what they are drawn from.
 *
 * <p>Samplers travel anew with every task; without this each step would shuffle the whole shard again.
 */
final class PermutationCache {
    /** Numbers kept in all: 64 MiB. */
    private static final long MOST = 1L << 24;

    private record Key(long seed, long stream, int partition, int rows) {}

    private record Drawn(long epoch, int[] order) {}

    private static final Map<Key, Drawn> DRAWN = new LinkedHashMap<>(16, 0.75f, true);
    private static long size;

    private PermutationCache() {}

    /** The permutation of {@code rows} rows; shared, not to be changed. */
    static int[] get(int rows, long seed, long stream, long epoch, int partition) {
        Key key = new Key(seed, stream, partition, rows);
        synchronized (DRAWN) {
            Drawn last = DRAWN.get(key);
            if (last != null && last.epoch == epoch) {
                return last.order;
            }
        }
        int[] order = Permutation.of(rows, seed, stream, epoch, partition);
        synchronized (DRAWN) {
            Drawn replaced = DRAWN.put(key, new Drawn(epoch, order));
            size += rows - (replaced == null ? 0 : replaced.order.length);
            evict();
        }
        return order;
    }

    /** Drops what was used longest ago, but for the newest entry. */
    private static void evict() {
        Iterator<Drawn> oldest = DRAWN.values().iterator();
        while (size > MOST && DRAWN.size() > 1) {
            size -= oldest.next().order.length;
            oldest.remove();
        }
    }
}

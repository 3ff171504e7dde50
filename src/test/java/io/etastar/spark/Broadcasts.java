package io.etastar.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockStatus;
import scala.Option;
import scala.collection.Iterator;

/** Counts broadcasts held by this JVM. */
public final class Broadcasts {
    private Broadcasts() {}

    /** Broadcast blocks of at least {@code bytes}. */
    public static long count(long bytes) {
        BlockManager blocks = SparkEnv.get().blockManager();
        Iterator<BlockId> ids = blocks.getMatchingBlockIds(BlockId::isBroadcast).iterator();
        long count = 0;
        while (ids.hasNext()) {
            Option<BlockStatus> status = blocks.getStatus(ids.next());
            if (status.isDefined() && status.get().memSize() + status.get().diskSize() >= bytes) {
                count++;
            }
        }
        return count;
    }
}

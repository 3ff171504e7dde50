package io.etastar.spark.engine;

import io.etastar.partition.Partition;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** The recipe of an engine: it travels to executors in the engine's place, so it is small. */
public interface EngineFactory extends Serializable {
    /**
     * Makes an engine.
     *
     * @param partition subsets of the summary, or null for losses, gradients and Hessian-vector products
     */
    Engine create(Partition partition);

    /**
     * Bytes outside the heap that an engine holds at least on the host, without making one; 0 if unknown.
     *
     * @param partition as of {@link #create}
     */
    default long bytes(Partition partition) {
        return 0;
    }

    /** The same on the device that the engine computes on; 0 if it computes on the host. */
    default long deviceBytes(Partition partition) {
        return 0;
    }

    /**
     * The same recipe with long arrays where executors find them, so that it stays small itself.
     *
     * @param send makes an array known to executors
     */
    default EngineFactory sent(Function<RawArray, Broadcast<RawArray>> send) {
        return this;
    }

    /** A text that is equal for engines that may stand in for each other: {@link EnginePool} shares by it. */
    String key(Partition partition);

    /** Where buffers of the engines made on this thread lie: those of one place share its memory. */
    default String place() {
        return "";
    }

    /**
     * Called once on each task thread before its first engine call.
     *
     * @param cores of the task ({@code spark.task.cpus}): the most threads a kernel may use
     */
    void prepareThread(int cores);

    /** Called on a task's thread before each task borrows an engine: threads are reused, what a task may use is its own. */
    default void prepareTask() {
        // Most engines use the CPU alone.
    }
}

package io.etastar.spark.engine;

import io.etastar.UserError;
import io.etastar.partition.Partition;
import io.etastar.spark.check.DeviceCheck;
import io.etastar.spark.check.StageResources;
import io.etastar.spark.check.TaskDevice;
import io.etastar.spark.check.TaskSlots;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DeviceFailure;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the engines of the tasks that share a device fit into what is free there, before a run's first pass. Like those of the
 * host's memory, the needs are lower bounds: what is refused cannot run. Where little would be left, there is a warning.
 */
public final class DeviceMemory {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceMemory.class);
    private static final long MIB = 1L << 20;

    /** How a problem begins that is none yet. */
    private static final String TIGHT = "memory is tight: ";

    private DeviceMemory() {}

    /**
     * What tasks need on a device.
     *
     * @param each bytes of the engines of one task
     * @param tasks that share the device
     */
    record Need(long each, int tasks) implements Serializable {
        long all() {
            return each * tasks;
        }

        /** What is wrong with {@code free} bytes, or tight; null for nothing. */
        String problem(String where, long free) {
            if (free >= 2 * all()) {
                return null;
            }
            String line = where + "found " + free / MIB + "m free for the engines of "
                    + (tasks == 1 ? "one task" : tasks + " tasks at once") + ", expected " + size(all()) + " or more";
            return free >= all() ? TIGHT + line : line + advice(free / Math.max(1, each));
        }

        private String advice(long fit) {
            return fit == 0
                    ? ", or a smaller training.micro_batch, or no other program on the device"
                    : ", or fewer tasks a device (" + fit + " would fit: " + TaskSlots.TASK_GPUS + ", or local[" + fit
                            + "]), or a smaller training.micro_batch";
        }
    }

    /**
     * Runs one small job if the backend computes on devices, else nothing.
     *
     * @param bytes on the device, of the engines that one task needs
     * @param partitions most tasks of a job
     * @throws UserError naming executor and device, what is free, what is needed and what to set
     */
    public static void check(JavaSparkContext context, BackendChoice backend, long bytes, int partitions) {
        if (!backend.backend().hasMemoryOfItsOwn()) {
            return;
        }
        SparkConf conf = StageResources.inPlace(context.getConf());
        Need need = new Need(bytes, Math.min(partitions, TaskSlots.onDevice(conf)));
        int tasks = Math.max(1, context.defaultParallelism());
        JavaRDD<Integer> looks =
                context.parallelize(IntStream.range(0, tasks).boxed().toList(), tasks);
        StageResources.of(context).foreach(looks::withResources);
        // Texts, which any serializer of Spark's takes.
        List<String> found = looks.map(index -> look(backend, need))
                .filter(Objects::nonNull)
                .distinct()
                .collect();
        for (String problem : found) {
            if (!problem.startsWith(TIGHT)) {
                throw new UserError(problem);
            }
            LOG.warn(problem);
        }
    }

    /**
     * The same for passes, one after the other, with engines of one factory: one for gradients, and one for summaries, which makes
     * room for itself where the other is idle.
     *
     * @param partition of the summaries; null if there are none
     */
    public static void check(JavaSparkContext context, ProgramFactory engines, Partition partition, int partitions) {
        long summaries = partition == null ? 0 : engines.deviceBytes(partition);
        check(context, engines.backend(), Math.max(engines.deviceBytes(null), summaries), partitions);
    }

    /** The same, once it is known that the devices are there and can be used. */
    public static void checkDevices(
            JavaSparkContext context, ProgramFactory engines, Partition partition, int partitions) {
        DeviceCheck.run(context, engines.backend());
        check(context, engines, partition, partitions);
    }

    /** The problem that a task sees; null for none. */
    private static @Nullable String look(BackendChoice backend, Need need) {
        int device = Math.max(0, TaskDevice.current());
        String where = "gpu: " + TaskDevice.process() + ": device " + device + ": ";
        try {
            String problem = need.problem(where, backend.backend().devices().freeBytes(device));
            if (problem != null) {
                // Idle engines and copies of arrays would go where another engine needs their memory.
                EnginePool.clear(ProgramFactory.place(backend));
                backend.backend().freeCopies(device);
                problem = need.problem(where, backend.backend().devices().freeBytes(device));
            }
            return problem;
        } catch (DeviceFailure failure) {
            return failure.in(TaskDevice.process()).getMessage();
        }
    }

    /** Rounded up to MiB. */
    private static String size(long bytes) {
        return (bytes + MIB - 1) / MIB + "m";
    }
}

package io.etastar.spark.check;

import com.sun.management.OperatingSystemMXBean;
import io.etastar.UserError;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a run fits into the memory that its processes were given, before its first job: executors that outgrow a container
 * are killed without a word, and again at each retry.
 *
 * <p>The needs are lower bounds: what is refused cannot run. Where little would be left for all else, there is a warning.
 */
public final class MemoryCheck {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryCheck.class);
    private static final long MIB = 1L << 20;
    /** Heap that Spark keeps for itself, and what JVM and native libraries take outside it. */
    private static final long RESERVED = 300 * MIB;

    private final SparkConf conf;
    private final MemoryNeeds needs;
    private final Limits limits;
    private final long driverHeap;
    private final List<String> warnings = new ArrayList<>();

    private MemoryCheck(SparkConf conf, MemoryNeeds needs, long driverHeap) {
        this.conf = conf;
        this.needs = needs;
        this.driverHeap = driverHeap;
        limits = Limits.of(conf, driverHeap);
    }

    /**
     * Checks and logs warnings.
     *
     * @throws UserError naming the setting, what was found, what is needed and a value that mends it
     */
    public static void run(SparkConf conf, MemoryNeeds needs) {
        warnings(StageResources.inPlace(conf), needs, Runtime.getRuntime().maxMemory())
                .forEach(LOG::warn);
    }

    /** What is tight, one line each, by settings alone and the heap of this process. */
    static List<String> warnings(SparkConf conf, MemoryNeeds needs, long driverHeap) {
        MemoryCheck check = new MemoryCheck(conf, needs, driverHeap);
        check.driver();
        check.executors();
        return check.warnings;
    }

    private void driver() {
        long result = conf.getSizeAsBytes("spark.driver.maxResultSize", "1g");
        if (result > 0) {
            compare("spark.driver.maxResultSize", result, needs.vector(), 2 * needs.vector(), "a gradient");
        }
        if (!limits.local()) {
            long need = needs.driverHeap();
            compare("spark.driver.memory", driverHeap, need, 2 * need + RESERVED, "the parameters on the driver");
        }
    }

    private void executors() {
        int slots = Math.min(limits.slots(), needs.partitions());
        String tasks = slots == 1 ? "one task" : slots + " tasks at once";
        String memory = limits.local() ? "spark.driver.memory" : "spark.executor.memory";
        long heap = needs.executorHeap(slots) + (limits.local() ? needs.driverHeap() : 0);
        compare(memory, limits.heap(), heap, heap + heap / 2 + RESERVED, "rows and gradients of " + tasks + shards());
        long outside = slots * needs.engines();
        String engines = "the engines of " + tasks + " outside the heap";
        if (limits.local()) {
            compare("this machine's memory", limits.outside(), outside, outside + heap + RESERVED, engines);
        } else {
            compare("spark.executor.memoryOverhead", limits.outside(), outside, 2 * outside + RESERVED, engines);
        }
        allocator(memory, outside, heap, engines);
    }

    /** What makes rows smaller, if they are most of it. */
    private String shards() {
        return needs.shard() > 3 * needs.vector()
                ? " (a shard has " + size(needs.shard()) + "; more data.partitions make smaller ones)"
                : "";
    }

    /** ND4J's own bound of a process. */
    private void allocator(String memory, long outside, long heap, String engines) {
        if (limits.physical() != 4 * limits.heap()) {
            long enough = limits.heap() + 2 * outside + RESERVED;
            compare("org.bytedeco.javacpp.maxphysicalbytes", limits.physical(), outside + heap, enough, engines);
        } else if (outside + heap > limits.physical()) {
            String why = engines + ", which ND4J bounds by four times the heap";
            compare(memory, limits.heap(), limits.heap() + 1, (outside + heap) / 2, why);
        }
    }

    /** Refuses {@code found} below {@code least}, and warns below {@code enough}. */
    private void compare(String setting, long found, long least, long enough, String what) {
        if (found >= enough) {
            return;
        }
        String line = setting + ": found " + size(found) + " for " + what + ", expected " + size(enough) + " or more";
        if (found < least) {
            throw new UserError(line + advice(setting));
        }
        warnings.add("memory is tight: " + line);
    }

    private static String advice(String setting) {
        return switch (setting) {
            case "spark.driver.memory" -> " (in jobs/*.sh: ETASTAR_DRIVER_MEMORY)";
            case "spark.driver.maxResultSize" -> "";
            default -> ", or fewer tasks at once, or a smaller training.micro_batch";
        };
    }

    /** Rounded up to MiB, as Spark's settings take it. */
    private static String size(long bytes) {
        return (bytes + MIB - 1) / MIB + "m";
    }

    /**
     * The memory that processes with tasks may take, in bytes, by Spark's settings.
     *
     * @param local whether tasks run in the driver
     * @param slots tasks that run at once in one process; 1 if the settings do not say
     * @param heap of such a process
     * @param outside what a container (YARN, Kubernetes) leaves outside the heap, or the machine's memory in local mode;
     *     {@link Long#MAX_VALUE} if nothing is known
     * @param physical of the whole process, above which ND4J's allocator refuses
     */
    private record Limits(boolean local, int slots, long heap, long outside, long physical) {
        private static final String PHYSICAL = "org.bytedeco.javacpp.maxphysicalbytes";
        private static final Pattern SET =
                Pattern.compile("-D" + Pattern.quote(PHYSICAL) + "=(\\d+[kmgtKMGT]?)b?(?:\\s|$)");
        private static final long LEAST_OVERHEAD = 384L << 20;

        /** @param driverHeap of this process */
        static Limits of(SparkConf conf, long driverHeap) {
            String master = conf.get("spark.master");
            int slots = TaskSlots.inProcess(conf);
            if (TaskSlots.local(conf)) {
                OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
                long physical = physical("-D" + PHYSICAL + "=" + System.getProperty(PHYSICAL), driverHeap);
                return new Limits(true, slots, driverHeap, machine.getTotalMemorySize(), physical);
            }
            long heap = mebibytes(conf.get("spark.executor.memory", "1g"));
            long physical = physical(conf.get("spark.executor.extraJavaOptions", ""), heap);
            return new Limits(false, slots, heap, outside(conf, master, heap), physical);
        }

        /** Bytes of a size that is in MiB if it has no unit. */
        private static long mebibytes(String size) {
            return JavaUtils.byteStringAsMb(size) << 20;
        }

        private static long outside(SparkConf conf, String master, long heap) {
            boolean kubernetes = master.startsWith("k8s:");
            if (!kubernetes && !master.equals("yarn")) {
                return Long.MAX_VALUE;
            }
            if (conf.contains("spark.executor.memoryOverhead")) {
                return mebibytes(conf.get("spark.executor.memoryOverhead"));
            }
            double usual = kubernetes ? conf.getDouble("spark.kubernetes.memoryOverheadFactor", 0.1) : 0.1;
            double factor = conf.getDouble("spark.executor.memoryOverheadFactor", usual);
            return Math.max(LEAST_OVERHEAD, (long) (factor * heap));
        }

        /** ND4J's allocator takes four times the heap if nothing is said, and anything if 0 is. */
        private static long physical(String options, long heap) {
            Matcher set = SET.matcher(options);
            long bytes = 4 * heap;
            while (set.find()) {
                bytes = JavaUtils.byteStringAsBytes(set.group(1));
            }
            return bytes == 0 ? Long.MAX_VALUE : bytes;
        }
    }
}

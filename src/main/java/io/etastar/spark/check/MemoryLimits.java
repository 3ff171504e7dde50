package io.etastar.spark.check;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * What the processes that run tasks may take, in bytes, by Spark's settings.
 *
 * @param local whether tasks run in the driver
 * @param slots tasks that run at once in one process; 1 if the settings do not say
 * @param heap of such a process
 * @param outside what a container (YARN, Kubernetes) leaves outside the heap, or the machine's memory in local mode;
 *     {@link Long#MAX_VALUE} if nothing is known
 * @param physical of the whole process, above which ND4J's allocator refuses
 */
record MemoryLimits(boolean local, int slots, long heap, long outside, long physical) {
    private static final String PHYSICAL = "org.bytedeco.javacpp.maxphysicalbytes";
    private static final Pattern SET =
            Pattern.compile("-D" + Pattern.quote(PHYSICAL) + "=(\\d+[kmgtKMGT]?)b?(?:\\s|$)");
    private static final long LEAST_OVERHEAD = 384L << 20;

    /** @param driverHeap of this process */
    static MemoryLimits of(SparkConf conf, long driverHeap) {
        String master = conf.get("spark.master");
        if (master.matches("local(\\[.*])?")) {
            OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long physical = physical("-D" + PHYSICAL + "=" + System.getProperty(PHYSICAL), driverHeap);
            return new MemoryLimits(true, localSlots(master), driverHeap, machine.getTotalMemorySize(), physical);
        }
        long heap = mebibytes(conf.get("spark.executor.memory", "1g"));
        long physical = physical(conf.get("spark.executor.extraJavaOptions", ""), heap);
        return new MemoryLimits(false, slots(conf, master), heap, outside(conf, master, heap), physical);
    }

    private static int localSlots(String master) {
        Matcher matcher = Pattern.compile("local\\[(\\d+).*").matcher(master);
        if (matcher.matches()) {
            return Integer.parseInt(matcher.group(1));
        }
        return master.equals("local") ? 1 : Runtime.getRuntime().availableProcessors();
    }

    private static int slots(SparkConf conf, String master) {
        Matcher cluster =
                Pattern.compile("local-cluster\\[[^,]+,\\s*(\\d+)\\s*,.*").matcher(master);
        int cores = cluster.matches() ? Integer.parseInt(cluster.group(1)) : conf.getInt("spark.executor.cores", 1);
        return Math.max(1, cores / Math.max(1, conf.getInt("spark.task.cpus", 1)));
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

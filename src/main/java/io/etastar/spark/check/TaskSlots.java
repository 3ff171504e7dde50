package io.etastar.spark.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** How many tasks run at once in a process and on a device, by Spark's settings. */
public final class TaskSlots {
    /** The setting that says how many tasks share a device. */
    public static final String TASK_GPUS = "spark.task.resource.gpu.amount";

    private TaskSlots() {}

    /** Whether tasks run in the driver. */
    static boolean local(SparkConf conf) {
        return conf.get("spark.master").matches("local(\\[.*])?");
    }

    /** Tasks that run at once in one process; 1 if the settings do not say. */
    static int inProcess(SparkConf conf) {
        String master = conf.get("spark.master");
        if (local(conf)) {
            Matcher matcher = Pattern.compile("local\\[(\\d+).*").matcher(master);
            if (matcher.matches()) {
                return Integer.parseInt(matcher.group(1));
            }
            return master.equals("local") ? 1 : Runtime.getRuntime().availableProcessors();
        }
        Matcher cluster =
                Pattern.compile("local-cluster\\[[^,]+,\\s*(\\d+)\\s*,.*").matcher(master);
        int cores = cluster.matches() ? Integer.parseInt(cluster.group(1)) : conf.getInt("spark.executor.cores", 1);
        return Math.max(1, cores / Math.max(1, conf.getInt("spark.task.cpus", 1)));
    }

    /**
     * Tasks of one process that share a device at once. Without Spark's resources, as in local mode, all of them compute on the
     * first one.
     */
    public static int onDevice(SparkConf conf) {
        double amount = conf.getDouble(TASK_GPUS, 0);
        if (local(conf) || amount <= 0) {
            return inProcess(conf);
        }
        return Math.min(inProcess(conf), amount < 1 ? (int) Math.floor(1 / amount) : 1);
    }
}

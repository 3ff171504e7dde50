package io.etastar.training;

import io.etastar.spark.check.StageResources;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What of a cluster the plan of a run depends on.
 *
 * @param slots tasks that run at a time
 * @param heap bytes of the heap of the one JVM in which all tasks run: the driver's in local mode, or that of the only executor; 0
 *     if tasks run in several JVMs
 */
public record ClusterShape(int slots, long heap) {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,\\d+)?])?");
    private static final Pattern ONE_LOCAL_WORKER = Pattern.compile("local-cluster\\[\\s*1\\s*,\\s*(\\d+)\\s*,.*");
    private static final String CORES_MAX = "spark.cores.max";

    /**
     * The shape that settings say: a local master's threads, or the cores of all executors that were asked for.
     *
     * @param context asked for only if settings do not say: then the cores that are there by now count
     */
    public static ClusterShape of(SparkConf given, Supplier<JavaSparkContext> context) {
        SparkConf conf = StageResources.inPlace(given);
        int cpus = conf.getInt("spark.task.cpus", 1);
        String master = conf.get("spark.master", "");
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return new ClusterShape(
                    Math.max(1, threads(local.group(1)) / cpus),
                    Runtime.getRuntime().maxMemory());
        }
        int alone = coresOfOnlyExecutor(conf, master);
        if (alone > 0) {
            return new ClusterShape(Math.max(1, alone / cpus), conf.getSizeAsMb("spark.executor.memory", "1g") << 20);
        }
        int cores = executors(conf) * conf.getInt("spark.executor.cores", 0);
        cores = cores > 0 ? cores : conf.getInt(CORES_MAX, 0);
        return new ClusterShape(Math.max(1, (cores > 0 ? cores : context.get().defaultParallelism()) / cpus), 0);
    }

    /** The shape of a context. */
    public static ClusterShape of(JavaSparkContext context) {
        return of(context.getConf(), () -> context);
    }

    /** Whether all tasks run in one JVM. */
    boolean oneJvm() {
        return heap > 0;
    }

    /** Executors that were asked for, with dynamic allocation those that there may be at most; 0 if settings do not say. */
    private static int executors(SparkConf conf) {
        int asked = conf.getInt("spark.executor.instances", 0);
        return isDynamic(conf) ? conf.getInt("spark.dynamicAllocation.maxExecutors", asked) : asked;
    }

    private static boolean isDynamic(SparkConf conf) {
        return conf.getBoolean("spark.dynamicAllocation.enabled", false);
    }

    /** Cores of the executor if settings say that there is never more than one; else 0. */
    private static int coresOfOnlyExecutor(SparkConf conf, String master) {
        if (isDynamic(conf)) {
            return 0;
        }
        int cores = conf.getInt("spark.executor.cores", 0);
        Matcher worker = ONE_LOCAL_WORKER.matcher(master);
        if (worker.matches()) {
            return only(Integer.parseInt(worker.group(1)), cores);
        }
        // A standalone master does not look at the number of executors: it fills the cores with them.
        if (master.startsWith("spark:")) {
            return cores > 0 ? only(conf.getInt(CORES_MAX, 0), cores) : 0;
        }
        return conf.getInt("spark.executor.instances", 0) == 1 ? cores : 0;
    }

    /**
     * Cores of the executor if {@code all} cores have room for one alone; else 0.
     *
     * @param cores of an executor; 0 for all that are there
     */
    private static int only(int all, int cores) {
        int each = cores > 0 ? cores : all;
        return each > 0 && all / each == 1 ? each : 0;
    }

    private static int threads(String number) {
        if (number == null) {
            return 1;
        }
        return number.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(number);
    }
}

package io.etastar.training;

import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What of a cluster the plan of a run depends on.
 *
 * @param oneJvm whether driver and executor are one JVM: local mode
 * @param slots tasks that run at a time
 */
public record ClusterShape(boolean oneJvm, int slots) {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,\\d+)?])?");

    /**
     * The shape that settings say: a local master's threads, or the cores of all executors that were asked for.
     *
     * @param context asked for only if settings do not say: then the cores that are there by now count
     */
    public static ClusterShape of(SparkConf conf, Supplier<JavaSparkContext> context) {
        int cpus = conf.getInt("spark.task.cpus", 1);
        Matcher local = LOCAL.matcher(conf.get("spark.master", ""));
        if (local.matches()) {
            return new ClusterShape(true, Math.max(1, threads(local.group(1)) / cpus));
        }
        int cores = conf.getInt("spark.executor.instances", 0) * conf.getInt("spark.executor.cores", 0);
        cores = cores > 0 ? cores : conf.getInt("spark.cores.max", 0);
        return new ClusterShape(
                false, Math.max(1, (cores > 0 ? cores : context.get().defaultParallelism()) / cpus));
    }

    /** The shape of a context. */
    public static ClusterShape of(JavaSparkContext context) {
        return of(context.getConf(), () -> context);
    }

    private static int threads(String number) {
        if (number == null) {
            return 1;
        }
        return number.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(number);
    }
}

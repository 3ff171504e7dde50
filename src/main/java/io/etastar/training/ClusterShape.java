package io.etastar.training;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What of a cluster the plan of a run depends on.
 *
 * @param oneJvm whether driver and executor are one JVM: local mode
 * @param slots tasks that run at a time
 */
record ClusterShape(boolean oneJvm, int slots) {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,\\d+)?])?");

    static ClusterShape of(JavaSparkContext context) {
        int cpus = context.getConf().getInt("spark.task.cpus", 1);
        Matcher local = LOCAL.matcher(context.master());
        if (local.matches()) {
            return new ClusterShape(true, Math.max(1, threads(local.group(1)) / cpus));
        }
        return new ClusterShape(false, Math.max(1, context.defaultParallelism() / cpus));
    }

    private static int threads(String number) {
        if (number == null) {
            return 1;
        }
        return number.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(number);
    }
}

package io.etastar.benchmarks;

import io.etastar.spark.pass.PassTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the time of passes went, by name, and its medians. */
final class ClusterSplit {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** Adds one pass, in milliseconds. */
    void add(double wallSeconds, double solveSeconds, PassTimes times) {
        put("total_ms", 1e3 * wallSeconds);
        put("compute_ms", 1e3 * times.compute());
        put("scheduling_ms", 1e3 * times.scheduling());
        put("broadcast_ms", 1e3 * times.broadcast());
        put("fetch_ms", 1e3 * times.fetch());
        put("merge_ms", 1e3 * times.merge());
        put("solve_ms", 1e3 * solveSeconds);
        put("result_bytes", times.resultBytes());
    }

    private void put(String name, double value) {
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    /** Passes added. */
    int count() {
        return values.isEmpty() ? 0 : values.values().iterator().next().size();
    }

    /** Medians by name, in the order of their first addition. */
    Map<String, Double> medians() {
        Map<String, Double> medians = new LinkedHashMap<>();
        values.forEach((name, all) -> medians.put(name, median(all)));
        return medians;
    }

    private static double median(List<Double> all) {
        double[] sorted = all.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}

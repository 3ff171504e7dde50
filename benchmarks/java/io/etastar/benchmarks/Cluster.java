package io.etastar.benchmarks;

import io.etastar.data.StratifiedSampler;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.solve.EtaSolver;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.BatchRows;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Time of gradient and summary passes on one master, for {@code benchmarks/cluster.sh}: float32, 512 rows a pass, canonical
 * partition, direction = gradient, medians over passes after warm-up.
 */
public final class Cluster {
    private static final int ROWS = 512;
    private static final int WARM_UP = 5;
    private static final int STEPS = 20;
    private static final int LEAST_STEPS = 5;
    /** Steps before the first case: the driver's own code is compiled by then. */
    private static final int FIRST_STEPS = 400;

    private final JavaSparkContext context;
    private final String where;
    private final Path csv;
    private final double seconds;

    private Cluster(JavaSparkContext context, int workers, int slots, Path csv, double seconds) {
        this.context = context;
        this.where = "master=" + (workers == 0 ? context.master() : "standalone[" + workers + "]") + " slots=" + slots;
        this.csv = csv;
        this.seconds = seconds;
    }

    /** Arguments: quick or full, WORKERS (0 in local mode), SLOTS, CSV (lines are added to it). */
    public static void main(String[] args) throws IOException {
        boolean quick = args[0].equals("quick");
        int workers = Integer.parseInt(args[1]);
        int slots = Integer.parseInt(args[2]);
        SparkConf conf = new SparkConf()
                .setAppName("cluster benchmark")
                .set("spark.ui.enabled", "false")
                .set("spark.executor.memory", "2g");
        if (workers > 0) {
            // Jobs begin when all workers have joined.
            conf.set("spark.cores.max", args[2]).set("spark.scheduler.minRegisteredResourcesRatio", "1");
        }
        try (JavaSparkContext context = new JavaSparkContext(conf)) {
            Cluster benchmark = new Cluster(context, workers, slots, Path.of(args[3]), quick ? 1.5 : 6);
            benchmark.run(new ClusterCase(60_000, 4, slots), FIRST_STEPS, false);
            for (ClusterCase one : ClusterCase.sweeps(quick)) {
                benchmark.run(one, WARM_UP, true);
            }
        }
    }

    private void run(ClusterCase one, int warmUp, boolean print) throws IOException {
        ModelDescription description = one.model();
        Model model = description.build();
        Partition partition = Partitions.parse("canonical", model.layout());
        int most = (ROWS + one.shards() - 1) / one.shards();
        ProgramFactory engines = new ProgramFactory(description, DType.FLOAT, 0, most, most);
        DistributedPass passes = new DistributedPass(context, engines, DType.FLOAT, Aggregation.DEFAULT);
        ShardedData data = new ShardedData(
                context, Rows.of(new MadeUpRows(ROWS, ClusterCase.FEATURES, ClusterCase.CLASSES)), null, one.shards());
        StratifiedSampler steps = new StratifiedSampler(data.rowsPerPartition(), ROWS, 1, 0);
        double[] theta = description.initialParameters(1);
        Quantity<DerivativeSummary> summaries = new Quantity.Summary(partition);
        try (SparkObjective objective = new SparkObjective(passes, data, model.layout(), new BatchRows(data.rowsPerPartition(), steps, null, null, null))) {
            double[][] direction = new double[1][];
            ClusterSplit gradient = measure(objective, warmUp, () -> {
                // New parameters, which have to travel; the summary is at the same ones, as in a step.
                theta[0] += 1e-3;
                direction[0] = objective.gradient(theta, 0).meanGradient();
                return 0;
            });
            ClusterSplit summary = measure(
                    objective,
                    warmUp,
                    () -> solve(objective
                            .evaluate(summaries, new Batch.Summary(0, 0), Point.along(theta, direction[0]))
                            .mean()));
            if (print) {
                print("gradient", one, theta.length, gradient);
                print("summary", one, theta.length, summary);
            }
        }
    }

    private static double solve(DerivativeSummary mean) {
        long start = System.nanoTime();
        EtaSolver.solve(mean.g(), mean.h(), mean.order3(), 1);
        return (System.nanoTime() - start) * 1e-9;
    }

    /** @param pass made once a step; returns the seconds of it that the solver took */
    private ClusterSplit measure(SparkObjective objective, int warmUp, DoubleSupplier pass) {
        ClusterSplit split = new ClusterSplit();
        long first = System.nanoTime();
        for (int i = 0; i < warmUp && (i < 2 || seconds(first) < seconds); i++) {
            pass.getAsDouble();
        }
        long begin = System.nanoTime();
        while (split.count() < STEPS && (split.count() < LEAST_STEPS || seconds(begin) < seconds)) {
            long start = System.nanoTime();
            double solve = pass.getAsDouble();
            split.add(seconds(start), solve, objective.lastPassTimes());
        }
        return split;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }

    private void print(String kind, ClusterCase one, int parameters, ClusterSplit split) throws IOException {
        List<String> cells = new ArrayList<>(List.of(where.split(" ")));
        cells.addAll(List.of(
                "kind=" + kind,
                "P=" + parameters,
                "S=" + one.subsets(),
                "shards=" + one.shards(),
                "rows=" + ROWS,
                "steps=" + split.count()));
        for (Map.Entry<String, Double> median : split.medians().entrySet()) {
            cells.add(String.format(Locale.ROOT, "%s=%.4g", median.getKey(), median.getValue()));
        }
        System.out.println("cluster " + String.join(" ", cells));
        if (!Files.exists(csv)) {
            Files.writeString(csv, part(cells, 0) + "\n");
        }
        Files.writeString(csv, part(cells, 1) + "\n", StandardOpenOption.APPEND);
    }

    /** Names (0) or values (1) of cells, separated by commas. */
    private static String part(List<String> cells, int which) {
        return String.join(
                ",", cells.stream().map(cell -> cell.split("=", 2)[which]).toList());
    }
}

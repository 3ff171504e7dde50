package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.taylor.OperationCount;
import io.etastar.training.TrainingPlan;
import java.util.Arrays;
import java.util.List;

/**
 * What a derivative summary costs in gradients of the same rows, by the number of subsets S.
 *
 * <p>Figures: {@code parameters}; {@code counted_S} by the operations of products; {@code measured_S} by the clock, the median of
 * gradients and summaries in turn, Spark's share included.
 */
final class CostsExperiment implements Experiment {
    private static final String COST = "cost";
    private static final int ROUNDS = 3;

    private final ExperimentFile file;
    private final JobRuns runs;

    CostsExperiment(ExperimentFile file, RunContext context) {
        this.file = file;
        runs = new JobRuns(file, context);
        if (file.list("partitions", String.class).isEmpty()) {
            throw file.mistake("partitions", "at least one: kind costs needs it");
        }
    }

    @Override
    public void check(OptimizerEntry optimizer) {
        runs.check(optimizer);
    }

    @Override
    public Outcome run(OptimizerEntry optimizer, long seed, Experiment.StepLosses losses) {
        TrainingPlan plan = runs.job(optimizer, seed).plan();
        Model model = plan.model().build();
        List<Partition> partitions = file.list("partitions", String.class).stream()
                .map(spec -> Partitions.parse(spec, model.layout()))
                .toList();
        Outcome outcome = new Outcome().with("parameters", model.layout().size());
        double[] subsets = partitions.stream().mapToDouble(Partition::size).toArray();
        double[] counted = partitions.stream()
                .mapToDouble(partition -> OperationCount.summary(model, partition) / OperationCount.gradient(model))
                .toArray();
        double[] measured = measured(plan, partitions, plan.model().recipe().initialParameters(seed));
        for (int i = 0; i < subsets.length; i++) {
            outcome.with("counted_" + (int) subsets[i], counted[i]).with("measured_" + (int) subsets[i], measured[i]);
        }
        return outcome.withCurve(COST + "|counted", subsets, counted).withCurve(COST + "|measured", subsets, measured);
    }

    private double[] measured(TrainingPlan plan, List<Partition> partitions, double... theta) {
        try (FirstRows rows = new FirstRows(runs.context().spark().get(), plan, file.integer("rows"))) {
            double[] direction =
                    rows.evaluate(new Quantity.Gradient(), Point.at(theta)).meanGradient();
            return partitions.stream()
                    .mapToDouble(partition -> ratio(rows, partition, theta, direction))
                    .toArray();
        }
    }

    private static double ratio(FirstRows rows, Partition partition, double[] theta, double[] direction) {
        Runnable gradient = () -> rows.evaluate(new Quantity.Gradient(), Point.at(theta));
        Runnable summary = () -> rows.evaluate(new Quantity.Summary(partition), Point.along(theta, direction));
        seconds(summary);
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double each = seconds(gradient);
            ratios[round] = seconds(summary) / each;
        }
        Arrays.sort(ratios);
        return ratios[ROUNDS / 2];
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    @Override
    public List<Chart> charts() {
        return List.of(new Chart(
                COST, "cost of a summary", "subsets S", new LineChart.Axis("gradients of the same rows", false)));
    }
}

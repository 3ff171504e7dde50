package io.etastar.experiment;

import io.etastar.curvature.Interactions;
import io.etastar.figure.HeatMap;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.report.SummaryFile;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How subsets of parameters interact after some training: H and H^-1 of the summary along the gradient over a large batch,
 * after each of several numbers of epochs, written and drawn.
 *
 * <p>Figures, after E epochs: {@code loss_E} of the batch, {@code condition_E} of H, {@code negative_E} eigenvalues below 0,
 * {@code interaction_E}, the mean of |H_st| / sqrt(|H_ss H_tt|) over pairs of different subsets.
 */
final class InteractionsExperiment implements Experiment {
    private static final int LEAST_SIZE = 600;
    private static final int LABELS = 200;
    private static final int CELL = 40;

    private final ExperimentFile file;
    private final JobRuns runs;

    InteractionsExperiment(ExperimentFile file, RunContext context) {
        this.file = file;
        runs = new JobRuns(file, context);
        file.integers("epochs");
    }

    @Override
    public void check(OptimizerEntry optimizer) {
        runs.check(optimizer);
    }

    @Override
    public Outcome run(OptimizerEntry optimizer, long seed, Experiment.StepLosses losses) {
        Outcome outcome = new Outcome();
        List<Integer> epochs = file.integers("epochs");
        for (int after : epochs) {
            // The same seed: each run goes the way of the one before it, and on.
            boolean last = after == epochs.get(epochs.size() - 1);
            JobRuns.Job job = runs.job(optimizer, seed, after);
            String name = optimizer.name() + "-" + seed + "-after-" + after;
            EpochRecorder recorder = new EpochRecorder(
                    name,
                    last ? losses : Experiment.StepLosses.NONE,
                    runs.context().progress());
            try (JobRuns.Run run = runs.run(job, name, recorder)) {
                TrainingResult result = run.train();
                Partition partition = new Partition(
                        job.plan().model().build().layout(), job.plan().method().groups());
                DerivativeSummary mean = summary(job.plan(), partition, JobRuns.parameters(result));
                Interactions found = Interactions.of(mean.h());
                write(name, after, partition, mean, found);
                add(outcome, after, mean, found);
            }
        }
        return outcome;
    }

    private DerivativeSummary summary(TrainingPlan plan, Partition partition, double[] theta) {
        Rows all = plan.data().train().forEvaluation();
        Rows rows = all.first(Math.min(all.count(), file.integer("rows")));
        ProgramFactory engines = new ProgramFactory(
                plan.model().recipe(),
                plan.numerics().type(),
                plan.numerics().microBatch(),
                rows.count(),
                rows.count());
        try (DistributedPass passes = new DistributedPass(
                        runs.context().spark().get(), engines, plan.numerics().type(), Aggregation.DEFAULT);
                ShardedData data = new ShardedData(
                        runs.context().spark().get(),
                        rows,
                        plan.data().standardisation(),
                        plan.data().targets(),
                        plan.data().partitions(),
                        plan.numerics().type())) {
            double[] gradient = passes.evaluate(new Quantity.Gradient(), data, Point.at(theta))
                    .meanGradient();
            return passes.evaluate(new Quantity.Summary(partition), data, Point.along(theta, gradient))
                    .mean();
        }
    }

    private void write(String name, int after, Partition partition, DerivativeSummary mean, Interactions found) {
        Path output = runs.context().output();
        if (output == null) {
            return;
        }
        String length = " after " + after + (after == 1 ? " epoch" : " epochs");
        if (runs.context().scale() != 1) {
            length += ", cut to scale " + runs.context().scale();
        }
        try {
            SummaryFile.of(new Quantity.Summary(partition), mean, new double[] {1})
                    .write(output.resolve(name + ".json"));
            draw(output, name + "-h.png", "H" + length, partition, mean.h());
            draw(output, name + "-h-normalised.png", "H, diagonal 1," + length, partition, found.normalised());
            if (found.inverse() != null) {
                draw(output, name + "-h-inverse.png", "H^-1" + length, partition, found.inverse());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void draw(Path output, String figure, String title, Partition partition, double[][] matrix)
            throws IOException {
        List<String> labels = partition.groups().stream()
                .map(names -> String.join(" ", names))
                .toList();
        int size = Math.max(LEAST_SIZE, LABELS + CELL * labels.size());
        HeatMap.write(output.resolve(figure), file.name() + ": " + title, labels, matrix, size);
    }

    private static void add(Outcome outcome, int after, DerivativeSummary mean, Interactions found) {
        double negative = found.spectrum() == null
                ? Double.NaN
                : Arrays.stream(found.spectrum().values())
                        .filter(value -> value < 0)
                        .count();
        outcome.with("loss_" + after, mean.loss())
                .with("condition_" + after, found.condition())
                .with("negative_" + after, negative)
                .with("interaction_" + after, meanInteraction(found.normalised()));
    }

    private static double meanInteraction(double[][] normalised) {
        double sum = 0;
        int count = 0;
        for (int s = 0; s < normalised.length; s++) {
            for (int t = 0; t < s; t++) {
                if (!Double.isNaN(normalised[s][t])) {
                    sum += Math.abs(normalised[s][t]);
                    count++;
                }
            }
        }
        return sum / count;
    }
}

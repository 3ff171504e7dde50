package io.etastar.experiment;

import io.etastar.curvature.Interactions;
import io.etastar.figure.LineChart;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.report.SummaryFile;
import io.etastar.training.TrainingPlan;
import io.etastar.training.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How subsets of parameters interact after some training: H and H^-1 of the summary along the gradient over a large batch,
 * after each of several numbers of epochs, written and drawn.
 *
 * <p>Figures, after E epochs: {@code loss_E} of the batch, {@code condition_E} of H, {@code negative_E} eigenvalues below 0,
 * {@code interaction_E}, the mean of |H_st| / sqrt(|H_ss H_tt|) over pairs of different subsets; {@code outside_E}, the share of
 * the sum of |H^-1| outside the blocks of layers, and {@code outside_normalised_E}, the same once the diagonal of H^-1 is brought to 1; {@code decrease_E} of the
 * batch's loss by a step of eta* solved with lambda 1, and {@code predicted_E} by the model that is solved; both with {@code
 * _diagonal}, if the interactions are left out.
 */
final class InteractionsExperiment implements Experiment {
    private static final String DISTANCE = "inverse-by-distance";
    private static final String DECREASE = "decrease";
    private static final String LAYER = "inverse-by-layer";

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
            TrainingResult result = runs.run(job, name, recorder).train();
            Partition partition = new Partition(
                    job.plan().model().build().layout(), job.plan().method().groups());
            Look look = look(job.plan(), partition, JobRuns.parameters(result));
            DerivativeSummary mean = look.mean();
            Interactions found = Interactions.of(mean.h());
            write(name, partition, mean);
            add(outcome, after, mean, found);
            addLayers(outcome, after, partition, found);
            look.add(outcome, after);
            if (last || after == epochs.get(0)) {
                draw(outcome, after, partition, mean, found);
            }
        }
        addDecreases(outcome, epochs);
        return outcome;
    }

    private static void addDecreases(Outcome outcome, List<Integer> epochs) {
        double[] x = epochs.stream().mapToDouble(Integer::doubleValue).toArray();
        Map<String, String> labels = Map.of(
                "predicted_", "predicted",
                "decrease_", "measured",
                "predicted_diagonal_", "predicted without interactions",
                "decrease_diagonal_", "measured without interactions");
        labels.keySet().stream().sorted().forEach(metric -> {
            double[] y = epochs.stream()
                    .mapToDouble(after -> outcome.get(metric + after))
                    .toArray();
            outcome.withCurve(DECREASE + "|" + labels.get(metric), x, y);
        });
    }

    private Look look(TrainingPlan plan, Partition partition, double[] theta) {
        try (FirstRows rows = new FirstRows(runs.context().spark().get(), plan, file.integer("rows"))) {
            double[] gradient =
                    rows.evaluate(new Quantity.Gradient(), Point.at(theta)).meanGradient();
            DerivativeSummary mean = rows.evaluate(new Quantity.Summary(partition), Point.along(theta, gradient))
                    .mean();
            SolvedStep.Losses losses =
                    point -> rows.evaluate(new Quantity.Loss(), Point.at(point)).meanLoss();
            return new Look(
                    mean,
                    SolvedStep.of(mean, mean.h(), partition, theta, gradient, losses),
                    SolvedStep.of(mean, SolvedStep.diagonal(mean.h()), partition, theta, gradient, losses));
        }
    }

    /**
     * What was found at a point.
     *
     * @param mean derivatives of the mean loss
     * @param step that they give
     * @param diagonal that they give without interactions
     */
    private record Look(DerivativeSummary mean, SolvedStep step, SolvedStep diagonal) {
        void add(Outcome outcome, int after) {
            outcome.with("predicted_" + after, step.predicted())
                    .with("decrease_" + after, step.decrease())
                    .with("predicted_diagonal_" + after, diagonal.predicted())
                    .with("decrease_diagonal_" + after, diagonal.decrease());
        }
    }

    private void write(String name, Partition partition, DerivativeSummary mean) {
        Path output = runs.context().output();
        if (output == null) {
            return;
        }
        try {
            SummaryFile.of(new Quantity.Summary(partition), mean, new double[] {1})
                    .write(output.resolve(name + ".json"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void draw(
            Outcome outcome, int after, Partition partition, DerivativeSummary mean, Interactions found) {
        List<String> labels = partition.groups().stream()
                .map(names -> names.get(0) + (names.size() == 1 ? "" : " +" + (names.size() - 1)))
                .toList();
        String name = "after-" + after + "-h";
        String length = " after " + after + (after == 1 ? " epoch" : " epochs");
        outcome.withMatrix(name, new Outcome.Matrix("H" + length, labels, mean.h()));
        outcome.withMatrix(
                name + "-normalised", new Outcome.Matrix("H, diagonal 1," + length, labels, found.normalised()));
        if (found.inverse() != null) {
            outcome.withMatrix(name + "-inverse", new Outcome.Matrix("H^-1" + length, labels, found.inverse()));
        }
    }

    private static void addLayers(Outcome outcome, int after, Partition partition, Interactions found) {
        double[][] inverse = found.inverse();
        Layers layers = Layers.of(partition);
        double[][] normalised =
                inverse == null ? null : Interactions.of(inverse).normalised();
        outcome.with("outside_" + after, inverse == null ? Double.NaN : layers.outside(inverse))
                .with("outside_normalised_" + after, normalised == null ? Double.NaN : layers.outside(normalised));
        if (normalised != null) {
            String label = "|after " + after;
            outcome.withCurve(DISTANCE + label, numbers(0, layers.count()), layers.byDistance(normalised))
                    .withCurve(LAYER + label, numbers(1, layers.count()), layers.withOthers(normalised));
        }
    }

    private static double[] numbers(int first, int count) {
        return IntStream.range(first, first + count).asDoubleStream().toArray();
    }

    @Override
    public List<Chart> charts() {
        LineChart.Axis mean = new LineChart.Axis("mean of |H^-1| off the diagonal, diagonal 1", false);
        return List.of(
                new Chart(DISTANCE, "H^-1 by distance of layers", "layers between, 0 for the same", mean),
                new Chart(LAYER, "H^-1 between a layer and all others", "layer", mean),
                new Chart(
                        DECREASE,
                        "decrease of the loss by a step of eta*",
                        "epochs of training before",
                        new LineChart.Axis("decrease", false)));
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

package io.etastar.report.html;

import io.etastar.optimizer.SummaryResult;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.report.EpochMetrics;
import io.etastar.report.MetricsWriter;
import io.etastar.report.RunDirectory;
import io.etastar.report.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs made of formulas, written by the writer of real ones. */
final class SyntheticRun {
    static final int STEPS_PER_EPOCH = 50;
    static final int PERIOD = 10;

    private SyntheticRun() {}

    /**
     * Writes a run.
     *
     * @param subsets of its summaries, 0 for a run without summaries
     * @param complete whether it has its model
     */
    static Path write(Path directory, int steps, int subsets, boolean complete) throws IOException {
        String optimizer = subsets > 0 ? "newton-summary" : "sgd";
        String config = "{\"seed\": 1, \"partition\": \"canonical\", \"model\": {\"model\": \"perceptron\"}, \"data\":"
                + " {\"source\": \"digits\", \"path\": null}, \"optimizer\": {\"name\": \"" + optimizer
                + "\", \"base\": {\"name\": \"adam\"}}}";
        try (MetricsWriter writer =
                RunDirectory.create(directory.toString(), config).openMetrics()) {
            for (int step = 1; step <= steps; step++) {
                writer.step(step(step));
                if (subsets > 0 && (step - 1) % PERIOD == 0) {
                    writer.summary(step, summary((step - 1) / PERIOD, subsets));
                }
                if (step % STEPS_PER_EPOCH == 0) {
                    writer.epoch(epoch(step / STEPS_PER_EPOCH));
                }
            }
        }
        if (complete) {
            Files.createDirectories(directory.resolve("model"));
            Files.writeString(directory.resolve("model/model.json"), "{}");
        }
        return directory;
    }

    private static StepMetrics step(int step) {
        StepMetrics.Seconds seconds = new StepMetrics.Seconds(0.2, 0.1, 0.01, 0.02, 0.005, 0.04, 0.015);
        return new StepMetrics(
                step,
                (step - 1) / STEPS_PER_EPOCH + 1,
                2.0 / step + 0.1 * Math.sin(step),
                1 - 0.9 / step,
                1,
                100,
                seconds,
                10,
                5);
    }

    private static EpochMetrics epoch(int epoch) {
        return new EpochMetrics(
                epoch,
                (long) epoch * STEPS_PER_EPOCH,
                1.0 / epoch,
                1 - 0.5 / epoch,
                1.2 / epoch,
                1 - 0.6 / epoch,
                0,
                0.2 * STEPS_PER_EPOCH + 0.5);
    }

    /** A summary with H positive definite but for its first eigenvalue at times. */
    private static SummaryResult summary(int index, int s) {
        double[] g = new double[s];
        double[] order3 = new double[s];
        double[] eta = new double[s];
        double[] rates = new double[s];
        double[][] h = new double[s][s];
        List<List<String>> groups = new ArrayList<>();
        for (int i = 0; i < s; i++) {
            groups.add(List.of("layers." + i / 2 + (i % 2 == 0 ? ".weight" : ".bias")));
            g[i] = 1.0 / (i + 1);
            order3[i] = i - 1;
            eta[i] = 0.01 * Math.sin(index + i);
            rates[i] = Math.max(0, eta[i]);
            for (int j = 0; j < s; j++) {
                h[i][j] = (i == j ? s + index % 3 - 1 : Math.cos(i + j)) / (1 + i % 2 + j % 2);
            }
        }
        DerivativeSummary mean = new DerivativeSummary(1, 0.5, g, h, order3);
        String solverCase = index % 7 == 6 ? "no-solution" : "cubic";
        return new SummaryResult(
                index,
                groups,
                mean,
                new SummaryResult.Solution(
                        index % 7 == 6 ? null : eta,
                        index % 7 == 6 ? Double.NaN : 0.5 / (index + 1),
                        solverCase,
                        0.001),
                rates,
                0.49);
    }
}

package io.etastar.experiment;

import io.etastar.figure.LineChart;
import io.etastar.report.EpochMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Losses by epoch of each optimizer, means over its runs, drawn where an experiment's files are wanted. */
final class LossCurves {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 550;

    private final String experiment;
    private final Path output;
    private final Map<String, List<List<EpochMetrics>>> runs = new LinkedHashMap<>();

    /** @param output directory of the figures, or null for none */
    LossCurves(String experiment, Path output) {
        this.experiment = experiment;
        this.output = output;
    }

    /** Adds a run, which may have ended early. */
    void add(String optimizer, List<EpochMetrics> epochs) {
        runs.computeIfAbsent(optimizer, name -> new ArrayList<>()).add(epochs);
    }

    /** Writes {@code train-loss.png} and {@code test-loss.png}. */
    void draw() {
        if (output == null) {
            return;
        }
        draw("train-loss.png", "mean training loss of an epoch", EpochMetrics::trainLoss);
        draw("test-loss.png", "test loss", EpochMetrics::testLoss);
    }

    private void draw(String name, String title, ToDoubleFunction<EpochMetrics> loss) {
        List<LineChart.Curve> curves = new ArrayList<>();
        runs.forEach((optimizer, epochs) -> curves.add(curve(optimizer, epochs, loss)));
        try {
            LineChart.write(
                    output.resolve(name),
                    experiment + ": " + title,
                    "epoch",
                    new LineChart.Axis("loss", true),
                    curves,
                    WIDTH,
                    HEIGHT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Means over the runs, as far as all of them went. */
    private static LineChart.Curve curve(
            String optimizer, List<List<EpochMetrics>> runs, ToDoubleFunction<EpochMetrics> loss) {
        int epochs = runs.stream().mapToInt(List::size).min().orElse(0);
        double[] means = IntStream.range(0, epochs)
                .mapToDouble(i -> runs.stream()
                        .mapToDouble(run -> loss.applyAsDouble(run.get(i)))
                        .average()
                        .orElse(Double.NaN))
                .toArray();
        return new LineChart.Curve(
                optimizer, IntStream.rangeClosed(1, epochs).mapToDouble(i -> i).toArray(), means);
    }
}

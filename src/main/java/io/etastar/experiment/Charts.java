package io.etastar.experiment;

import io.etastar.figure.HeatMap;
import io.etastar.figure.LineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The curves of an experiment's runs as PNG files, one for each chart: means over the runs of an optimizer, as far as all of them went;
 * and their matrices as heatmaps.
 *
 * @param experiment in the titles
 * @param runs outcomes by optimizer
 */
record Charts(String experiment, Map<String, List<Outcome>> runs) {
    private static final String MORE = "|";
    private static final int WIDTH = 900;
    private static final int HEIGHT = 550;
    private static final int LEAST_SIZE = 600;
    private static final int LABELS = 200;
    private static final int CELL = 40;

    /**
     * Writes {@code PREFIXCHART.png}; none for a chart without points.
     *
     * @param directory that exists
     * @param prefix of the files' names
     */
    void draw(Path directory, String prefix, List<Experiment.Chart> charts) throws IOException {
        for (Experiment.Chart chart : charts) {
            List<LineChart.Curve> curves = new ArrayList<>();
            runs.forEach((optimizer, outcomes) -> add(optimizer, outcomes, chart.name(), curves));
            LineChart.write(
                    directory.resolve(prefix + chart.name() + ".png"),
                    experiment + ": " + chart.title(),
                    chart.x(),
                    chart.y(),
                    curves,
                    WIDTH,
                    HEIGHT);
        }
    }

    /** Writes {@code PREFIXOPTIMIZER-SEED-NAME.png} for each matrix of the runs, the first of which has the seed {@code first}. */
    void drawMatrices(Path directory, String prefix, long first) throws IOException {
        for (Map.Entry<String, List<Outcome>> each : runs.entrySet()) {
            long seed = first;
            for (Outcome outcome : each.getValue()) {
                String run = prefix + each.getKey() + "-" + seed++ + "-";
                for (Map.Entry<String, Outcome.Matrix> matrix :
                        outcome.matrices().entrySet()) {
                    draw(directory.resolve(run + matrix.getKey() + ".png"), matrix.getValue());
                }
            }
        }
    }

    private void draw(Path file, Outcome.Matrix matrix) throws IOException {
        int size = Math.max(LEAST_SIZE, LABELS + CELL * matrix.labels().size());
        HeatMap.write(file, experiment + ": " + matrix.title(), matrix.labels(), matrix.values(), size);
    }

    private static void add(String optimizer, List<Outcome> outcomes, String chart, List<LineChart.Curve> curves) {
        for (String name : outcomes.get(0).curves().keySet()) {
            boolean ofChart = name.equals(chart) || name.startsWith(chart + MORE);
            // Runs that diverged early, or were kept before the curve was, have none.
            if (ofChart
                    && outcomes.stream().allMatch(outcome -> outcome.curves().containsKey(name))) {
                String label = name.equals(chart) ? "" : ", " + name.substring(chart.length() + MORE.length());
                List<Outcome.Curve> found = outcomes.stream()
                        .map(outcome -> Objects.requireNonNull(outcome.curves().get(name)))
                        .toList();
                curves.add(mean(optimizer + label, found));
            }
        }
    }

    private static LineChart.Curve mean(String label, List<Outcome.Curve> curves) {
        int points = curves.stream().mapToInt(curve -> curve.y().length).min().orElse(0);
        double[][] x = curves.stream().map(Outcome.Curve::x).toArray(double[][]::new);
        double[][] y = curves.stream().map(Outcome.Curve::y).toArray(double[][]::new);
        return new LineChart.Curve(label, mean(x, points), mean(y, points));
    }

    private static double[] mean(double[][] rows, int points) {
        return IntStream.range(0, points)
                .mapToDouble(i ->
                        Arrays.stream(rows).mapToDouble(row -> row[i]).average().orElseThrow())
                .toArray();
    }
}

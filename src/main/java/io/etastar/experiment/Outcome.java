package io.etastar.experiment;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

/** What a run gave: named figures in order, and curves to draw. */
public final class Outcome {
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final Set<String> lengths = new HashSet<>();
    private final Map<String, Curve> curves = new LinkedHashMap<>();
    private final Map<String, Matrix> matrices = new LinkedHashMap<>();

    /**
     * The points of a curve in their order.
     *
     * @param x abscissae; shared
     * @param y ordinates, as many; shared
     */
    public record Curve(double[] x, double[] y) {}

    /**
     * A matrix to draw.
     *
     * @param title what it is
     * @param labels of rows and columns [S]
     * @param values [S, S]; shared
     */
    public record Matrix(String title, List<String> labels, double[][] values) {}

    /** Adds a figure; returns this. */
    public Outcome with(String metric, double value) {
        figures.put(metric, value);
        return this;
    }

    /** Adds how long the run was, which is no result: means over runs give no deviation of it; returns this. */
    Outcome withLength(String metric, double value) {
        lengths.add(metric);
        return with(metric, value);
    }

    /**
     * Adds a curve; returns this.
     *
     * @param curve the name of a chart of the experiment; or that, {@code |} and what tells this curve from the run's others there
     */
    Outcome withCurve(String curve, double[] x, double[] y) {
        curves.put(curve, new Curve(x, y));
        return this;
    }

    /** Adds a matrix, drawn as a figure of that name; returns this. */
    Outcome withMatrix(String name, Matrix matrix) {
        matrices.put(name, matrix);
        return this;
    }

    /** Matrices by name. */
    Map<String, Matrix> matrices() {
        return Collections.unmodifiableMap(matrices);
    }

    /** Names of the figures in order. */
    Set<String> metrics() {
        return Collections.unmodifiableSet(figures.keySet());
    }

    /** Whether the figure says how long the run was. */
    boolean isLength(String metric) {
        return lengths.contains(metric);
    }

    /** Curves by name. */
    Map<String, Curve> curves() {
        return Collections.unmodifiableMap(curves);
    }

    /** The figure of that name. */
    public double get(String metric) {
        return Objects.requireNonNull(figures.get(metric), metric);
    }

    /**
     * Mean of each figure over runs, followed, if there is more than one run, by their sample standard deviation as {@code
     * NAME_sd}.
     *
     * @param runs at least one, with the same figures
     */
    public static Outcome mean(List<Outcome> runs) {
        Outcome mean = new Outcome();
        int count = runs.size();
        for (String metric : runs.get(0).figures.keySet()) {
            double centre = runs.stream().mapToDouble(run -> run.get(metric)).sum() / count;
            mean.with(metric, centre);
            if (count > 1 && !runs.get(0).lengths.contains(metric)) {
                double squares = runs.stream()
                        .mapToDouble(run -> Math.pow(run.get(metric) - centre, 2))
                        .sum();
                mean.with(metric + "_sd", Math.sqrt(squares / (count - 1)));
            }
        }
        return mean;
    }

    /** {@code name=value name=value ...}, six digits; whole numbers as they are. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" ");
        figures.forEach((metric, value) -> text.add(metric + "=" + render(value)));
        return text.toString();
    }

    private static String render(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.6g", value);
    }
}

package io.etastar.experiment.comparison;

import io.etastar.UserError;
import io.etastar.figure.LineChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a Markdown page that tells what came of a comparison, between two marks: a table with a line for each cell, and a figure of
 * performance profiles.
 *
 * @param name of the experiment
 * @param totals of all cells that have results
 * @param reference group of the tuned one whose ratio is told
 */
record ResultPage(String name, Totals totals, String reference) {
    private static final double FARTHEST = 2;
    private static final int POINTS = 201;
    private static final int WIDTH = 900;
    private static final int HEIGHT = 550;

    /**
     * Writes the page anew, and the figure {@code figures/NAME-profile.png} beside it.
     *
     * @param page that has the marks {@code <!-- results of NAME -->} and {@code <!-- end of results of NAME -->}
     * @param seeds runs of each optimizer, in words
     * @throws UserError if the marks are not there
     */
    void write(Path page, String seeds) throws IOException {
        String begin = "<!-- results of " + name + " -->\n";
        String end = "<!-- end of results of " + name + " -->";
        String text = Files.exists(page) ? Files.readString(page) : "";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new UserError(
                    UserError.Subject.of(page.toString()),
                    "no place for results",
                    "the lines " + begin.strip() + " and " + end);
        }
        String figure = "figures/" + name + "-profile.png";
        Path image = page.resolveSibling(figure);
        Files.createDirectories(Objects.requireNonNull(image.getParent()));
        drawProfile(image);
        String link = Files.exists(image) ? "\n![performance profiles](" + figure + ")\n\n" : "\n";
        Files.writeString(
                page, text.substring(0, from + begin.length()) + "\n" + table(seeds) + link + text.substring(to));
    }

    /** The totals, then a line for each cell. */
    String table(String seeds) {
        List<String> columns = columns();
        StringBuilder table = new StringBuilder(text(totals.verdicts().size()) + ", " + seeds + ": `"
                + totals.line(reference) + "`\n\n| workload | batch | budget | ");
        table.append(String.join(" | ", columns))
                .append(" | ratio_untuned | ratio_" + reference + " | seconds over " + reference + "'s |\n");
        table.append("|---".repeat(columns.size() + 6)).append("|\n");
        for (Verdict verdict : totals.verdicts()) {
            Map<String, Verdict.Mean> values = values(verdict);
            table.append("| ").append(verdict.cell().workload().name());
            table.append(verdict.cell().workload().settings().chosenOn() ? "" : " (held out)");
            table.append(" | " + verdict.cell().batch() + " | "
                    + Verdict.text(verdict.cell().budget()));
            columns.forEach(column -> table.append(" | ").append(text(column, values.get(column))));
            table.append(String.format(
                    Locale.ROOT,
                    " | %.3f | %.3f | %.2f |%n",
                    verdict.ratioUntuned(),
                    verdict.ratioTuned(),
                    verdict.ours().seconds() / verdict.tuned().seconds()));
        }
        return table.toString();
    }

    private static String text(int cells) {
        return cells + (cells == 1 ? " cell" : " cells");
    }

    /** Ours, the untuned rivals and the tuned ones, in the file's order. */
    private List<String> columns() {
        List<String> columns = new ArrayList<>();
        for (Verdict verdict : totals.verdicts()) {
            verdict.means().keySet().stream()
                    .map(ResultPage::column)
                    .filter(column -> !columns.contains(column))
                    .forEach(columns::add);
        }
        return columns;
    }

    private static boolean isTuned(Competitor competitor) {
        return !List.of(Competitor.OURS, Competitor.UNTUNED).contains(competitor.group());
    }

    private static String column(Competitor competitor) {
        return isTuned(competitor) ? "tuned " + competitor.group() : competitor.name();
    }

    /** The best of each column. */
    private static Map<String, Verdict.Mean> values(Verdict verdict) {
        Map<String, Verdict.Mean> values = new TreeMap<>();
        verdict.means()
                .forEach((competitor, mean) ->
                        values.merge(column(competitor), mean, (a, b) -> b.trainLoss() < a.trainLoss() ? b : a));
        return values;
    }

    /** The loss, of a tuned one with its rate and variant. */
    private static String text(String column, Verdict.@Nullable Mean mean) {
        if (mean == null) {
            return "";
        }
        String loss =
                Double.isInfinite(mean.trainLoss()) ? "diverged" : String.format(Locale.ROOT, "%.4g", mean.trainLoss());
        return column.startsWith("tuned ")
                ? loss + " (" + mean.name().substring(column.length() - "tuned ".length() + 1) + ")"
                : loss;
    }

    /** Of each optimizer the share of cells in which its loss is within a factor of the lowest, by the factor. */
    private void drawProfile(Path file) throws IOException {
        double[] factors = IntStream.range(0, POINTS)
                .mapToDouble(i -> 1 + (FARTHEST - 1) * i / (POINTS - 1))
                .toArray();
        List<LineChart.Curve> curves = new ArrayList<>();
        profiles(factors).forEach((column, shares) -> curves.add(new LineChart.Curve(column, factors, shares)));
        LineChart.write(
                file,
                name + ": training loss, " + text(totals.verdicts().size()),
                "factor on the lowest loss",
                new LineChart.Axis("share of cells within it", false),
                curves,
                WIDTH,
                HEIGHT);
    }

    /** Shares by column. */
    Map<String, double[]> profiles(double... factors) {
        Map<String, double[]> profiles = new LinkedHashMap<>();
        for (String column : columns()) {
            double[] shares = new double[factors.length];
            for (Verdict verdict : totals.verdicts()) {
                Map<String, Verdict.Mean> values = values(verdict);
                double lowest = values.values().stream()
                        .mapToDouble(Verdict.Mean::trainLoss)
                        .min()
                        .orElseThrow();
                Verdict.Mean mean = values.get(column);
                for (int i = 0; i < factors.length; i++) {
                    boolean within = mean != null && mean.trainLoss() <= factors[i] * lowest;
                    shares[i] += within ? 1.0 / totals.verdicts().size() : 0;
                }
            }
            profiles.put(column, shares);
        }
        return profiles;
    }
}

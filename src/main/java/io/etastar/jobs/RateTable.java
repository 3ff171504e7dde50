package io.etastar.jobs;

import io.etastar.curvature.MeasuredSteps;
import io.etastar.report.SummaryFile;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Solved rates and what they do to the loss, for people.
 *
 * @param out where it goes
 * @param loss mean loss before a step
 * @param others rows that steps were measured on besides; null if there are none
 */
record RateTable(PrintStream out, double loss, SummaryFile.OtherRows others) {
    /**
     * A few lines for each solution, the verdict last.
     *
     * @param left names of the subsets that no rate was solved for
     */
    void print(List<String> left, List<SummaryFile.Solution> solutions) {
        if (!left.isEmpty()) {
            out.println("left out, derivatives 0 or below the rounding of their own sums: " + String.join(", ", left));
        }
        if (others != null) {
            out.println("other rows: " + others.rows());
        }
        solutions.forEach(this::print);
    }

    private void print(SummaryFile.Solution solution) {
        String title = "damping_int " + number(solution.dampingInt());
        if (solution.steps() == null) {
            out.println(title + ": no rates (" + solution.solverCase() + ")");
            return;
        }
        int fractions = solution.steps().size();
        out.println(row(title + ", of eta*", IntStream.range(0, fractions).mapToObj(MeasuredSteps::part)));
        line("  predicted decrease", solution, SummaryFile.Step::predicted);
        line("  measured decrease", solution, step -> loss - step.loss());
        if (others != null) {
            line("  on other rows", solution, step -> others.loss() - step.otherLoss());
        }
        out.println("  " + solution.verdict());
    }

    private void line(String title, SummaryFile.Solution solution, ToDoubleFunction<SummaryFile.Step> value) {
        out.println(row(title, solution.steps().stream().map(step -> number(value.applyAsDouble(step)))));
    }

    private static String row(String title, Stream<String> cells) {
        return String.format(Locale.ROOT, "%-28s", title)
                + cells.map(cell -> String.format(Locale.ROOT, "%11s", cell)).collect(Collectors.joining());
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains("e") || !text.contains(".") ? text : text.replaceFirst("\\.?0+$", "");
    }

    /** The solution whose step lowers the loss most, of other rows if there are some; null if none is to be taken. */
    static SummaryFile.Solution best(List<SummaryFile.Solution> solutions) {
        return solutions.stream()
                .filter(solution -> solution.take() != null && solution.take() > 0)
                .min(Comparator.comparingDouble(RateTable::lossTaken))
                .orElse(null);
    }

    private static double lossTaken(SummaryFile.Solution solution) {
        return solution.steps().stream()
                .filter(step -> step.fraction() == solution.take())
                .mapToDouble(step -> step.otherLoss() == null ? step.loss() : step.otherLoss())
                .findFirst()
                .orElseThrow();
    }
}

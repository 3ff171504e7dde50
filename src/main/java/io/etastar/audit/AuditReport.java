package io.etastar.audit;

import io.etastar.report.FiniteJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found.
 *
 * @param optimizer its name
 * @param rate the job's learning rate
 * @param offered the rate that was measured to do better; the job's own if there is none
 * @param findings the most important first
 * @param tensors a row for each
 * @param oneStep what one step at fractions of eta* does; empty if the loss does not fall along it
 * @param trials all runs, that of the job's own rate first
 * @param rows what was looked at
 */
public record AuditReport(
        String optimizer,
        double rate,
        double offered,
        List<Finding> findings,
        List<Row> tensors,
        List<Step> oneStep,
        List<Run> trials,
        Rows rows) {
    /**
     * A tensor.
     *
     * @param step length of the optimizer's step over that of the tensor
     * @param eta eta* along the step
     * @param etaEnd the same after the best run; null if that is not finite
     */
    public record Row(
            String name,
            double step,
            Quartiles eta,
            @Nullable Quartiles etaEnd) {}

    /**
     * Decreases of the mean loss after one step.
     *
     * @param eta rate over the optimizer's
     * @param predicted by the derivatives
     * @param batches measured on the batches of the derivatives
     * @param others measured on other rows
     */
    public record Step(double eta, double predicted, double batches, double others) {}

    /**
     * A run.
     *
     * @param rate its learning rate
     * @param losses mean loss of other rows before the first step and after each tenth of the steps
     */
    public record Run(double rate, double[] losses) {}

    /**
     * What was looked at.
     *
     * @param batch rows of a step
     * @param batches that derivatives are of
     * @param apart rows that were kept apart to measure on
     * @param steps of a run
     */
    public record Rows(int batch, int batches, int apart, int steps) {}

    /** Whether another rate than the job's is offered. */
    public boolean offers() {
        return offered != rate;
    }

    /** Writes a new file. */
    public void write(Path file) throws IOException {
        Files.writeString(
                file, FiniteJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /** Sentences, then tables. */
    public String text() {
        List<String> lines =
                new ArrayList<>(findings.stream().map(Finding::sentence).toList());
        int width = tensors.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        lines.add("");
        lines.add(pad("tensor", width) + "       step  eta*, quartiles over batches: at the start, after the steps");
        for (Row row : tensors) {
            lines.add(pad(row.name(), width) + "  " + String.format(Locale.ROOT, "%9.2e", row.step()) + " "
                    + quartiles(row.eta()) + " " + quartiles(row.etaEnd()));
        }
        if (!oneStep.isEmpty()) {
            lines.add("");
            lines.add(line("one step at", 3, Step::eta));
            lines.add(line("  predicted", 4, Step::predicted));
            lines.add(line("  on the batches", 4, Step::batches));
            lines.add(line("  on other rows", 4, Step::others));
        }
        return String.join("\n", lines);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String cell(double value, int digits) {
        return String.format(Locale.ROOT, "%10s", Figures.of(value, digits));
    }

    private static String quartiles(@Nullable Quartiles quartiles) {
        return quartiles == null
                ? "         -"
                : cell(quartiles.low(), 3) + cell(quartiles.middle(), 3) + cell(quartiles.high(), 3);
    }

    private String line(String title, int digits, ToDoubleFunction<Step> value) {
        return pad(title, 17)
                + oneStep.stream()
                        .map(step -> cell(value.applyAsDouble(step), digits))
                        .collect(Collectors.joining());
    }
}

package io.etastar.experiment.comparison;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What all cells of a comparison say together. */
record Totals(List<Verdict> verdicts) {
    /**
     * {@code geomean_untuned=R geomean_adam=R worst=R held_out_untuned=R held_out_adam=R}: geometric means of the ratios over all cells,
     * the largest of all ratios, and the means over the workloads that are held out.
     */
    String line(String reference) {
        List<Verdict> heldOut = verdicts.stream()
                .filter(verdict -> !verdict.cell().workload().settings().chosenOn())
                .toList();
        return "geomean_untuned=" + text(geomean(verdicts, Verdict::ratioUntuned))
                + " geomean_" + reference + "=" + text(geomean(verdicts, Verdict::ratioTuned))
                + " worst=" + text(worst())
                + " held_out_untuned=" + text(geomean(heldOut, Verdict::ratioUntuned))
                + " held_out_" + reference + "=" + text(geomean(heldOut, Verdict::ratioTuned));
    }

    private double worst() {
        return verdicts.stream()
                .flatMapToDouble(verdict -> DoubleStream.of(verdict.ratioUntuned(), verdict.ratioTuned()))
                .max()
                .orElse(Double.NaN);
    }

    /** NaN of none. */
    private static double geomean(List<Verdict> of, ToDoubleFunction<Verdict> ratio) {
        return Math.exp(of.stream()
                .mapToDouble(verdict -> Math.log(ratio.applyAsDouble(verdict)))
                .average()
                .orElse(Double.NaN));
    }

    private static String text(double ratio) {
        return Double.isNaN(ratio) ? "none" : String.format(Locale.ROOT, "%.4f", ratio);
    }
}

package io.etastar.audit;

import io.etastar.curvature.MeasuredSteps;
import io.etastar.training.Rehearsal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The search for a rate that does better: fractions of eta* are run, and what is supported is taken; then the same along the steps of the new rate.
 */
final class Search {
    /** Factors nearer to 1 are in the noise of short runs. */
    static final double LEAST = 3;

    private static final int ROUNDS = 3;
    /** Of the best runs, so many go on to twice their length. */
    private static final int LONGER = 5;
    /** Significant digits of a rate that is tried. */
    private static final int DIGITS = 3;

    private final Rehearsal rehearsal;
    private final int batches;
    private final Trials trials;
    private final Look start;
    private final int[] live;
    private final Map<Trial, Look> ends = new IdentityHashMap<>();
    private final Map<Trial, Trial> longer = new IdentityHashMap<>();

    /**
     * @param live numbers of the tensors that step and have a slope
     * @param batches that derivatives are judged on
     */
    Search(Rehearsal rehearsal, Look start, int[] live, Trials trials, int batches) {
        this.rehearsal = rehearsal;
        this.start = start;
        this.live = live;
        this.trials = trials;
        this.batches = batches;
    }

    /** The run whose rate is best: the first one, with the job's own rate, if none was found that does better. */
    Trial best() {
        Trial best = trials.run(1);
        for (int round = 0; round < ROUNDS; round++) {
            Trial better = round(best);
            if (better == null) {
                break;
            }
            best = better;
        }
        return best;
    }

    private @Nullable Trial round(Trial best) {
        return supported(best).stream()
                .sorted(Comparator.comparingDouble(Trial::finalLoss))
                .limit(LONGER)
                .filter(trial -> longer(trial).isLower(longer(best)))
                .min(Comparator.comparingDouble(trial -> longer(trial).finalLoss()))
                .orElse(null);
    }

    /** A run going on to twice its length: what helps at first may not later. */
    private Trial longer(Trial trial) {
        return longer.computeIfAbsent(trial, trials::longer);
    }

    /** The step after a run; null if that is not finite. */
    @Nullable
    Look end(Trial trial) {
        Rehearsal.Position at = trial.end();
        return at == null
                ? null
                : ends.computeIfAbsent(
                        trial, run -> Look.of(rehearsal, at, trial.factor() * rehearsal.rate(), batches));
    }

    private List<Trial> supported(Trial best) {
        List<Double> losses = new ArrayList<>();
        List<Trial> supported = new ArrayList<>();
        for (double factor : factors(best)) {
            Trial trial = trials.run(factor);
            if (trial.beats(best)) {
                supported.add(trial);
            }
            losses.add(trial.finalLoss());
            // From the largest factor down the loss has one valley.
            if (losses.size() > 2
                    && least(losses, losses.size() - 2, losses.size()) > least(losses, 0, losses.size() - 2)) {
                break;
            }
        }
        return supported;
    }

    private static double least(List<Double> losses, int from, int to) {
        return losses.subList(from, to).stream().min(Double::compare).orElseThrow();
    }

    /** Factors over the job's rate, the largest first. */
    private double[] factors(Trial best) {
        double common = common(best);
        return Arrays.stream(Double.isNaN(common) ? new double[0] : MeasuredSteps.fractions())
                .map(fraction -> fraction * common)
                .filter(factor -> factor < 1 / LEAST || factor > LEAST)
                .map(factor -> Figures.rounded(factor * best.factor() * rehearsal.rate(), DIGITS) / rehearsal.rate())
                .toArray();
    }

    /** eta* of all tensors over the best rate so far: at the start and, in logarithms half way to it, after the best run; NaN if unknown. */
    private double common(Trial best) {
        Look end = end(best);
        double first = Quartiles.of(start.slopes().own(live)).middle() / best.factor();
        double last =
                end == null ? Double.NaN : Quartiles.of(end.slopes().own(live)).middle();
        return Math.exp(DoubleStream.of(first, last)
                .filter(rate -> rate > 0 && Double.isFinite(rate))
                .map(Math::log)
                .average()
                .orElse(Double.NaN));
    }
}

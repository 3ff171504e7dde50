package io.etastar.audit;

import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.training.Rehearsal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs from one state with several rates, on the same batches.
 *
 * @param rehearsal what is run
 * @param steps of a run
 * @param made runs so far, in their order
 */
record Trials(Rehearsal rehearsal, int steps, List<Trial> made) {
    Trials(Rehearsal rehearsal, int steps) {
        this(rehearsal, steps, new ArrayList<>());
    }

    /** Runs with a multiple of the job's rate. */
    Trial run(double factor) {
        List<double[]> trace = new ArrayList<>();
        trace.add(losses(rehearsal.start()));
        Trial trial = traced(factor, trace, rehearsal.start(), Trial.CHECKS);
        made.add(trial);
        return trial;
    }

    /** The run going on for as many steps as it had; its measurements are those of both halves. */
    Trial longer(Trial trial) {
        List<double[]> trace = new ArrayList<>(trial.trace());
        return traced(trial.factor(), trace, trial.end(), 2 * Trial.CHECKS);
    }

    /** Goes on until there are so many measurements after the first. */
    private Trial traced(double factor, List<double[]> trace, Rehearsal.@Nullable Position from, int checks) {
        Rehearsal.@Nullable Position position = from;
        for (int check = trace.size(); check <= checks && position != null; check++) {
            int count = done(check) - done(check - 1);
            position = rehearsal.after(position, factor * rehearsal.rate(), count);
            if (position != null) {
                trace.add(losses(position));
                position = finite(trace.get(check)) ? position : null;
            }
        }
        return new Trial(factor, List.copyOf(trace), means(trace, checks), last(trace, checks), position);
    }

    private int done(int check) {
        return (int) Math.round((double) check * steps / Trial.CHECKS);
    }

    /** Of each batch of rows apart. */
    private double[] losses(Rehearsal.Position position) {
        return rehearsal
                .each(rehearsal.type(), new Quantity.Loss(), rehearsal.apart(), Point.at(position.model()))
                .stream()
                .filter(sum -> sum.samples() > 0)
                .mapToDouble(LossSum::meanLoss)
                .map(loss -> loss * rehearsal.lossUnit())
                .toArray();
    }

    private static boolean finite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    private static double[] means(List<double[]> trace, int checks) {
        double[] means = new double[checks + 1];
        Arrays.fill(means, Double.POSITIVE_INFINITY);
        for (int i = 0; i < trace.size(); i++) {
            double mean = Arrays.stream(trace.get(i)).average().orElseThrow();
            means[i] = Double.isFinite(mean) ? mean : Double.POSITIVE_INFINITY;
        }
        return means;
    }

    private static double[] last(List<double[]> trace, int checks) {
        double[] last = new double[trace.get(0).length];
        if (trace.size() <= checks || !finite(trace.get(checks))) {
            Arrays.fill(last, Double.POSITIVE_INFINITY);
            return last;
        }
        Arrays.setAll(
                last,
                batch -> trace.subList(trace.size() - Trial.LAST, trace.size()).stream()
                        .mapToDouble(losses -> losses[batch])
                        .average()
                        .orElseThrow());
        return last;
    }
}

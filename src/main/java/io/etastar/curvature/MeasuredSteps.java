package io.etastar.curvature;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Losses measured after the steps theta_s - f eta*_s u_s for fractions f of solved rates eta*, beside the decrease that eta*'s own
 * model predicts: what says whether rates may be taken, as a prediction is right near f = 0 alone.
 *
 * @param predicted decrease for each fraction, {@link PredictedDecrease#ofModel} [fractions]; shared
 * @param rows losses of the rows that the rates were solved on
 * @param others losses of rows that had no part in the rates; null if there are none
 * @param rounding of a loss, relative: a smaller change is none
 */
public record MeasuredSteps(
        double[] predicted, Losses rows, @Nullable Losses others, double rounding) {
    private static final double[] FRACTIONS = {1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625};

    /** The fractions f, falling: 1, 1/2, ..., 1/64; a copy. */
    public static double[] fractions() {
        return FRACTIONS.clone();
    }

    /**
     * Mean losses of a set of rows.
     *
     * @param before at theta
     * @param after the steps [fractions]; shared
     */
    public record Losses(double before, double[] after) {
        /** Decrease of the mean loss by the step of fraction number {@code i}; below 0 if the loss rises. */
        public double decrease(int i) {
            return before - after[i];
        }
    }

    /**
     * Fraction of eta* to take: of those that lower the loss of all sets of rows, the one that lowers it most, on the other rows if
     * there are some; 0 if there is none.
     */
    public double take() {
        int best = best();
        return best < 0 ? 0 : FRACTIONS[best];
    }

    /** The mean loss after the step of {@link #take}, on the other rows if there are some; NaN if nothing is to be taken. */
    public double lossTaken() {
        int best = best();
        return best < 0 ? Double.NaN : judged().after[best];
    }

    private Losses judged() {
        return others == null ? rows : others;
    }

    private int best() {
        int best = -1;
        for (int i = 0; i < FRACTIONS.length; i++) {
            boolean lower = lowers(rows, i) && (others == null || lowers(others, i));
            if (lower && (best < 0 || judged().after[i] < judged().after[best])) {
                best = i;
            }
        }
        return best;
    }

    private boolean lowers(Losses losses, int i) {
        return losses.decrease(i) > rounding * Math.abs(losses.before);
    }

    /** What to do with eta*, in one line. */
    public String verdict() {
        int best = best();
        if (best > 0) {
            String last = best == FRACTIONS.length - 1 ? ", less was not tried" : "";
            return "take " + part(best) + " of eta*: " + change(best) + "; all of it gives " + number(rows.after[0])
                    + last;
        }
        if (best == 0) {
            return "take eta*: " + change(0);
        }
        boolean lower = IntStream.range(0, FRACTIONS.length).anyMatch(i -> lowers(rows, i));
        if (lower) {
            return "take none of it: the step fits these rows alone, on other rows the loss of "
                    + number(judged().before) + " becomes at least " + number(least(judged()));
        }
        return "take none of it: the loss of " + number(rows.before) + " becomes at least " + number(least(rows))
                + ", down to " + part(FRACTIONS.length - 1) + " of eta*";
    }

    private static double least(Losses losses) {
        return Arrays.stream(losses.after).min().orElse(Double.NaN);
    }

    private String change(int i) {
        String change = "loss " + number(rows.before) + " -> " + number(rows.after[i]);
        return others == null
                ? change
                : change + ", on other rows " + number(others.before) + " -> " + number(others.after[i]);
    }

    /** A fraction as a person writes it: 1/4. */
    public static String part(int i) {
        return i == 0 ? "1" : "1/" + Math.round(1 / FRACTIONS[i]);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}

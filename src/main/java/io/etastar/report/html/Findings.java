package io.etastar.report.html;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What is odd about a run, a sentence each: subsets that stand still, solved rates below 0, losses that grow. */
final class Findings {
    private static final double GROWTH = 10;
    /** A loss that grew is odd if it is at least this share of the first one: losses near 0 are noise. */
    private static final double NOTICEABLE = 0.01;

    private static final double TEST_RISE = 1.1;
    private static final int LEAST_SUMMARIES = 3;
    private static final int LEAST_EPOCHS_BEHIND = 2;
    private static final int MOST_NAMES = 5;
    private static final int PARTS = 10;

    private final List<String> sentences = new ArrayList<>();

    private Findings() {}

    /** The sentences; none if nothing is odd. */
    static List<String> of(StepHistory steps, SummaryHistory summaries) {
        Findings findings = new Findings();
        findings.rates(summaries);
        findings.growth(steps);
        findings.overfitting(steps);
        return findings.sentences;
    }

    private void rates(SummaryHistory summaries) {
        int count = summaries.points().size();
        if (count < LEAST_SUMMARIES) {
            return;
        }
        List<String> names = summaries.names();
        String of = count + (count < summaries.count() ? " summaries that were looked at" : " summaries");
        List<String> still = new ArrayList<>();
        List<String> negative = new ArrayList<>();
        for (int s = 0; s < names.size(); s++) {
            int subset = s;
            long below = summaries.points().stream()
                    .filter(point -> at(point.eta(), subset) < 0)
                    .count();
            if (summaries.points().stream().allMatch(point -> at(point.learningRates(), subset) == 0)) {
                still.add(names.get(s));
            } else if (2 * below >= count) {
                negative.add(named(names.get(s)) + " in " + below + " of " + of);
            }
        }
        if (!still.isEmpty()) {
            List<String> named = still.stream().map(Findings::named).toList();
            sentences.add(capital(listed(named)) + " did not move: "
                    + (still.size() == 1 && !plural(still.get(0)) ? "its rate was" : "their rates were") + " 0 in all "
                    + of
                    + ".");
        }
        if (!negative.isEmpty()) {
            sentences.add(
                    "eta* was negative for " + listed(negative) + ": the solution went against these directions.");
        }
    }

    private static double at(double[] values, int s) {
        return values == null || values.length <= s ? Double.NaN : values[s];
    }

    private static boolean plural(String name) {
        return name.equals("weights") || name.equals("biases");
    }

    private static String named(String name) {
        return name.startsWith("subset ") ? name : (plural(name) ? "the " : "subset ") + name;
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String listed(List<String> all) {
        if (all.size() > MOST_NAMES + 1) {
            return String.join(", ", all.subList(0, MOST_NAMES)) + " and " + (all.size() - MOST_NAMES) + " others";
        }
        String last = all.get(all.size() - 1);
        return all.size() == 1 ? last : String.join(", ", all.subList(0, all.size() - 1)) + " and " + last;
    }

    /** Of the means of epochs, or of parts of a run of one epoch. */
    private void growth(StepHistory steps) {
        double[] ofEpochs = steps.ofEpochs("train_loss");
        if (ofEpochs.length > 1) {
            growth(ofEpochs, i -> "epoch " + (i + 1));
        } else {
            growth(steps.lossesOfParts(PARTS), i -> "steps " + steps.stepsOfPart(i, PARTS));
        }
    }

    private void growth(double[] losses, IntFunction<String> place) {
        int least = 0;
        for (int i = 1; i < losses.length; i++) {
            if (losses[i] < losses[least]) {
                least = i;
            } else if (losses[least] > 0 && losses[i] > GROWTH * losses[least] && losses[i] > NOTICEABLE * losses[0]) {
                sentences.add("The training loss grew more than tenfold: from " + Numbers.text(losses[least]) + " in "
                        + place.apply(least) + " to " + Numbers.text(losses[i]) + " in " + place.apply(i) + ".");
                return;
            }
        }
    }

    private void overfitting(StepHistory steps) {
        double[] test = steps.ofEpochs("test_loss");
        double[] train = steps.ofEpochs("train_loss");
        if (test.length == 0 || Arrays.stream(test).anyMatch(Double::isNaN)) {
            return;
        }
        int last = test.length - 1;
        int best = IntStream.rangeClosed(0, last).reduce(0, (a, b) -> test[b] < test[a] ? b : a);
        if (last - best >= LEAST_EPOCHS_BEHIND
                && test[best] > 0
                && Math.min(test[last], test[last - 1]) > TEST_RISE * test[best]
                && train[last] < train[best]) {
            sentences.add("The test loss rose from " + Numbers.text(test[best]) + " in epoch " + (best + 1) + " to "
                    + Numbers.text(test[last]) + " in epoch " + (last + 1) + " while the training loss fell from "
                    + Numbers.text(train[best]) + " to " + Numbers.text(train[last]) + ": the model overfits.");
        }
    }
}

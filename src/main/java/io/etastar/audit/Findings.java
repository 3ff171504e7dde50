package io.etastar.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sentences of an audit.
 *
 * @param tensors of the model
 * @param start slopes of the next step
 * @param kept slopes after the run of the job's own rate; null if that is not finite
 * @param end slopes after the best run; null if that is not finite
 * @param trials all runs, that of the job's own rate first
 * @param best of them
 */
record Findings(
        Tensors tensors,
        Slopes start,
        @Nullable Slopes kept,
        @Nullable Slopes end,
        Trials trials,
        Trial best) {
    private static final double STRONG = 0.5;
    private static final int MOST_LAYERS = 3;
    /** A layer is told if its rate is so many times that of the rest in three batches of four: smaller factors are in any network. */
    private static final double DIFFERENT = 10;

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        if (tensors.live().length > 0) {
            findings.add(best.factor() == 1 ? ownRate() : otherRate());
        }
        findings.addAll(still());
        findings.addAll(differing());
        findings.addAll(interactions());
        return findings;
    }

    private Trial first() {
        return trials.made().get(0);
    }

    private String etaStar() {
        Slopes later = kept;
        String first = Figures.of(Quartiles.of(start.own(tensors.live()))) + " of it";
        return later == null
                ? first
                : first + ", "
                        + Figures.of(Quartiles.of(later.own(tensors.live())).middle(), 3) + " after " + trials.steps()
                        + " steps with it";
    }

    private Finding ownRate() {
        String sentence = "Keep the rate: eta* along the optimizer's step is " + etaStar() + "; after " + trials.steps()
                + " steps it leaves a loss of " + loss(first()) + " on other rows";
        Trial other = trials.made().stream()
                .skip(1)
                .min(Comparator.comparingDouble(Trial::finalLoss))
                .orElse(null);
        if (other != null) {
            sentence += ", the best of " + (trials.made().size() - 1) + " others (" + rate(other) + ") " + loss(other);
        }
        return new Finding(Finding.Kind.KEEP, tensors.names(tensors.live()), sentence + ".");
    }

    private Finding otherRate() {
        boolean lower = best.factor() < 1;
        long reached = Math.round(best.part(first()) * trials.steps());
        boolean known = Double.isFinite(first().finalLoss());
        String sentence = "All tensors step too " + (lower ? "far" : "short") + ": eta* along the optimizer's step is "
                + etaStar()
                + "; with " + rate(best) + ", " + Figures.of(best.factor(), 3)
                + " of the rate, other rows have a loss of "
                + loss(best) + " after " + trials.steps() + " steps, for " + loss(first()) + " with the job's"
                + (known && reached > 0 ? ", which they reach after " + reached : "") + ".";
        Finding.Kind kind = lower ? Finding.Kind.TOO_FAR : Finding.Kind.TOO_SHORT;
        return new Finding(kind, tensors.names(tensors.live()), sentence, best.factor());
    }

    private String rate(Trial trial) {
        return "optimizer.lr = "
                + Figures.of(trial.factor() * trials.rehearsal().rate(), 3);
    }

    private static String loss(Trial trial) {
        return Double.isFinite(trial.finalLoss()) ? Figures.of(trial.finalLoss(), 4) : "no finite one";
    }

    private List<Finding> still() {
        List<Finding> findings = new ArrayList<>();
        List<String> still = tensors.names(tensors.still());
        if (!still.isEmpty()) {
            String sentence = String.join(", ", still) + " stand" + (still.size() > 1 ? "" : "s")
                    + " still: the optimizer's step is 0 there, though the loss depends on "
                    + (still.size() > 1 ? "them." : "it.");
            findings.add(new Finding(Finding.Kind.STANDS_STILL, still, sentence));
        }
        List<String> flat = tensors.names(tensors.flat());
        if (!flat.isEmpty()) {
            String sentence = "No slope: " + String.join(", ", flat)
                    + ", derivatives are 0 or below rounding, and no rate matters.";
            findings.add(new Finding(Finding.Kind.NO_SLOPE, flat, sentence));
        }
        return findings;
    }

    /**
     * A layer whose own rates are not those of the rest.
     *
     * @param tensors of it
     * @param first its eta* over that of the rest, before the first step
     * @param last after the best run
     */
    private record Layer(int[] tensors, Quartiles first, Quartiles last) {
        boolean differs() {
            return first.low() > DIFFERENT && last.low() > DIFFERENT
                    || first.high() < 1 / DIFFERENT && last.high() < 1 / DIFFERENT;
        }

        double size() {
            return Math.abs(Math.log(last.middle()));
        }
    }

    private List<Finding> differing() {
        Slopes last = end;
        if (last == null) {
            return List.of();
        }
        return tensors.layers().stream()
                .map(layer -> layer.stream().mapToInt(s -> s).toArray())
                .filter(layer -> layer.length < tensors.live().length)
                .map(layer -> new Layer(layer, ratio(start, layer), ratio(last, layer)))
                .filter(Layer::differs)
                .sorted(Comparator.comparingDouble(layer -> -layer.size()))
                .limit(MOST_LAYERS)
                .map(this::differs)
                .toList();
    }

    private Quartiles ratio(Slopes slopes, int... layer) {
        int[] rest = IntStream.of(tensors.live())
                .filter(s -> IntStream.of(layer).noneMatch(t -> t == s))
                .toArray();
        double[] own = slopes.own(layer);
        double[] others = slopes.own(rest);
        return Quartiles.of(IntStream.range(0, own.length)
                .mapToDouble(i -> bounded(own[i]) / bounded(others[i]))
                .toArray());
    }

    private static double bounded(double rate) {
        return Math.min(Math.max(rate, 1e-12), 1e12);
    }

    private Finding differs(Layer layer) {
        List<String> names = tensors.names(layer.tensors);
        String sentence = String.join(", ", names) + " could step " + (layer.last.middle() > 1 ? "further" : "less far")
                + " than the rest: eta* over that of the rest is " + Figures.of(layer.first) + ", and "
                + Figures.of(layer.last) + " after " + trials.steps() + " steps. optimizer.lr is one rate for all;"
                + " optimizer.name = newton-summary solves one for each.";
        return new Finding(Finding.Kind.DIFFERS, names, sentence);
    }

    private List<Finding> interactions() {
        double[][] c = start.interactions();
        int first = 0;
        int second = 0;
        int strong = 0;
        double most = STRONG;
        for (int s = 0; s < c.length; s++) {
            for (int t = 0; t < s; t++) {
                strong += Math.abs(c[s][t]) > STRONG ? 1 : 0;
                if (Math.abs(c[s][t]) > most) {
                    most = Math.abs(c[s][t]);
                    first = t;
                    second = s;
                }
            }
        }
        if (strong == 0) {
            return List.of();
        }
        List<String> names = tensors.names(first, second);
        String sentence = names.get(0) + " and " + names.get(1) + " interact most: H_st / sqrt(H_ss H_tt) is "
                + Figures.of(c[second][first], 2) + "; " + strong + " of " + c.length * (c.length - 1) / 2
                + " pairs are beyond " + STRONG + ".";
        return List.of(new Finding(Finding.Kind.INTERACTS, names, sentence));
    }
}

package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;
import java.util.List;

/** Settings of the newton-summary optimizer. */
public record NewtonSettings(
        @Key.Flat Summary summary,
        @Key.Flat Smoothing smoothing,
        @Key.Flat Solve solve,
        AverageSettings average,
        PlateauSettings plateau)
        implements Serializable {
    /** When a summary is taken, and along what. */
    public record Summary(
            @Key(
                    value = Preset.DEFAULT,
                    doc =
                            "newton-summary: defaults of other keys; solved solves for the lengths of the steps, needs no decay"
                                    + " and no damping for the batch, and averages the parameters; the others are the rule of arXiv"
                                    + " 2312.03885, with values of this project, of its first or of its later versions")
            Preset preset,

            @Key(value = "30", min = 1, doc = "newton-summary: steps between two summaries")
            int period,

            @Key(
                    value = "current",
                    oneOf = {"current", "previous"},
                    doc = "newton-summary: direction of a summary: the step's own, or that of the step before, with"
                            + " which the gradient and the summary of a step are one Spark job")
            String summaryDirection,

            @Key(value = "false", doc = "newton-summary: whether the direction is brought to norm 1 in each subset")
            boolean normalise,

            @Key(
                    value = "hessian",
                    oneOf = {"hessian", "ggn"},
                    doc = "newton-summary: second derivatives of a summary: those of the loss, or the generalised"
                            + " Gauss-Newton matrix, which is never negative and takes about half of the time")
            String curvature,

            @Key(
                    value = "true",
                    doc =
                            "preset solved: whether steps are shortened to the share of the promised decrease that other"
                                    + " rows confirm; by default they are, but not along Muon's direction in models with batch norm")
            boolean confirm)
            implements Serializable {}

    /** From solutions to learning rates: damping lambda_1, smoothing rho. */
    public record Smoothing(
            @Key(
                    value = "0.35",
                    above = 0,
                    doc =
                            "newton-summary: factor on the solved lengths or learning rates; of the latter, preset published"
                                    + " has 0.4, which suits batches of 100 or so, while 1 suits those of 500 and more")
            double damping,

            @Key(
                    value = "0.86",
                    min = 0,
                    below = 1,
                    doc = "published rules: share of the old learning rates kept at each summary")
            double momLrs,

            @Key(
                    value = "2.0",
                    min = 0,
                    doc = "newton-summary: most length of an undamped step over the one that averages of the summaries'"
                            + " derivatives take; 0 for no bound")
            double rateBound,

            @Key(value = "true", doc = "newton-summary: whether negative learning rates are replaced by 0")
            boolean removeNegative,

            @Key(
                    value = "true",
                    doc = "newton-summary: whether solutions are smoothed as they are and clipped for use, else clipped"
                            + " and then smoothed")
            boolean maintain,

            @Key(
                    oneOf = {"zero", "previous"},
                    doc = "newton-summary: learning rates after a summary without a solution; by default zero, with"
                            + " average.kind uniform previous")
            String onFailure)
            implements Serializable {}

    /** The system that is solved: dampingInt is lambda_int, the weight of the cubic term. */
    public record Solve(
            @Key(
                    value = "cubic",
                    oneOf = {"cubic", "ridge", "anisotropic-ridge", "newton"},
                    doc = "newton-summary: eta* = (H + damping_int/2 |D eta| D^2)^-1 g, (H + ridge I)^-1 g,"
                            + " (H + ridge D^2)^-1 g or H^-1 g")
            String solve,

            @Key(value = "1.0", min = 0, doc = "newton-summary: weight of the cubic term")
            double dampingInt,

            @Key(
                    value = "0.0",
                    min = 0,
                    doc =
                            "solve ridge and newton-stochastic-hv: added to the diagonal of H; anisotropic-ridge: factor of D^2")
            double ridge,

            @Key(value = "false", doc = "newton-summary: whether interactions are left out: only the diagonal of H")
            boolean diagonal)
            implements Serializable {}

    /** Averages of (H, g, order3) over summaries. */
    public record AverageSettings(
            @Key(
                    value = "none",
                    oneOf = {"none", "moving", "uniform"},
                    doc = "newton-summary: average of (H, g, order3) over summaries")
            String kind,

            @Key(
                    value = "0.9",
                    min = 0,
                    below = 1,
                    doc = "moving: share of the old (H, g, order3) kept at each summary")
            double decay,

            @Key(value = "0.0", min = 0, below = 1, doc = "moving: share of the old D kept at each summary")
            double decayD,

            @Key(
                    value = "3",
                    min = 1,
                    doc = "uniform: summaries of a block; the average is over the block before and the current one")
            int period,

            @Key(value = "0", min = 0, doc = "summaries before the first step")
            int warmup)
            implements Serializable {}

    /**
     * Reduction of a damping at the end of an epoch whose mean training loss is no better than the best by the relative
     * threshold, more than {@code patience} times in a row.
     */
    public record PlateauSettings(
            @Key(
                    value = "none",
                    oneOf = {"none", "damping", "damping_int"},
                    doc = "newton-summary: what is multiplied when the training loss of an epoch is no better than the"
                            + " best")
            String of,

            @Key(value = "0.5", above = 0, doc = "factor") double factor,

            @Key(value = "0", min = 0, doc = "epochs without improvement before the reduction")
            int patience,

            @Key(value = "1.0e-4", min = 0, below = 1, doc = "relative improvement that counts")
            double threshold)
            implements Serializable {}

    /** Keys under {@code optimizer.}, or beginnings of them, that the published rule alone reads. */
    private static final List<String> OF_PUBLISHED = List.of(
            "mom_lrs",
            "summary_direction",
            "normalise",
            "rate_bound",
            "remove_negative",
            "maintain",
            "on_failure",
            "solve",
            "damping_int",
            "ridge",
            "diagonal",
            "average.",
            "plateau.");

    /** Whether the published rule alone reads a key of the job file. */
    static boolean isOfPublished(String key) {
        return OF_PUBLISHED.stream()
                .map(name -> "optimizer." + name)
                .anyMatch(name -> name.endsWith(".") ? key.startsWith(name) : key.equals(name));
    }

    /** Whether lengths of steps are solved for, by {@code preset}. */
    public boolean isSolved() {
        return summary.preset() == Preset.SOLVED;
    }

    /**
     * Whether a summary is along the direction of the step before, which is known before the gradient: both are then one pass.
     */
    public boolean previousDirection() {
        return summary.summaryDirection().equals("previous");
    }

    /** Whether the old learning rates stay after a summary without a solution; else they become 0. */
    public boolean keepsRatesOnFailure() {
        String choice = smoothing.onFailure();
        return choice == null ? average.kind().equals("uniform") : choice.equals("previous");
    }
}

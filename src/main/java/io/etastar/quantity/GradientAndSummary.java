package io.etastar.quantity;

/**
 * Gradient and derivative summary of one pass.
 *
 * @param gradient over the training batch; null if a shard has none of its rows
 * @param summary over the summary batch; null if a shard has none of its rows
 */
public record GradientAndSummary(GradientSum gradient, DerivativeSummary summary) implements Sum<GradientAndSummary> {
    /** Both; null if both are. */
    public static GradientAndSummary of(GradientSum gradient, DerivativeSummary summary) {
        return gradient == null && summary == null ? null : new GradientAndSummary(gradient, summary);
    }

    /** Adds {@code other}; the parts of either may be changed in place. */
    @Override
    public GradientAndSummary merge(GradientAndSummary other) {
        GradientSum gradients = gradient == null || other.gradient == null
                ? gradient == null ? other.gradient : gradient
                : gradient.merge(other.gradient);
        DerivativeSummary summaries = summary == null || other.summary == null
                ? summary == null ? other.summary : summary
                : summary.merge(other.summary);
        return new GradientAndSummary(gradients, summaries);
    }
}

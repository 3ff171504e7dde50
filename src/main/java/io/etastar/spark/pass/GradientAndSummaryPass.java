package io.etastar.spark.pass;

import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientAndSummary;
import io.etastar.quantity.GradientSum;

/**
 * Gradient and summary of a shard in one task.
 *
 * @param at place and direction of the summary, with its seed
 * @param seed of the gradient, or null
 * @param gradient over the training batch
 * @param summary over the summary batch
 */
record GradientAndSummaryPass(
        Point at, Long seed, EnginePass<GradientSum> gradient, EnginePass<DerivativeSummary> summary)
        implements ShardCall<GradientAndSummary> {
    @Override
    public GradientAndSummary apply(ShardContext on) {
        GradientSum gradients = gradient.at(at.with(null, seed), on);
        DerivativeSummary summaries = summary.at(at, on);
        return gradients == null && summaries == null ? null : new GradientAndSummary(gradients, summaries);
    }
}

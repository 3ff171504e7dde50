package io.etastar.spark;

import io.etastar.summary.DerivativeSummary;
import io.etastar.summary.GradientAndSummary;
import io.etastar.summary.GradientSum;

/**
 * Gradient and summary of a shard in one task: what the driver sends goes out once.
 *
 * @param gradient over the training batch, its seed that of the point
 * @param summary over the summary batch
 * @param summarySeed of the summary's pass, or null
 */
record GradientAndSummaryPass(EnginePass<GradientSum> gradient, EnginePass<DerivativeSummary> summary, Long summarySeed)
        implements ShardCall<EnginePass.Point, GradientAndSummary> {
    @Override
    public GradientAndSummary apply(ShardContext<EnginePass.Point> on) {
        GradientSum gradients = gradient.apply(on);
        DerivativeSummary summaries = summary.at(on, summarySeed);
        return gradients == null && summaries == null ? null : new GradientAndSummary(gradients, summaries);
    }
}

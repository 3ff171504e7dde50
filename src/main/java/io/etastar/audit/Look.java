package io.etastar.audit;

import io.etastar.curvature.RoundingErrors;
import io.etastar.optimizer.Subsets;
import io.etastar.partition.Partition;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.tensor.DType;
import io.etastar.training.Rehearsal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A look at an optimizer's next step: what it subtracts, and the derivatives along that on batches other than the step's own.
 *
 * @param theta parameters before the step [P]
 * @param step what it subtracts [P]
 * @param judged batches of the derivatives
 * @param slopes derivatives in double precision
 */
record Look(double[] theta, double[] step, List<Batch> judged, Slopes slopes) {
    /**
     * Looks.
     *
     * @param at where the step is made
     * @param rate of it
     * @param batches most batches to judge on
     * @return null if the step, or a derivative, is not finite
     */
    static @Nullable Look of(Rehearsal rehearsal, Rehearsal.Position at, double rate, int batches) {
        Rehearsal.Position next = rehearsal.after(at, rate, 1);
        if (next == null) {
            return null;
        }
        double[] step = at.theta().clone();
        for (int p = 0; p < step.length; p++) {
            step[p] -= next.theta()[p];
        }
        List<Batch> judged = rehearsal.besides(at.step(), batches);
        Point<double[]> point = Point.along(at.theta(), step);
        List<DerivativeSummary> means =
                rehearsal.each(DType.DOUBLE, new Quantity.Summary(rehearsal.tensors()), judged, point).stream()
                        .filter(sum -> sum.samples() > 0)
                        .map(DerivativeSummary::mean)
                        .toList();
        boolean finite = means.stream().allMatch(Look::isFinite);
        return means.isEmpty() || !finite ? null : new Look(at.theta(), step, judged, new Slopes(means));
    }

    private static boolean isFinite(DerivativeSummary mean) {
        double sum = mean.loss();
        for (double value : mean.derivatives()) {
            sum += Math.abs(value);
        }
        return Double.isFinite(sum);
    }

    /** Tensors whose derivatives are 0 or below the rounding of their own sums [S]. */
    boolean[] flat(Rehearsal rehearsal) {
        Partition tensors = rehearsal.tensors();
        return RoundingErrors.subsets(
                tensors,
                derivatives(rehearsal, DType.DOUBLE, tensors),
                derivatives(rehearsal, DType.FLOAT, tensors),
                RoundingErrors.DOUBLE);
    }

    private RoundingErrors.Derivatives derivatives(Rehearsal rehearsal, DType type, Partition tensors) {
        Point<double[]> along = Point.along(theta, Subsets.normalised(tensors, step));
        GradientSum gradient = sum(rehearsal.each(type, new Quantity.Gradient(), judged, Point.at(theta)));
        DerivativeSummary summary = sum(rehearsal.each(type, new Quantity.Summary(tensors), judged, along));
        return new RoundingErrors.Derivatives(
                gradient.meanGradient(), summary.mean().h());
    }

    private static <T extends Sum<T>> T sum(List<T> sums) {
        return sums.stream().reduce(Sum::merge).orElseThrow();
    }
}

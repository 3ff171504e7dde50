package io.etastar.experiment.comparison;

import io.etastar.UserError;
import io.etastar.graph.Model;
import io.etastar.optimizer.newton.SolvedLengths;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.settings.OptimizerSettings;
import io.etastar.taylor.OperationCount;
import io.etastar.training.TrainingPlan;
import java.util.function.LongUnaryOperator;

/**
 * What the steps of an optimizer cost in gradient passes, the gradient of one row being one. A summary of a row counts as the operations of
 * its products over those of a gradient, slopes along a direction as a gradient, a loss as a third of one. Arithmetic on
 * parameters alone counts nothing.
 *
 * @param batch passes of a step's gradient
 * @param summary passes of a summary and of what comes with it
 * @param first passes of the first summary beyond those of another one
 * @param summaries summaries in the first steps
 */
record PassCount(double batch, double summary, double first, LongUnaryOperator summaries) {
    private static final double LOSS = 1 / 3.0;

    /**
     * The count of a plan's steps.
     *
     * @throws UserError if it is not known what the optimizer's steps cost
     */
    static PassCount of(TrainingPlan plan) {
        OptimizerSettings settings = plan.method().optimizer().settings();
        int batch = plan.batches().size();
        int rows = plan.batches().summarySize();
        return switch (settings.name()) {
            case NEWTON_SUMMARY -> newton(plan, settings, batch, rows);
            case GEN -> gen(plan, settings, batch, rows);
            case SGD, ADAM, ADAMW, NADAMW, RMSPROP, YOGI, LARS, MUON, SCHEDULE_FREE_ADAMW, PRODIGY, D_ADAPTED_ADAM ->
                new PassCount(batch, 0, 0, steps -> 0);
            default ->
                throw new UserError(
                        UserError.Subject.setting("optimizer.name"),
                        settings.name(),
                        "an optimizer whose gradient passes are counted: newton-summary, gen or a fixed rate other than k-fac's");
        };
    }

    private static PassCount newton(TrainingPlan plan, OptimizerSettings settings, int batch, int rows) {
        int period = settings.newton().summary().period();
        Model model = plan.model().build();
        Partition partition = new Partition(model.layout(), plan.method().groups());
        Curvature curvature = Curvature.of(settings.newton().summary().curvature());
        double row = ratio(model, partition, curvature);
        if (!settings.newton().isSolved()) {
            return new PassCount(batch, rows * row, 0, steps -> every(period, steps));
        }
        long others = settings.newton().summary().confirm() ? SolvedLengths.otherRows(batch) : 0;
        long later = SolvedLengths.summaryRows(batch, partition.size(), false);
        long more = SolvedLengths.summaryRows(batch, partition.size(), true) - later;
        return new PassCount(
                batch, row * later + others, row * more, steps -> every(period, steps) + early(period, steps));
    }

    private static PassCount gen(TrainingPlan plan, OptimizerSettings settings, int batch, int rows) {
        int period = settings.gen().period();
        if (settings.gen().kind().equals("approximate")) {
            return new PassCount(batch, rows * LOSS * settings.gen().points(), 0, steps -> every(period, steps));
        }
        Model model = plan.model().build();
        Partition partition = settings.gen().kind().equals("subsets")
                ? new Partition(model.layout(), plan.method().groups())
                : Partitions.parse("trivial", model.layout());
        return new PassCount(
                batch, rows * ratio(model, partition, Curvature.HESSIAN), 0, steps -> every(period, steps));
    }

    private static double ratio(Model model, Partition partition, Curvature curvature) {
        return OperationCount.summary(model, partition, curvature) / OperationCount.gradient(model);
    }

    /** Multiples of the period among the steps from 0 on. */
    private static long every(int period, long steps) {
        return (steps + period - 1) / period;
    }

    /** Powers of two below the period among the steps from 0 on. */
    private static long early(int period, long steps) {
        long count = 0;
        for (long step = 1; step < Math.min(period, steps); step *= 2) {
            count++;
        }
        return count;
    }

    /** Passes of the first {@code steps} steps. */
    double passes(long steps) {
        return passes(steps, summaries.applyAsLong(steps));
    }

    /** Most steps that cost no more than so many passes, at least one. */
    long steps(double passes) {
        long low = 1;
        long high = Math.max(1, (long) Math.floor(passes / batch));
        while (low < high) {
            long middle = (low + high + 1) / 2;
            if (passes(middle) <= passes) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Passes of so many steps with so many summaries. */
    double passes(long steps, long made) {
        return steps * batch + made * summary + (made > 0 ? first : 0);
    }
}

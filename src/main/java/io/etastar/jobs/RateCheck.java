package io.etastar.jobs;

import io.etastar.curvature.MeasuredSteps;
import io.etastar.curvature.PredictedDecrease;
import io.etastar.curvature.RoundingErrors;
import io.etastar.data.Shard;
import io.etastar.optimizer.Subsets;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.LossSum;
import io.etastar.report.SummaryFile;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Finds out which of a summary's rates may be taken: what is below rounding, and what steps do to the loss. */
final class RateCheck {
    /** Rows from which two halves are compared. */
    private static final int LEAST = 64;

    private static final double DOUBLE_ROUNDING = 1e-12;
    private static final double SINGLE_ROUNDING = 1e-6;

    private final JavaSparkContext context;
    private final SummaryProblem problem;
    private final BackendChoice backend;
    private final int partitions;

    RateCheck(JavaSparkContext context, SummaryProblem problem, BackendChoice backend, int partitions) {
        this.context = context;
        this.problem = problem;
        this.backend = backend;
        this.partitions = partitions;
    }

    /**
     * Rows that rates are measured on besides those of the summary.
     *
     * @param name for people
     * @param rows that have no part in the rates
     * @param solvedOn rows whose rates are measured; null for those of the summary
     */
    record Others(String name, Shard rows, Shard solvedOn) {
        /** One half of the rows, with the other half's rates; null if there are too few. */
        static Others halves(Shard rows) {
            return rows.rows() < LEAST
                    ? null
                    : new Others("every second row, with the rates of the rest", half(rows, 1), half(rows, 0));
        }

        private static Shard half(Shard rows, int first) {
            return rows.pick(
                    IntStream.range(0, rows.rows()).filter(i -> i % 2 == first).toArray());
        }
    }

    /** Passes over rows; close them. */
    SummaryPasses passes(Shard rows) {
        return new SummaryPasses(context, problem, backend, rows, partitions);
    }

    /**
     * Subsets whose derivatives are 0 or below rounding [S].
     *
     * @param passes over the rows
     */
    boolean[] belowRounding(SummaryPasses passes, Shard rows, double[] direction) {
        Partition partition = problem.partition();
        double[] unit = Subsets.normalised(partition, direction);
        boolean single = rows.features().type() == DType.FLOAT;
        DType type = single ? DType.DOUBLE : DType.FLOAT;
        Shard same = new Shard(
                rows.rows(),
                RawArray.copyOf(type, rows.features().toDoubles()),
                RawArray.copyOf(type, rows.targets().toDoubles()),
                rows.weights());
        try (SummaryPasses other = passes(same)) {
            double relativeRoundoff = single ? 1 : RoundingErrors.DOUBLE;
            return RoundingErrors.subsets(
                    partition, derivatives(passes, unit), derivatives(other, unit), relativeRoundoff);
        }
    }

    private static RoundingErrors.Derivatives derivatives(SummaryPasses passes, double[] unit) {
        return new RoundingErrors.Derivatives(
                passes.gradient(), passes.summary(unit).h());
    }

    /**
     * Rates and where their steps are measured.
     *
     * @param mean summary that the rates are solved from
     * @param direction that it is along
     * @param measuredOn rows whose losses are asked for
     */
    record Side(DerivativeSummary mean, double[] direction, SummaryPasses measuredOn) {
        private MeasuredSteps.Losses losses(Partition partition, double damping) {
            double[] eta = SummaryFile.Solution.of(mean, damping).eta();
            double[] fractions = MeasuredSteps.fractions();
            double[] after = new double[fractions.length];
            double[] rates = new double[fractions.length + 1];
            System.arraycopy(fractions, 0, rates, 1, fractions.length);
            double[] step = new double[direction.length];
            if (eta != null) {
                // Taken off zeros, the rates below 0: eta_s u_s.
                Subsets.move(
                        partition,
                        step,
                        direction,
                        Arrays.stream(eta).map(rate -> -rate).toArray());
            }
            LossSum[] sums = measuredOn.losses(step, rates);
            Arrays.setAll(after, i -> eta == null ? Double.NaN : sums[i + 1].meanLoss());
            return new MeasuredSteps.Losses(sums[0].meanLoss(), after);
        }
    }

    /**
     * Solves for each damping and measures.
     *
     * @param rows the rows of the summary, on both sides
     * @param others other rows with the same rates, or with those of a part of the rows; null if there are none
     */
    List<SummaryFile.Solution> solutions(Side rows, Side others, SummaryOptions options) {
        double rounding = options.type() == DType.DOUBLE ? DOUBLE_ROUNDING : SINGLE_ROUNDING;
        Partition partition = problem.partition();
        return Arrays.stream(options.dampings())
                .mapToObj(damping -> {
                    SummaryFile.Solution solution = SummaryFile.Solution.of(rows.mean, damping);
                    if (solution.eta() == null) {
                        return solution;
                    }
                    return solution.with(new MeasuredSteps(
                            predicted(rows.mean, solution),
                            rows.losses(partition, damping),
                            others == null ? null : others.losses(partition, damping),
                            rounding));
                })
                .toList();
    }

    private static double[] predicted(DerivativeSummary mean, SummaryFile.Solution solution) {
        return Arrays.stream(MeasuredSteps.fractions())
                .map(fraction -> PredictedDecrease.ofModel(
                        mean.g(),
                        mean.h(),
                        mean.order3(),
                        solution.dampingInt(),
                        Arrays.stream(solution.eta())
                                .map(rate -> fraction * rate)
                                .toArray()))
                .toArray();
    }
}

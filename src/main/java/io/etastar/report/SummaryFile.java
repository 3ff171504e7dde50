package io.etastar.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.etastar.curvature.Interactions;
import io.etastar.curvature.Kind;
import io.etastar.curvature.Lanczos;
import io.etastar.curvature.MeasuredSteps;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.Quantity;
import io.etastar.solve.EtaSolution;
import io.etastar.solve.EtaSolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A derivative summary as a JSON file, with the learning rates solved from it and what H says about curvature.
 *
 * @param derivatives means over the samples
 * @param eta one solution for each damping
 * @param curvature of H
 * @param tensor derivatives of one order; null if none were asked for
 * @param topEigenvalues of the full Hessian; null if none were asked for
 * @param belowRounding names of the tensors of each subset that no rate was solved for; null if that was not looked into
 * @param otherRows what the steps were measured on besides; null if there was nothing
 */
public record SummaryFile(
        @JsonUnwrapped Derivatives derivatives,
        List<Solution> eta,
        @JsonUnwrapped Curvature curvature,

        @JsonUnwrapped @JsonInclude(JsonInclude.Include.NON_NULL)
        Tensor tensor,

        @JsonInclude(JsonInclude.Include.NON_NULL) Lanczos.TopEigenvalues topEigenvalues,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<List<String>> belowRounding,
        @JsonInclude(JsonInclude.Include.NON_NULL) OtherRows otherRows) {
    /**
     * Loss and derivatives in the rates of the subsets.
     *
     * @param groups names of the tensors of each subset [S]
     * @param curvature which second derivatives: hessian or ggn
     * @param loss mean loss
     * @param g first derivatives [S]
     * @param h second derivatives [S, S]
     * @param order3 diagonal third derivatives [S]
     */
    public record Derivatives(
            List<List<String>> groups,
            String curvature,
            double loss,
            double[] g,
            @JsonProperty("H") double[][] h,
            double[] order3) {}

    /**
     * Rows that had no part in the rates.
     *
     * @param rows which ones: a file, or half of the rows
     * @param samples sum of their weights
     * @param loss mean loss before a step
     */
    public record OtherRows(String rows, double samples, double loss) {}

    /**
     * A solution eta*.
     *
     * @param dampingInt weight of the cubic term
     * @param eta the rates [S]; null if there is no solution
     * @param r |D eta|; NaN if there is no solution
     * @param solverCase which case of the solver applied
     * @param steps what happens to the loss by fractions of eta; null if nothing was measured
     * @param take the fraction to take, 0 for none; null if nothing was measured
     * @param verdict the same as a sentence; null if nothing was measured
     */
    public record Solution(
            double dampingInt,
            double[] eta,
            double r,
            @JsonProperty("case") String solverCase,
            @JsonInclude(JsonInclude.Include.NON_NULL) List<Step> steps,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double take,
            @JsonInclude(JsonInclude.Include.NON_NULL) String verdict) {
        /** The solution of a mean summary. */
        public static Solution of(DerivativeSummary mean, double damping) {
            EtaSolution solution = EtaSolver.solve(mean.g(), mean.h(), mean.order3(), damping);
            String solverCase = solution.solverCase().key();
            return new Solution(damping, solution.eta(), solution.r(), solverCase, null, null, null);
        }

        /** This solution with what was measured of it. */
        public Solution with(MeasuredSteps measured) {
            List<Step> steps = new ArrayList<>();
            double[] fractions = MeasuredSteps.fractions();
            for (int i = 0; i < fractions.length; i++) {
                Double other = measured.others() == null
                        ? null
                        : (Double) measured.others().after()[i];
                steps.add(new Step(
                        fractions[i], measured.predicted()[i], measured.rows().after()[i], other));
            }
            return new Solution(dampingInt, eta, r, solverCase, steps, measured.take(), measured.verdict());
        }
    }

    /**
     * A step of a fraction of eta*.
     *
     * @param fraction of eta*
     * @param predicted decrease of the mean loss, by eta*'s own model
     * @param loss mean loss after the step
     * @param otherLoss mean loss of the other rows after a step with their rates; null if there are none
     */
    public record Step(
            double fraction,
            double predicted,
            double loss,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double otherLoss) {}

    /**
     * What H says by itself.
     *
     * @param spectrum eigenvalues, ascending [S]; null if they were not found
     * @param condition of H with its rows scaled alike
     * @param inverse H^-1 [S, S]; null if H is singular to working precision
     * @param kinds weight, bias or neither, of each subset [S]
     * @param blocks of H and its inverse
     * @param interactions H_st / sqrt|H_ss H_tt| [S, S]
     */
    public record Curvature(
            double[] spectrum,
            double condition,
            @JsonProperty("Hinv") double[][] inverse,
            List<String> kinds,
            Blocks blocks,
            double[][] interactions) {
        private static Curvature of(Partition partition, double[][] h) {
            Interactions found = Interactions.of(h);
            List<Kind> kinds = Kind.of(partition);
            return new Curvature(
                    found.spectrum() == null ? null : found.spectrum().values(),
                    found.condition(),
                    found.inverse(),
                    kinds.stream()
                            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                            .toList(),
                    new Blocks(Block.of(kinds, h), Block.of(kinds, found.inverse())),
                    found.normalised());
        }
    }

    /**
     * Blocks of both matrices.
     *
     * @param h of H
     * @param inverse of H^-1; null if H is singular
     */
    public record Blocks(
            @JsonProperty("H") Block h,
            @JsonProperty("Hinv") Block inverse) {}

    /**
     * Blocks of one matrix, rows and columns in the order of the subsets.
     *
     * @param weightWeight rows and columns of weights
     * @param weightBias rows of weights, columns of biases
     * @param biasBias rows and columns of biases
     */
    public record Block(double[][] weightWeight, double[][] weightBias, double[][] biasBias) {
        private static Block of(List<Kind> kinds, double[][] matrix) {
            if (matrix == null) {
                return null;
            }
            int[] weights = Interactions.subsets(kinds, Kind.WEIGHT);
            int[] biases = Interactions.subsets(kinds, Kind.BIAS);
            return new Block(
                    Interactions.block(matrix, weights, weights),
                    Interactions.block(matrix, weights, biases),
                    Interactions.block(matrix, biases, biases));
        }
    }

    /**
     * All derivatives of one order.
     *
     * @param order d
     * @param entries each symmetric entry once, in lexicographic order
     */
    public record Tensor(int order, @JsonProperty("D") List<Entry> entries) {
        private static Tensor of(DerivativeTensor mean) {
            if (mean == null) {
                return null;
            }
            List<Entry> entries = new ArrayList<>();
            int[] subsets = mean.indices().first();
            for (double value : mean.entries()) {
                entries.add(new Entry(subsets.clone(), value));
                mean.indices().next(subsets);
            }
            return new Tensor(mean.order(), entries);
        }
    }

    /**
     * One derivative.
     *
     * @param subsets in rising order [d]
     * @param value derivative of the mean loss, not a Taylor coefficient
     */
    public record Entry(int[] subsets, double value) {}

    /**
     * The file of a summary whose rates were not measured.
     *
     * @param what its S subsets, and which second derivatives
     * @param mean the summary, as means over samples
     * @param dampings weights of the cubic term to solve for
     */
    public static SummaryFile of(Quantity.Summary what, DerivativeSummary mean, double[] dampings) {
        List<Solution> solutions = Arrays.stream(dampings)
                .mapToObj(damping -> Solution.of(mean, damping))
                .toList();
        return of(what, mean, solutions, new Extras(null, null, null, null));
    }

    /**
     * What a summary may have besides.
     *
     * @param tensor derivatives of one order, as means; or null
     * @param top eigenvalues of the full Hessian of the mean loss; or null
     * @param belowRounding which subsets no rate was solved for [S]; or null
     * @param otherRows what steps were measured on besides; or null
     */
    public record Extras(
            DerivativeTensor tensor, Lanczos.TopEigenvalues top, boolean[] belowRounding, OtherRows otherRows) {
        private List<List<String>> below(Partition partition) {
            if (belowRounding == null) {
                return null;
            }
            List<List<String>> groups = partition.groups();
            return IntStream.range(0, groups.size())
                    .filter(s -> belowRounding[s])
                    .mapToObj(groups::get)
                    .toList();
        }
    }

    /**
     * The file of a summary.
     *
     * @param what its S subsets, and which second derivatives
     * @param mean the summary, as means over samples
     * @param solutions one for each damping
     * @param extras what there is besides
     */
    public static SummaryFile of(
            Quantity.Summary what, DerivativeSummary mean, List<Solution> solutions, Extras extras) {
        return new SummaryFile(
                new Derivatives(
                        what.partition().groups(),
                        what.curvature().key(),
                        mean.loss(),
                        mean.g(),
                        mean.h(),
                        mean.order3()),
                solutions,
                Curvature.of(what.partition(), mean.h()),
                Tensor.of(extras.tensor),
                extras.top,
                extras.below(what.partition()),
                extras.otherRows);
    }

    /** Writes it, indented. */
    public void write(Path file) throws IOException {
        Files.writeString(
                file, FiniteJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }
}

package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.etastar.curvature.Interactions;
import io.etastar.curvature.PredictedDecrease;
import io.etastar.solve.Eigen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a report shows of one summary of S subsets.
 *
 * @param step of the run, from 1
 * @param groups names of the tensors of each subset [S]; null if the file does not say
 * @param eta the solution [S], null if there is none
 * @param learningRates the rates in use [S]
 * @param r |D eta|, or NaN
 * @param solverCase of the solver
 * @param secondOrder decrease of the mean loss that g and H predict for the rates in use
 * @param thirdOrder the same with the diagonal third derivatives
 * @param measured decrease of the loss on the summary's batch, NaN if it was not taken
 * @param withSpectrum whether the spectrum was asked for
 * @param spectrum eigenvalues of H, ascending [S]; null if not asked for, or H is not finite
 * @param matrices of the summary as JSON, null if not asked for
 */
record SummaryPoint(
        double step,
        List<List<String>> groups,
        double[] eta,
        double[] learningRates,
        double r,
        String solverCase,
        double secondOrder,
        double thirdOrder,
        double measured,
        boolean withSpectrum,
        double[] spectrum,
        ObjectNode matrices) {
    /** Reads a line of summaries.jsonl. */
    static SummaryPoint of(JsonNode line, boolean withSpectrum, boolean withMatrices) {
        double step = Numbers.of(line.path("step"));
        double[][] h = Numbers.matrix(line.path("H"));
        double[] rates = Numbers.array(line.path("learning_rates"));
        double[] g = Numbers.array(line.path("g"));
        double[] order3 = Numbers.array(line.path("order3"));
        PredictedDecrease predicted = PredictedDecrease.of(g, h, order3, rates);
        Interactions found = withMatrices ? Interactions.of(h) : null;
        boolean finite = Arrays.stream(h).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
        return new SummaryPoint(
                step,
                groups(line.path("groups")),
                Numbers.array(line.path("eta")),
                rates,
                Numbers.of(line.path("r")),
                line.path("case").asText(),
                predicted.secondOrder(),
                predicted.thirdOrder(),
                Numbers.of(line.path("loss")) - Numbers.of(line.path("loss_after")),
                withSpectrum,
                withSpectrum && finite ? spectrum(h) : null,
                withMatrices ? MatrixJson.of(step, h, found) : null);
    }

    private static double[] spectrum(double[][] h) {
        Eigen eigen = Eigen.of(h);
        return eigen == null ? null : eigen.values();
    }

    private static List<List<String>> groups(JsonNode node) {
        if (!node.isArray()) {
            return null;
        }
        List<List<String>> groups = new ArrayList<>();
        for (JsonNode group : node) {
            List<String> names = new ArrayList<>();
            group.forEach(name -> names.add(name.asText()));
            groups.add(names);
        }
        return groups;
    }

    /** S. */
    int size() {
        return learningRates.length;
    }
}

package io.etastar.ml;

import io.etastar.optimizer.SummaryResult;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.report.EpochMetrics;
import io.etastar.training.TrainingResult;
import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.classification.TrainingSummary;
import org.apache.spark.ml.util.Summary;

/** How training went. All arrays are the caller's own. */
public class NeuralNetworkTrainingSummary implements TrainingSummary, Summary, Serializable {
    private static final long serialVersionUID = 1L;

    private final double[] objectiveHistory;
    private final List<EpochMetrics> epochs;
    private final List<Rates> rates;
    private final DerivativeSummary last;
    private final List<List<String>> subsets;
    private final long steps;
    private final int epochsDone;
    private final int bestEpoch;
    private final double seconds;
    private final String plan;

    /**
     * Learning rates from one derivative summary on.
     *
     * @param step the step it belongs to, from 1
     * @param eta the solved rates [S], one for each subset; null if there was no solution
     * @param learningRates as used: smoothed, clipped and damped [S]
     */
    public record Rates(long step, double[] eta, double[] learningRates) implements Serializable {}

    NeuralNetworkTrainingSummary(
            List<Double> losses,
            List<EpochMetrics> epochs,
            List<Rates> rates,
            SummaryResult last,
            List<List<String>> subsets,
            TrainingResult result,
            String plan) {
        objectiveHistory = losses.stream().mapToDouble(Double::doubleValue).toArray();
        this.epochs = List.copyOf(epochs);
        this.rates = List.copyOf(rates);
        this.last = last == null ? null : last.mean();
        this.subsets = List.copyOf(subsets);
        steps = result.steps();
        bestEpoch = result.kept().epoch();
        seconds = result.seconds();
        epochsDone = result.epochs();
        this.plan = plan;
    }

    /** The same summary, whose arrays are shared. */
    NeuralNetworkTrainingSummary(NeuralNetworkTrainingSummary other) {
        objectiveHistory = other.objectiveHistory;
        epochs = other.epochs;
        rates = other.rates;
        last = other.last;
        subsets = other.subsets;
        steps = other.steps;
        epochsDone = other.epochsDone;
        bestEpoch = other.bestEpoch;
        seconds = other.seconds;
        plan = other.plan;
    }

    /** Mean loss of each step's batch, before the step. */
    @Override
    public double[] objectiveHistory() {
        return objectiveHistory.clone();
    }

    /** Steps done. */
    @Override
    public int totalIterations() {
        return Math.toIntExact(steps);
    }

    /** How the steps were executed, in words: shards, steps of a job, batch, and the seconds that were expected of an epoch. */
    public String plan() {
        return plan;
    }

    /** Epochs done: fewer than {@code maxIter} if training ended early. */
    public int totalEpochs() {
        return epochsDone;
    }

    /** The epoch, from 1, whose parameters are the model: the last, or that of the lowest validation loss; 0 for none. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** Mean training loss of each epoch's steps. */
    public double[] trainLossHistory() {
        return each(EpochMetrics::trainLoss);
    }

    /** Training accuracy of each epoch's steps; NaN for regression. */
    public double[] trainAccuracyHistory() {
        return each(EpochMetrics::trainAccuracy);
    }

    /** Loss over the validation rows at the end of each epoch; NaN if there are none. */
    public double[] validationLossHistory() {
        return each(EpochMetrics::testLoss);
    }

    /** Accuracy over the validation rows at the end of each epoch; NaN if there are none, and for regression. */
    public double[] validationAccuracyHistory() {
        return each(EpochMetrics::testAccuracy);
    }

    /** Seconds of each epoch. */
    public double[] secondsHistory() {
        return each(EpochMetrics::seconds);
    }

    /** Seconds of all. */
    public double totalSeconds() {
        return seconds;
    }

    private double[] each(ToDoubleFunction<EpochMetrics> figure) {
        return epochs.stream().mapToDouble(figure).toArray();
    }

    /** Names of the tensors of each subset of the partition, in the order of all rates. */
    public List<List<String>> subsets() {
        return subsets;
    }

    /** Learning rates after each derivative summary; empty for optimizers that make none. */
    public List<Rates> learningRates() {
        return rates;
    }

    /** Whether there was a derivative summary. */
    public boolean hasDerivatives() {
        return last != null;
    }

    /**
     * Second derivatives along the subsets' directions [S][S] of the last summary, means over its rows.
     *
     * @throws IllegalStateException here and below if there was no summary
     */
    public double[][] lastHessian() {
        double[][] h = derivatives().h();
        double[][] copy = new double[h.length][];
        for (int i = 0; i < h.length; i++) {
            copy[i] = h[i].clone();
        }
        return copy;
    }

    /** First derivatives along the subsets' directions [S] of the last summary. */
    public double[] lastGradient() {
        return derivatives().g().clone();
    }

    /** Third derivatives along the subsets' directions [S] of the last summary. */
    public double[] lastOrder3() {
        return derivatives().order3().clone();
    }

    private DerivativeSummary derivatives() {
        if (last == null) {
            throw new IllegalStateException("no derivative summary: optimizer newton-summary makes them");
        }
        return last;
    }
}

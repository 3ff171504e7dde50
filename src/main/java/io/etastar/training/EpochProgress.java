package io.etastar.training;

import io.etastar.quantity.LossSum;
import io.etastar.report.EpochMetrics;

/** Running sums from which epoch metrics are made; part of every checkpoint. */
final class EpochProgress {
    private LossSum epoch = LossSum.ZERO;
    private long noSolution;
    private double trainLoss = Double.NaN;
    private double testLoss = Double.NaN;
    private double testAccuracy = Double.NaN;

    /** Counts a step, and its summaries without a solution. */
    void add(LossSum batch, long withoutSolution) {
        epoch = epoch.plus(batch);
        noSolution += withoutSolution;
    }

    /**
     * Ends the epoch and begins the next.
     *
     * @param number of the epoch, from 1
     * @param steps done since the run began
     * @param test sums over the test set, or null
     * @param classes whether targets are classes
     * @param seconds wall clock of the epoch
     */
    EpochMetrics end(int number, long steps, LossSum test, boolean classes, double seconds) {
        trainLoss = epoch.meanLoss();
        testLoss = test == null ? Double.NaN : test.meanLoss();
        testAccuracy = test == null || !classes ? Double.NaN : test.accuracy();
        double trainAccuracy = classes ? epoch.accuracy() : Double.NaN;
        epoch = LossSum.ZERO;
        return new EpochMetrics(number, steps, trainLoss, trainAccuracy, testLoss, testAccuracy, noSolution, seconds);
    }

    /** How the run stands after its last whole epoch. */
    TrainingResult result(int epochs, long steps, double seconds) {
        return new TrainingResult(testAccuracy, testLoss, trainLoss, epochs, steps, seconds);
    }

    double[] toArray() {
        return new double[] {
            epoch.samples(), epoch.loss(), epoch.correct(), noSolution, trainLoss, testLoss, testAccuracy
        };
    }

    static EpochProgress of(double[] saved) {
        EpochProgress progress = new EpochProgress();
        progress.epoch = new LossSum(saved[0], saved[1], saved[2]);
        progress.noSolution = (long) saved[3];
        progress.trainLoss = saved[4];
        progress.testLoss = saved[5];
        progress.testAccuracy = saved[6];
        return progress;
    }
}

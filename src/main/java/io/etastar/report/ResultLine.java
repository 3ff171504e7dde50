package io.etastar.report;

import java.util.Locale;

/** The last line of a job on stdout, for programs to read: {@code result key=value ...}. */
public final class ResultLine {
    private ResultLine() {}

    /** The line of a training run; NaN if a figure does not exist. */
    public static String training(
            double testAccuracy, double testLoss, double trainLoss, int epochs, long steps, double seconds) {
        return String.format(
                Locale.ROOT,
                "result test_accuracy=%.4f test_loss=%.6g train_loss=%.6g epochs=%d steps=%d seconds=%.1f",
                testAccuracy,
                testLoss,
                trainLoss,
                epochs,
                steps,
                seconds);
    }

    /**
     * The line of an evaluation; NaN if a figure does not exist.
     *
     * @param calibrationError expected calibration error of the classes' probabilities; left out if it is NaN
     */
    public static String evaluation(double testAccuracy, double testLoss, double calibrationError) {
        String line = String.format(Locale.ROOT, "result test_accuracy=%.4f test_loss=%.6g", testAccuracy, testLoss);
        return Double.isNaN(calibrationError)
                ? line
                : line + String.format(Locale.ROOT, " test_ece=%.4f", calibrationError);
    }
}

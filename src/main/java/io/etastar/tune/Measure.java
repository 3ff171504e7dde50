package io.etastar.tune;

import io.etastar.UserError;
import java.util.Arrays;
import java.util.Locale;

/** What a search lowers or raises. */
public enum Measure {
    /** Mean loss of rows that no step was made on. */
    VALIDATION_LOSS,
    /** Share of such rows whose class is right. */
    VALIDATION_ACCURACY,
    /** Mean loss of the last epoch's batches: for comparing optimizers, not for choosing a model. */
    TRAIN_LOSS;

    /**
     * The measure of a name.
     *
     * @throws UserError if there is none
     */
    public static Measure of(String name) {
        return Arrays.stream(values())
                .filter(measure -> measure.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError(
                        UserError.Subject.option("measure"),
                        "'" + name + "'",
                        "one of "
                                + UserError.names(Arrays.stream(values())
                                        .map(Measure::toString)
                                        .toList())));
    }

    /** The score of a trial: lower is better, infinite if there is no such figure. */
    double score(Trial.Figures figures) {
        double value = switch (this) {
            case VALIDATION_LOSS -> figures.validationLoss();
            case VALIDATION_ACCURACY -> 1 - figures.validationAccuracy();
            case TRAIN_LOSS -> figures.trainLoss();
        };
        return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

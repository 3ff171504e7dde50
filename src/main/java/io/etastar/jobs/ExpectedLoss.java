package io.etastar.jobs;

import io.etastar.UserError;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * The option --expect-loss: the loss that another program computed for the same parameters and rows.
 *
 * @param text as it was given
 * @param value of it
 * @param error half a unit of its last digit, at least 2e-6 of it: other programs sum in single precision
 */
record ExpectedLoss(String text, double value, double error) {
    private static final double SINGLE = 2e-6;

    /**
     * The value of the option.
     *
     * @throws UserError if it is no number
     */
    static ExpectedLoss parse(String text) {
        try {
            BigDecimal exact = new BigDecimal(text);
            double half = exact.ulp().doubleValue() / 2;
            return new ExpectedLoss(text, exact.doubleValue(), Math.max(half, SINGLE * Math.abs(exact.doubleValue())));
        } catch (NumberFormatException e) {
            throw new UserError(UserError.Subject.option("expect-loss"), "'" + text + "'", "a number");
        }
    }

    /**
     * Holds a loss against it.
     *
     * @throws UserError if they differ in the digits that were given
     */
    void check(double loss) {
        // Of a number halfway between two decimals either is right.
        if (!(Math.abs(loss - value) <= error * (1 + 1e-9))) {
            throw new UserError(
                    UserError.Subject.option("expect-loss"),
                    String.format(Locale.ROOT, "a loss of %.9g", loss),
                    text + ": look at the layout of dense weights (--dense-layout), the activation, the order of norms"
                            + " and layers, and whether the other program was in training mode");
        }
    }
}

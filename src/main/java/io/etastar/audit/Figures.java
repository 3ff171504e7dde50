package io.etastar.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for people. */
final class Figures {
    private static final int SMALLEST_PLAIN = -4;

    private Figures() {}

    /** To so many significant digits, without zeros at the end. */
    static String of(double value, int digits) {
        if (!Double.isFinite(value) || value == 0) {
            return value == 0 ? "0" : Double.isNaN(value) ? "-" : value > 0 ? "inf" : "-inf";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= SMALLEST_PLAIN && exponent < digits) {
            return rounded.stripTrailingZeros().toPlainString();
        }
        return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value).replaceFirst("\\.?0*e", "e");
    }

    /** Median and quartiles. */
    static String of(Quartiles quartiles) {
        return of(quartiles.middle(), 3) + " (quartiles over batches " + of(quartiles.low(), 3) + " to "
                + of(quartiles.high(), 3) + ")";
    }

    /** Rounded to so many significant digits. */
    static double rounded(double value, int digits) {
        return new BigDecimal(value).round(new MathContext(digits)).doubleValue();
    }
}

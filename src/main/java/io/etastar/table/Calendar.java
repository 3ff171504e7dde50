package io.etastar.table;

import java.util.List;

/** Numbers of a point in time: itself in days since 1970, then sine and cosine of its place in year, week and day. */
final class Calendar {
    static final List<String> NAMES = List.of(
            "(sine of the year)",
            "(cosine of the year)",
            "(sine of the week)",
            "(cosine of the week)",
            "(sine of the day)",
            "(cosine of the day)");

    /** Lengths of the cycles in days. */
    static final double[] DAYS = {365.2425, 7, 1};

    private Calendar() {}

    /** How many numbers a value of that kind gives. */
    static int numbers(ColumnEncoding.Kind kind) {
        return switch (kind) {
            case DATE -> 5;
            case TIMESTAMP -> 7;
            default -> 1;
        };
    }

    /** The numbers of {@code day}, in place. */
    static void fill(double day, double... numbers) {
        numbers[0] = day;
        for (int i = 1; i < numbers.length; i += 2) {
            double cycle = DAYS[i / 2];
            double angle = 2 * Math.PI * (day / cycle - Math.floor(day / cycle));
            numbers[i] = Math.sin(angle);
            numbers[i + 1] = Math.cos(angle);
        }
    }
}

package io.etastar.optimizer;

import io.etastar.UserError;
import java.util.Arrays;

/** Ranges of settings. */
public final class Check {
    private Check() {}

    public static void that(boolean valid, String key, Object found, String expected) {
        if (!valid) {
            throw new UserError(key + ": found " + found + ", expected " + expected);
        }
    }

    public static void oneOf(String key, String value, String... choices) {
        that(Arrays.asList(choices).contains(value), key, value, "one of " + String.join(", ", choices));
    }

    /** From 0 on, finite. */
    public static void notNegative(String key, double value) {
        that(value >= 0 && value < Double.POSITIVE_INFINITY, key, value, "a number from 0");
    }

    /** Above 0, finite. */
    public static void positive(String key, double value) {
        that(value > 0 && value < Double.POSITIVE_INFINITY, key, value, "a number above 0");
    }

    /** From 0 to below 1. */
    public static void fraction(String key, double value) {
        that(value >= 0 && value < 1, key, value, "a number from 0 to below 1");
    }
}

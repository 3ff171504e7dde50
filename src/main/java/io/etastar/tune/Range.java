package io.etastar.tune;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two ends, both of which are among them.
 *
 * @param key path of the key
 * @param low least value
 * @param high largest value
 * @param scale on which points are even
 */
public record Range(String key, double low, double high, Scale scale) implements Domain {
    private static final MathContext SHOWN = new MathContext(4);

    /** Scales. */
    public enum Scale {
        /** x. */
        UNIFORM,
        /** ln x, for learning rates. */
        LOGUNIFORM,
        /** ln(1 - x), for decay rates of averages, which matter by how far they are from 1. */
        DECAY,
        /** Whole numbers. */
        INTEGERS;

        static Scale of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** What is expected of the ends; null if they are right. */
    @Nullable
    String mistake() {
        if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            return "two numbers, the lower one first";
        }
        return switch (scale) {
            case UNIFORM -> null;
            case LOGUNIFORM -> low > 0 ? null : "numbers above 0 with loguniform";
            case DECAY -> high < 1 ? null : "numbers below 1 with decay";
            case INTEGERS ->
                low == Math.rint(low) && high == Math.rint(high) && Math.max(-low, high) <= Integer.MAX_VALUE
                        ? null
                        : "whole numbers with integers";
        };
    }

    @Override
    public String at(double u) {
        if (scale == Scale.INTEGERS) {
            return String.valueOf((long) Math.min(high, low + Math.floor(u * (high - low + 1))));
        }
        return u <= 0 ? shown(low) : u >= 1 ? shown(high) : rounded(value(u));
    }

    private double value(double u) {
        return switch (scale) {
            case LOGUNIFORM -> low * Math.pow(high / low, u);
            case DECAY -> 1 - (1 - low) * Math.pow((1 - high) / (1 - low), u);
            case UNIFORM, INTEGERS -> low + u * (high - low);
        };
    }

    /** Four digits of what matters, which is 1 - x on the scale of decays. */
    private String rounded(double value) {
        BigDecimal number = scale == Scale.DECAY
                ? BigDecimal.ONE.subtract(new BigDecimal(1 - value).round(SHOWN))
                : new BigDecimal(value).round(SHOWN);
        return shown(Math.min(high, Math.max(low, number.doubleValue())));
    }

    private static String shown(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /** The ends and points evenly between them, on the scale. */
    List<String> points(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> scale == Scale.INTEGERS
                        ? shown(Math.rint(low + i * (high - low) / (count - 1)))
                        : at((double) i / (count - 1)))
                .toList();
    }

    @Override
    public List<String> checked() {
        return List.of(at(0), at(1));
    }

    @Override
    public String toString() {
        return key + "=" + scale.name().toLowerCase(Locale.ROOT) + "(" + shown(low) + ", " + shown(high) + ")";
    }

    @Override
    public int size() {
        return scale == Scale.INTEGERS ? (int) Math.min(Integer.MAX_VALUE, high - low + 1) : 0;
    }

    @Override
    public boolean isOrdered() {
        return true;
    }
}

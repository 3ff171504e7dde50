package io.etastar.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.IntToDoubleFunction;

/** Numbers of a page: five digits, null if they are not finite. */
final class Numbers {
    private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);

    private Numbers() {}

    static JsonNode rounded(double value) {
        if (!Double.isFinite(value)) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return JsonNodeFactory.instance.numberNode((long) value);
        }
        return JsonNodeFactory.instance.numberNode(
                new BigDecimal(value).round(DIGITS).doubleValue());
    }

    /** A number in a sentence: four digits. */
    static String text(double value) {
        double rounded = Double.isFinite(value)
                ? new BigDecimal(value)
                        .round(new MathContext(4, RoundingMode.HALF_EVEN))
                        .doubleValue()
                : value;
        return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e7
                ? Long.toString((long) rounded)
                : Double.toString(rounded);
    }

    /** Numbers 0 .. count - 1 of {@code values}. */
    static ArrayNode rounded(int count, IntToDoubleFunction values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(count);
        for (int i = 0; i < count; i++) {
            array.add(rounded(values.applyAsDouble(i)));
        }
        return array;
    }

    /** A number of a file, NaN if it is null or not there. */
    static double of(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : Double.NaN;
    }

    /** Numbers of a file [n]; null if there is no array. */
    static double[] array(JsonNode values) {
        if (!values.isArray()) {
            return null;
        }
        double[] array = new double[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = of(values.get(i));
        }
        return array;
    }

    /** A matrix of a file [n][m]; null if there is none. */
    static double[][] matrix(JsonNode rows) {
        if (!rows.isArray()) {
            return null;
        }
        double[][] matrix = new double[rows.size()][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = array(rows.get(i));
        }
        return matrix;
    }
}

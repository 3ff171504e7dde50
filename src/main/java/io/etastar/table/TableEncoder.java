package io.etastar.table;

import io.etastar.table.ColumnEncoding.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.MurmurHash3;

/** Encodes one row of a table after the other. Used by one thread at a time. */
public final class TableEncoder {
    private final TableEncoding encoding;
    private final List<Encoder> encoders = new ArrayList<>();

    /** @param encoding of the table's columns */
    public TableEncoder(TableEncoding encoding) {
        this.encoding = encoding;
        int number = 0;
        int index = encoding.numbers();
        for (ColumnEncoding column : encoding.columns()) {
            encoders.add(new Encoder(column, column.isEmbedded() ? index++ : number));
            number += column.inputs().size();
        }
    }

    /**
     * Encodes a row.
     *
     * @param row a value of each column: Double for numbers and points in time (days since 1970), String for categories, double[]
     *     for vectors; null or NaN where there is none
     * @param into inputs [width], overwritten
     * @return what is wrong with the row in one line, or null
     */
    public String encode(Object[] row, double... into) {
        boolean strict = encoding.invalid() != TableEncoding.Invalid.KEEP;
        for (int i = 0; i < row.length; i++) {
            String problem = encoders.get(i).encode(row[i], into, strict);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** Bucket of a hashed category, from 0: MurmurHash3 (x86, 32 bits, seed 0) of its UTF-8 bytes, modulo the buckets. */
    public static int bucket(String value, int buckets) {
        return Math.floorMod(MurmurHash3.hash32x86(value.getBytes(StandardCharsets.UTF_8)), buckets);
    }

    /** Encodes values of one column. */
    private static final class Encoder {
        private final ColumnEncoding column;
        private final int at;
        private final Scale[] scales;
        private final double[] numbers;
        private final Map<String, Integer> indices = new HashMap<>();

        Encoder(ColumnEncoding column, int at) {
            this.column = column;
            this.at = at;
            scales = column.scales().toArray(Scale[]::new);
            numbers = new double[scales.length];
            for (String value : column.values()) {
                indices.put(value, indices.size());
            }
        }

        String encode(Object value, double[] into, boolean strict) {
            if (column.kind() == Kind.CATEGORY) {
                return category((String) value, into, strict);
            }
            return column.kind() == Kind.VECTOR
                    ? vector((double[]) value, into, strict)
                    : number(value == null ? Double.NaN : (Double) value, into, strict);
        }

        private String category(String value, double[] into, boolean strict) {
            int known =
                    column.buckets() > 0 ? column.buckets() : column.values().size();
            int index = known + (column.gaps() ? 1 : 0);
            if (value != null) {
                Integer found = column.buckets() > 0 ? Integer.valueOf(bucket(value, known)) : indices.get(value);
                index = found == null ? index : found;
            } else if (column.gaps()) {
                index = known;
            }
            if (strict && index >= known) {
                return wrong(
                        value == null ? "null" : "'" + value + "'",
                        value == null ? "a value" : "one of the " + known + " values of the training rows");
            }
            if (scales.length == 0) {
                into[at] = index;
            } else {
                boolean unknown = index == scales.length;
                for (int i = 0; i < scales.length; i++) {
                    into[at + i] = unknown ? 0 : scales[i].of(i == index ? 1 : 0);
                }
            }
            return null;
        }

        private String number(double value, double[] into, boolean strict) {
            boolean missing = Double.isNaN(value);
            if (missing && strict || Double.isInfinite(value)) {
                return wrong(missing ? "null" : value, "a finite number");
            }
            if (!missing) {
                ColumnEncoding.derive(column.kind(), value, numbers);
            }
            for (int i = 0; i < scales.length; i++) {
                into[at + i] = missing ? 0 : scales[i].of(numbers[i]);
            }
            if (column.gaps()) {
                into[at + scales.length] = missing ? 1 : 0;
            }
            return null;
        }

        private String vector(double[] values, double[] into, boolean strict) {
            if (values != null && values.length != scales.length) {
                return wrong(values.length + " elements", scales.length);
            }
            boolean any = values == null;
            for (int i = 0; i < scales.length; i++) {
                double value = values == null ? Double.NaN : values[i];
                boolean missing = Double.isNaN(value);
                if (missing && strict || Double.isInfinite(value)) {
                    return wrong(missing ? "null" : value, "finite numbers");
                }
                into[at + i] = missing ? 0 : scales[i].of(value);
                any |= missing;
            }
            if (column.gaps()) {
                into[at + scales.length] = any ? 1 : 0;
            }
            return null;
        }

        private String wrong(Object found, Object expected) {
            boolean mode = found.equals("null") || String.valueOf(expected).startsWith("one of the");
            return "column '" + column.name() + "': found " + found + ", expected " + expected
                    + (mode ? " (with handleInvalid error; keep or skip take it)" : "");
        }
    }
}

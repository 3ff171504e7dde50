package io.etastar.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads NumPy's .npz files from the test resources: float64 and int64, C order. */
public final class Npz {
    private static final Pattern DESCR = Pattern.compile("'descr': '([^']*)'");
    private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

    private Npz() {}

    /**
     * One array.
     *
     * @param shape sides
     * @param values by rows; integers widened
     */
    public record Array(int[] shape, double[] values) {}

    /** The arrays of a resource, in the file's order. */
    public static Map<String, Array> read(String resource) throws IOException {
        Map<String, Array> arrays = new LinkedHashMap<>();
        try (InputStream in = Npz.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replaceFirst("\\.npy$", ""), array(zip.readAllBytes()));
            }
        }
        return arrays;
    }

    private static Array array(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = bytes[6] > 1;
        int start = wide ? 12 : 10;
        int length = wide ? buffer.getInt(8) : buffer.getShort(8) & 0xffff;
        String header = new String(bytes, start, length, StandardCharsets.US_ASCII);
        if (header.contains("'fortran_order': True")) {
            throw new IOException("not in C order: " + header);
        }
        int[] shape = Arrays.stream(find(SHAPE, header).split(","))
                .map(String::trim)
                .filter(side -> !side.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        buffer.position(start + length);
        String type = find(DESCR, header);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case "<f8" -> buffer.getDouble();
                case "<i8" -> buffer.getLong();
                default -> throw new IOException("type " + type);
            };
        }
        return new Array(shape, values);
    }

    private static String find(Pattern pattern, String header) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IOException("header " + header);
        }
        return matcher.group(1);
    }
}

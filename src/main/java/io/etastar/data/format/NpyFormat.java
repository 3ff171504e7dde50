package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** NumPy's .npy format, versions 1 to 3 (numpy.lib.format): a text header, then the elements. */
final class NpyFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final long EXACT = 1L << 53;
    private static final Map<String, Integer> SIZES =
            Map.of("<f4", 4, "<f8", 8, "<i4", 4, "<i8", 8, "|u1", 1, "|b1", 1);
    private static final Pattern DTYPE = Pattern.compile("'descr'\\s*:\\s*('[^']*'|\\[)");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, L]*)\\)");

    private NpyFormat() {}

    /**
     * Parses one array.
     *
     * @param member file and array, for messages
     */
    static NpzFile.Array parse(String member, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        String header = header(member, bytes, buffer);
        String quoted = find(DTYPE, header, member);
        String dtype = quoted.replace("'", "");
        if (!SIZES.containsKey(dtype)) {
            throw new UserError(
                    UserError.Subject.of(member),
                    "dtype " + (quoted.equals("[") ? "of records" : dtype),
                    "float32, float64, int32, int64, uint8 or bool, little-endian");
        }
        int[] shape = shape(find(SHAPE, header, member), member);
        long count = 1;
        for (int side : shape) {
            count = side == 0 ? 0 : Math.min(count * side, Integer.MAX_VALUE);
        }
        if (count * SIZES.get(dtype) != buffer.remaining()) {
            throw new UserError(
                    UserError.Subject.of(member),
                    buffer.remaining() + " bytes of data",
                    count * SIZES.get(dtype) + " for " + dtype + " of shape " + Arrays.toString(shape));
        }
        double[] values = values(buffer, dtype, (int) count, member);
        boolean transposed = find(ORDER, header, member).equals("True");
        return new NpzFile.Array(shape, transposed ? rowMajor(values, shape) : values, !dtype.startsWith("<f"));
    }

    private static String header(String member, byte[] bytes, ByteBuffer buffer) {
        if (bytes.length < 12 || !Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC)) {
            throw new UserError(member + ": does not begin as an .npy array");
        }
        int version = bytes[MAGIC.length];
        buffer.position(MAGIC.length + 2);
        long length = version == 1 ? buffer.getShort() & 0xFFFF : buffer.getInt() & 0xFFFFFFFFL;
        if (version < 1 || version > 3 || length > buffer.remaining()) {
            throw new UserError(
                    UserError.Subject.of(member),
                    ".npy version " + version + " with a header of " + length + " bytes",
                    "version 1 to 3 and at most " + buffer.remaining());
        }
        byte[] header = new byte[(int) length];
        buffer.get(header);
        return new String(header, StandardCharsets.UTF_8);
    }

    private static String find(Pattern pattern, String header, String member) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            String shown = header.strip();
            throw new UserError(member + ": header is not understood: "
                    + shown.substring(0, Math.min(80, shown.length())).replaceAll("\\p{Cntrl}", "?"));
        }
        return matcher.group(1);
    }

    private static int[] shape(String list, String member) {
        try {
            return Arrays.stream(list.replace("L", "").split(","))
                    .map(String::strip)
                    .filter(side -> !side.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new UserError(UserError.Subject.of(member), "shape (" + list + ")", "whole numbers below 2^31", e);
        }
    }

    private static double[] values(ByteBuffer buffer, String dtype, int count, String member) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (dtype) {
                case "<f4" -> buffer.getFloat();
                case "<f8" -> buffer.getDouble();
                case "<i4" -> buffer.getInt();
                case "<i8" -> exact(buffer.getLong(), member);
                default -> buffer.get() & 0xFF;
            };
        }
        return values;
    }

    private static double exact(long value, String member) {
        if (value > EXACT || value < -EXACT) {
            throw new UserError(UserError.Subject.of(member), value, "integers within 2^53");
        }
        return value;
    }

    /** Elements stored with the first axis running fastest, as they lie when the last does. */
    private static double[] rowMajor(double[] values, int[] shape) {
        double[] result = new double[values.length];
        int[] index = new int[shape.length];
        for (double value : values) {
            int target = 0;
            for (int axis = 0; axis < shape.length; axis++) {
                target = target * shape[axis] + index[axis];
            }
            result[target] = value;
            for (int axis = 0; axis < shape.length && ++index[axis] == shape[axis]; axis++) {
                index[axis] = 0;
            }
        }
        return result;
    }

    /** The bytes of an array: float64, or int64 if it is integral. */
    static byte[] format(NpzFile.Array array) {
        return format(array, DType.DOUBLE);
    }

    /** The bytes of an array: {@code real}, or int64 if it is integral. */
    static byte[] format(NpzFile.Array array, DType real) {
        int size = array.integral() ? 8 : real.bytes();
        String shape = IntStream.of(array.shape()).mapToObj(side -> side + ",").collect(Collectors.joining(" "));
        String text = "{'descr': '" + (array.integral() ? "<i8" : "<f" + size) + "', 'fortran_order': False, 'shape': ("
                + shape + "), }";
        int unpadded = MAGIC.length + 4 + text.length() + 1;
        text += " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
        ByteBuffer buffer = ByteBuffer.allocate(MAGIC.length + 4 + text.length() + size * array.values().length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII));
        for (double value : array.values()) {
            if (array.integral()) {
                buffer.putLong((long) value);
            } else if (size == Float.BYTES) {
                buffer.putFloat((float) value);
            } else {
                buffer.putDouble(value);
            }
        }
        return buffer.array();
    }
}

package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** NumPy's .npy format, versions 1 to 3 (numpy.lib.format): a text header, then the elements. */
final class NpyFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final long EXACT = 1L << 53;
    private static final Pattern TYPE = Pattern.compile("[<>|=]([fiu])([1248])|\\|b1");
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
        if (!TYPE.matcher(dtype).matches() || dtype.endsWith("f1")) {
            throw new UserError(
                    UserError.Subject.of(member),
                    "dtype " + (quoted.equals("[") ? "of records" : dtype),
                    "floats of 16 to 64 bits, integers of 8 to 64 bits or bool");
        }
        int[] shape = shape(find(SHAPE, header, member), member);
        long count = 1;
        for (int side : shape) {
            count = side == 0 ? 0 : Math.min(count * side, Integer.MAX_VALUE);
        }
        if (count * size(dtype) != buffer.remaining()) {
            throw new UserError(
                    UserError.Subject.of(member),
                    buffer.remaining() + " bytes of data",
                    count * size(dtype) + " for " + dtype + " of shape " + Arrays.toString(shape));
        }
        double[] values = values(buffer, dtype, (int) count, member);
        boolean transposed = find(ORDER, header, member).equals("True");
        return new NpzFile.Array(shape, transposed ? rowMajor(values, shape) : values, dtype.charAt(1) != 'f');
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
        buffer.order(dtype.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[count];
        String type = dtype.substring(1);
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case "f2" -> half(buffer.getShort());
                case "f4" -> buffer.getFloat();
                case "f8" -> buffer.getDouble();
                case "i1" -> buffer.get();
                case "i2" -> buffer.getShort();
                case "i4" -> buffer.getInt();
                case "i8" -> exact(buffer.getLong(), member);
                case "u2" -> buffer.getShort() & 0xFFFF;
                case "u4" -> buffer.getInt() & 0xFFFFFFFFL;
                case "u8" -> exact(unsigned(buffer.getLong()), member);
                default -> buffer.get() & 0xFF;
            };
        }
        return values;
    }

    private static int size(String dtype) {
        return dtype.charAt(2) - '0';
    }

    /** A float of 16 bits: one of sign, five of exponent, ten of fraction (IEEE 754). */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double size = exponent == 0x1F
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25);
        return bits < 0 ? -size : size;
    }

    /** Values from 2^63 on are too large, too. */
    private static long unsigned(long value) {
        return value < 0 ? Long.MAX_VALUE : value;
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

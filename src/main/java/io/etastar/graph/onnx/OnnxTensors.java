package io.etastar.graph.onnx;

import io.etastar.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;

/** Arrays of ONNX files. */
final class OnnxTensors {
    static final long TRUTH = 9;

    private static final int FLOAT = 1;
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int UINT16 = 4;
    private static final int INT16 = 5;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int FLOAT16 = 10;
    private static final int DOUBLE = 11;
    private static final int UINT32 = 12;
    private static final int UINT64 = 13;
    private static final int BFLOAT16 = 16;

    private OnnxTensors() {}

    /** Whether a type of ONNX is one of numbers, or of truth, that are read. */
    static boolean isKnown(long type) {
        return type >= FLOAT && type <= INT64 || type >= TRUTH && type <= UINT64 || type == BFLOAT16;
    }

    /** Whether a type of ONNX is one of real numbers. */
    static boolean isReal(long type) {
        return type == FLOAT || type == DOUBLE || type == FLOAT16 || type == BFLOAT16;
    }

    /**
     * The array of a tensor.
     *
     * @param external the bytes of a file beside the model's, by the name that the model gives it
     */
    static Constant read(TensorProto tensor, Function<String, byte[]> external) {
        long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
        int length = Math.toIntExact(Sides.length(shape));
        boolean whole = !isReal(tensor.getDataType());
        double[] values = new double[length];
        if (tensor.getDataLocationValue() == 1 || tensor.getRawData().size() > 0) {
            ByteBuffer bytes = tensor.getDataLocationValue() == 1
                    ? outside(tensor, external)
                    : ByteBuffer.wrap(tensor.getRawData().toByteArray());
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < length; i++) {
                values[i] = next(tensor, bytes);
            }
        } else {
            for (int i = 0; i < length; i++) {
                values[i] = listed(tensor, i);
            }
        }
        return Constant.of(whole, shape, values);
    }

    /** A single constant as it was meant, {@link MeantNumbers#of}. */
    static Constant meant(Constant constant) {
        boolean one = constant.values().length == 1 && !constant.whole();
        double value = one ? constant.values()[0] : 0;
        return one && value == (float) value ? constant.map(v -> MeantNumbers.of((float) v), false) : constant;
    }

    private static ByteBuffer outside(TensorProto tensor, Function<String, byte[]> external) {
        Map<String, String> keys = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            keys.put(entry.getKey(), entry.getValue());
        }
        byte[] bytes = external.apply(keys.getOrDefault("location", ""));
        int offset = Integer.parseInt(keys.getOrDefault("offset", "0"));
        int length = Integer.parseInt(keys.getOrDefault("length", Integer.toString(bytes.length - offset)));
        return ByteBuffer.wrap(bytes, offset, length);
    }

    private static double next(TensorProto tensor, ByteBuffer bytes) {
        return switch (tensor.getDataType()) {
            case FLOAT -> bytes.getFloat();
            case DOUBLE -> bytes.getDouble();
            case FLOAT16 -> half(bytes.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case INT64, UINT64 -> bytes.getLong();
            case INT32 -> bytes.getInt();
            case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
            case INT16 -> bytes.getShort();
            case UINT16 -> Short.toUnsignedInt(bytes.getShort());
            case INT8 -> bytes.get();
            case UINT8 -> Byte.toUnsignedInt(bytes.get());
            default -> {
                if (tensor.getDataType() == TRUTH) {
                    yield bytes.get() != 0 ? 1 : 0;
                }
                throw type(tensor);
            }
        };
    }

    private static double listed(TensorProto tensor, int i) {
        return switch (tensor.getDataType()) {
            case FLOAT -> tensor.getFloatData(i);
            case DOUBLE -> tensor.getDoubleData(i);
            case INT64 -> tensor.getInt64Data(i);
            case UINT32, UINT64 -> tensor.getUint64Data(i);
            case FLOAT16 -> half((short) tensor.getInt32Data(i));
            case BFLOAT16 -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16);
            case INT32, INT16, UINT16, INT8, UINT8 -> tensor.getInt32Data(i);
            default -> {
                if (tensor.getDataType() == TRUTH) {
                    yield tensor.getInt32Data(i) != 0 ? 1 : 0;
                }
                throw type(tensor);
            }
        };
    }

    private static UserError type(TensorProto tensor) {
        return new UserError(
                UserError.Subject.of("model.file: array '" + tensor.getName() + "'"),
                "type " + tensor.getDataType() + " of ONNX",
                "numbers of 8 to 64 bits or truth");
    }

    /** A number of IEEE 754's 16 bits. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double size = exponent == 0
                ? fraction * 0x1p-24
                : exponent == 31
                        ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                        : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
        return bits < 0 ? -size : size;
    }
}

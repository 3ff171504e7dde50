package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.data.format.ImageFile;
import java.util.Arrays;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Features v / 255 of bytes v: as they are, decoded from a file, or out of Spark's images. */
public final class Pixels {
    private static final float WHITE = 255;
    private static final int GREY = 1;

    private Pixels() {}

    /** Whether columns of that type hold Spark's images. */
    public static boolean isImage(DataType type) {
        return type instanceof StructType struct
                && Arrays.equals(struct.fieldNames(), ImageSchema.columnSchema().fieldNames());
    }

    /**
     * Features of a single row, as {@link FrameRows} reads them.
     *
     * @param column for messages
     * @param value as Catalyst holds it: bytes, or one of Spark's images
     * @param shape of the features
     * @return a new array
     * @throws UserError if a file is damaged or of another shape
     */
    public static float[] of(String column, Object value, int[] shape) {
        String where = "column '" + column + "'";
        return value instanceof byte[] bytes
                ? of(where, bytes, shape, null)
                : of(where, (InternalRow) value, shape, null);
    }

    /**
     * The features in a row's bytes. They are a PNG or JPEG file if a shape [C, H, W] is given, it has another number of
     * elements, and they begin as such a file does; else they are the values themselves.
     *
     * @param where for messages
     * @param shape of the features, or null
     * @param into taken for the result if it has its length, or null
     * @throws UserError if a file is damaged or of another shape
     */
    static float[] of(String where, byte[] bytes, int[] shape, float[] into) {
        if (shape != null && shape.length == 3 && bytes.length != shape[0] * shape[1] * shape[2] && isFile(bytes)) {
            ImageFile image = ImageFile.of(where, bytes);
            checkShape(where, image.shape(), shape);
            float[] values = FrameReader.sized(into, image.values().length);
            for (int i = 0; i < values.length; i++) {
                values[i] = image.values()[i] / WHITE;
            }
            return values;
        }
        float[] values = FrameReader.sized(into, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            values[i] = (bytes[i] & 0xFF) / WHITE;
        }
        return values;
    }

    private static boolean isFile(byte... bytes) {
        boolean png =
                bytes.length > 8 && bytes[0] == (byte) 0x89 && bytes[1] == 'P' && bytes[2] == 'N' && bytes[3] == 'G';
        boolean jpeg =
                bytes.length > 3 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xD8 && bytes[2] == (byte) 0xFF;
        return png || jpeg;
    }

    /**
     * The features in one of Spark's images {origin, height, width, nChannels, mode, data}, whose bytes are row by row as BGR
     * or BGRA.
     *
     * @param shape that it must have, or null
     * @throws UserError if it is undefined or of another shape
     */
    static float[] of(String where, InternalRow image, int[] shape, float[] into) {
        int height = image.getInt(1);
        int width = image.getInt(2);
        int channels = image.getInt(3);
        byte[] bytes = image.getBinary(5);
        if (image.getInt(4) == (int) ImageSchema.ocvTypes().apply(ImageSchema.undefinedImageType())
                || bytes.length != channels * height * width) {
            throw new UserError(
                    UserError.Subject.of(where),
                    "an image that is none (" + image.getString(0) + ")",
                    "eight bits a channel (option dropInvalid leaves such rows out)");
        }
        if (shape != null) {
            checkShape(where, new int[] {channels, height, width}, shape);
        }
        float[] values = FrameReader.sized(into, bytes.length);
        int pixels = height * width;
        for (int i = 0; i < bytes.length; i++) {
            int stored = i % channels;
            int channel = channels > GREY && stored < 3 ? 2 - stored : stored;
            values[channel * pixels + i / channels] = (bytes[i] & 0xFF) / WHITE;
        }
        return values;
    }

    private static void checkShape(String where, int[] found, int... expected) {
        if (!Arrays.equals(found, expected)) {
            throw new UserError(
                    UserError.Subject.of(where),
                    "an image of shape " + Arrays.toString(found),
                    Arrays.toString(expected) + " ([channels, height, width])");
        }
    }
}

package io.etastar.tensor;

import io.etastar.UserError;

/** The precision of a program's arithmetic. */
public enum DType {
    FLOAT(4),
    DOUBLE(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** The name in configurations: {@code float} or {@code double}. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The type of that name in a configuration.
     *
     * @throws UserError on any other name
     */
    public static DType of(String key) {
        for (DType type : values()) {
            if (type.key().equals(key)) {
                return type;
            }
        }
        throw new UserError(UserError.Subject.setting("dtype"), "'" + key + "'", "float or double");
    }
}

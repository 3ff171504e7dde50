package io.etastar.interchange;

import io.etastar.UserError;

/** How dense and depthwise weights lie in a file. */
public enum DenseLayout {
    /** PyTorch's: dense [out, in], depthwise [C multiplier, 1, kH, kW]. */
    OUT_IN("out-in"),
    /** Ours: dense [in, out], depthwise [kH, kW, C, multiplier]. */
    IN_OUT("in-out");

    private final String key;

    DenseLayout(String key) {
        this.key = key;
    }

    /** As the command line spells it. */
    public String key() {
        return key;
    }

    /** The other one. */
    DenseLayout other() {
        return this == OUT_IN ? IN_OUT : OUT_IN;
    }

    /**
     * The layout of that name, {@link #OUT_IN} for null.
     *
     * @throws UserError if there is none
     */
    public static DenseLayout of(String key) {
        for (DenseLayout layout : values()) {
            if (key == null || layout.key.equals(key)) {
                return layout;
            }
        }
        throw new UserError(UserError.Subject.option("dense-layout"), "'" + key + "'", "out-in or in-out");
    }
}

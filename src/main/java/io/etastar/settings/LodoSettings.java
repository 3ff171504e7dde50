package io.etastar.settings;

import io.etastar.settings.schema.Key;
import java.io.Serializable;

/** Settings of the lodo optimizer. */
public record LodoSettings(
        @Key(
                value = "blocks",
                oneOf = {"blocks", "residuals", "dense", "diagonal", "global"},
                doc = "what is learned as the inverse Hessian")
        String kind,

        @Key(value = "1.0", above = 0, doc = "learning rate that it begins as")
        double initial,

        @Key(value = "1.0e-3", min = 0, doc = "learning rate of what is learned")
        double metaLr,

        @Key(
                value = "adam",
                oneOf = {"adam", "sgd"},
                doc = "what learns it")
        String meta,

        @Key(value = "0.9", min = 0, below = 1, doc = "share of the old gradients kept in the momentum")
        double beta,

        @Key(min = 1, doc = "blocks, residuals: layers; by default 16 and 64")
        int layers,

        @Key(value = "4", min = 1, doc = "blocks: size of a block")
        int block)
        implements Serializable {
    /** Layers in force. */
    @Override
    public int layers() {
        return layers > 0 ? layers : kind.equals("residuals") ? 64 : 16;
    }
}

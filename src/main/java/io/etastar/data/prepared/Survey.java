package io.etastar.data.prepared;

import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import java.io.Serializable;

/**
 * What is to be known of all rows before the first is written. Bytes are chosen where they give exactly the same features again.
 *
 * @param whole whether all features are whole numbers from 0 to 255
 * @param shares whether all features are 255ths from 0 to 1
 * @param weighted whether any row has a weight
 */
public record Survey(boolean whole, boolean shares, boolean weighted) implements Serializable {
    private static final int LARGEST_BYTE = 255;

    /** Looks at a shard in single precision. */
    public static Survey of(Shard shard) {
        float[] features = shard.features().floats();
        return new Survey(
                FeatureEncoding.exact(features, 1),
                FeatureEncoding.exact(features, LARGEST_BYTE),
                shard.weights() != null);
    }

    /** Of both sets of rows. */
    public Survey plus(Survey other) {
        return new Survey(whole && other.whole, shares && other.shares, weighted || other.weighted);
    }

    /** The format that keeps such rows exactly. */
    public RowFormat format(RowShape rows) {
        boolean bytes = whole || shares;
        FeatureEncoding features = new FeatureEncoding(
                rows.features(),
                bytes ? FeatureEncoding.BYTE : FeatureEncoding.FLOAT,
                bytes && !whole ? LARGEST_BYTE : 1);
        return new RowFormat(features, rows.targets(), rows.classes(), weighted);
    }
}

package io.etastar.data.prepared;

import io.etastar.data.Ranges;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import java.io.Serializable;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Columns of a row: {@code features} (binary); {@code label} (int32) of classes, {@code target} (float) of one number or
 * {@code targets} (binary, little-endian float32) of several; {@code weight} (double) if rows have weights.
 *
 * @param features how features are stored
 * @param targetShape of a row's targets; shared
 * @param classes number of classes, 0 if targets are numbers
 * @param weighted whether rows have weights
 */
public record RowFormat(FeatureEncoding features, int[] targetShape, int classes, boolean weighted)
        implements Serializable {
    static final String FEATURES = "features";
    static final String LABEL = "label";
    static final String TARGET = "target";
    static final String TARGETS = "targets";
    static final String WEIGHT = "weight";

    /** The format of a manifest's rows. */
    static RowFormat of(Manifest manifest) {
        return new RowFormat(
                manifest.features(),
                manifest.targets().shape(),
                manifest.targets().classes(),
                manifest.weighted());
    }

    int targetLength() {
        return Ranges.length(targetShape);
    }

    /** Name of the column of targets. */
    String targetColumn() {
        return classes > 0 ? LABEL : targetShape.length == 0 ? TARGET : TARGETS;
    }

    MessageType schema() {
        PrimitiveTypeName target = classes > 0
                ? PrimitiveTypeName.INT32
                : targetShape.length == 0 ? PrimitiveTypeName.FLOAT : PrimitiveTypeName.BINARY;
        Types.MessageTypeBuilder message = Types.buildMessage();
        message.required(PrimitiveTypeName.BINARY).named(FEATURES);
        message.required(target).named(targetColumn());
        if (weighted) {
            message.required(PrimitiveTypeName.DOUBLE).named(WEIGHT);
        }
        return message.named("row");
    }

    /**
     * Facts about all rows that decide on the format before the first row is written. Bytes are chosen if they restore all features
     * exactly.
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

        /** The survey of both sets of rows. */
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
}

package io.etastar.data.prepared;

import io.etastar.data.Shard;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * The part of each row by a hash of its content: SHA-256 of the seed (little-endian int64), the features and the targets
 * (little-endian float32, as they are read from the source). The first 53 bits, a number in [0, 1), fall into the share of
 * train, validation or test. Neither order nor partitioning of rows matters, and equal rows stay together.
 *
 * @param shares of train, validation and test, adding up to 1; shared
 * @param seed of the hash
 */
public record RowHash(double[] shares, long seed) implements Serializable {
    /** Name of the function, for manifests. */
    public static final String FUNCTION = "sha-256";

    /** Index in {@link Manifest#PARTS} of the part that a row belongs to. */
    int part(Shard shard, int row) {
        for (int part = 0; part < shares.length; part++) {
            if (shares[part] == 1) {
                return part;
            }
        }
        double position = position(shard, row);
        double end = 0;
        int last = 0;
        for (int part = 0; part < shares.length; part++) {
            end += shares[part];
            if (shares[part] > 0) {
                last = part;
                if (position < end) {
                    return part;
                }
            }
        }
        return last;
    }

    private double position(Shard shard, int row) {
        int features = shard.featureLength();
        int targets = shard.targetLength();
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + Float.BYTES * (features + targets))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(seed);
        for (int i = 0; i < features; i++) {
            bytes.putFloat((float) shard.features().get(row * features + i));
        }
        for (int i = 0; i < targets; i++) {
            bytes.putFloat((float) shard.targets().get(row * targets + i));
        }
        MessageDigest sha = Checksums.sha256();
        sha.update(bytes.array());
        return (ByteBuffer.wrap(sha.digest()).getLong() >>> 11) * 0x1p-53;
    }
}

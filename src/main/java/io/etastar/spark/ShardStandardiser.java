package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;

/** MERGE: stands in for {@code Standardisation.applyInPlace(Shard, int[])} of the data package; delete then. */
final class ShardStandardiser {
    private ShardStandardiser() {}

    static void applyInPlace(Standardisation standardisation, Shard shard, int[] featureShape) {
        RawArray features = shard.features();
        int channels = featureShape.length == 3 ? featureShape[0] : 1;
        int perChannel = shard.featureLength() / channels;
        for (int i = 0; i < features.length(); i++) {
            int channel = i / perChannel % channels;
            features.set(
                    i,
                    (features.get(i) - standardisation.mean()[channel])
                            / standardisation.deviation()[channel]);
        }
    }
}

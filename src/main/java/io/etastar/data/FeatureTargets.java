package io.etastar.data;

import io.etastar.tensor.RawArray;

/** Rows of another source whose targets are their features as stored, not standardised: what an autoencoder is to give. */
public final class FeatureTargets extends ForwardingSource {
    private static final long serialVersionUID = 1L;

    /** @param source of the features */
    public FeatureTargets(DataSource source) {
        super(source);
    }

    @Override
    public RowShape shape() {
        int[] features = source.shape().features();
        return RowShape.ofNumbers(source.shape().description(), features, features);
    }

    @Override
    public Shard read(int from, int to) {
        Shard shard = source.read(from, to);
        RawArray features = shard.features();
        // A copy: features are standardised where they lie.
        RawArray targets = features.floats() != null
                ? RawArray.of(features.floats().clone())
                : RawArray.of(features.doubles().clone());
        return new Shard(shard.rows(), features, targets, shard.weights());
    }
}

package io.etastar.data;

import io.etastar.UserError;
import io.etastar.tensor.RawArray;
import java.util.Arrays;

/** A source that changes some part of another one and forwards the rest. */
public abstract class DerivedSource implements DataSource {
    private static final long serialVersionUID = 1L;

    /** The other one. */
    protected final DataSource source;

    DerivedSource(DataSource source) {
        this.source = source;
    }

    /**
     * Rows of another source whose targets are their features as stored, not standardised: the task of an autoencoder.
     *
     * @param source of the features
     */
    public static DataSource featureTargets(DataSource source) {
        return new FeatureTargets(source);
    }

    /**
     * Rows of another source, each of its own weight times that of its class. With weights w the mean loss of a batch is
     * sum(w_i l_i) / sum(w_i), as in PyTorch's {@code CrossEntropyLoss(weight)}.
     *
     * @param source of the rows, with classes
     * @param weights one positive number for each class; copied
     * @throws UserError if there are not as many weights as classes, or one is not positive and finite
     */
    public static DataSource classWeights(DataSource source, double... weights) {
        return new ClassWeights(source, weights);
    }

    @Override
    public RowShape shape() {
        return source.shape();
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public Shard read(int from, int to) {
        return source.read(from, to);
    }

    @Override
    public Standardisation inspect() {
        return source.inspect();
    }

    private static final class FeatureTargets extends DerivedSource {
        private static final long serialVersionUID = 1L;

        FeatureTargets(DataSource source) {
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
            // A copy: features are standardised in place.
            RawArray targets = features.floats() != null
                    ? RawArray.of(features.floats().clone())
                    : RawArray.of(features.doubles().clone());
            return new Shard(shard.rows(), features, targets, shard.weights());
        }
    }

    private static final class ClassWeights extends DerivedSource {
        private static final long serialVersionUID = 1L;

        private final double[] weights;

        ClassWeights(DataSource source, double... weights) {
            super(source);
            this.weights = weights.clone();
            if (weights.length != source.shape().classes()) {
                throw new UserError(
                        UserError.Subject.setting("data.class_weights"),
                        weights.length + " weights",
                        source.shape().classes() + ", the classes of "
                                + source.shape().description());
            }
            if (!Arrays.stream(weights).allMatch(weight -> weight > 0 && Double.isFinite(weight))) {
                throw new UserError(
                        UserError.Subject.setting("data.class_weights"), Arrays.toString(weights), "positive numbers");
            }
        }

        @Override
        public Shard read(int from, int to) {
            Shard shard = source.read(from, to);
            double[] weighted = new double[shard.rows()];
            for (int i = 0; i < weighted.length; i++) {
                weighted[i] = shard.weight(i) * weights[(int) shard.targets().get(i)];
            }
            return new Shard(shard.rows(), shard.features(), shard.targets(), weighted);
        }
    }
}

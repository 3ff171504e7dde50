package io.etastar.data;

import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.io.Serializable;

/**
 * Rows of a data set as primitive arrays: what a partition of the cached RDD holds, exactly one, possibly of no rows.
 *
 * <p>Row i's features are elements [i*f, (i+1)*f) of {@code features}, f = featureLength; targets likewise. A class label
 * is one target element holding the class index. Row i may have a weight: sums over rows count it that many times.
 */
public final class Shard implements Serializable {
    private static final long serialVersionUID = 2L;

    private final int rows;
    private final RawArray features;
    private final RawArray targets;
    private final double[] weights;
    private final long digest;

    /**
     * Rows of weight 1.
     *
     * @param rows number of rows
     * @param features rows x featureLength elements; shared
     * @param targets rows x targetLength elements; shared
     */
    public Shard(int rows, RawArray features, RawArray targets) {
        this(rows, features, targets, null);
    }

    /**
     * @param rows number of rows
     * @param features rows x featureLength elements; shared
     * @param targets rows x targetLength elements; shared
     * @param weights of the rows, finite and not negative; shared; null if all are 1
     * @throws IllegalArgumentException if lengths do not fit
     */
    public Shard(int rows, RawArray features, RawArray targets, double[] weights) {
        this(rows, features, targets, weights, 0);
    }

    private Shard(int rows, RawArray features, RawArray targets, double[] weights, long digest) {
        if (weights != null && weights.length != rows) {
            throw new IllegalArgumentException(weights.length + " weights for " + rows + " rows");
        }
        if (rows > 0 && (features.length() % rows != 0 || targets.length() % rows != 0)) {
            throw new IllegalArgumentException(features.length() + " feature and " + targets.length()
                    + " target elements do not divide into " + rows + " rows");
        }
        this.rows = rows;
        this.features = features;
        this.targets = targets;
        this.weights = weights;
        this.digest = digest;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Elements of a row's features; 0 for a shard of no rows. */
    public int featureLength() {
        return rows == 0 ? 0 : features.length() / rows;
    }

    /** Elements of a row's targets; 0 for a shard of no rows. */
    public int targetLength() {
        return rows == 0 ? 0 : targets.length() / rows;
    }

    /** All features; shared. */
    public RawArray features() {
        return features;
    }

    /** All targets; shared. */
    public RawArray targets() {
        return targets;
    }

    /** Weights of the rows, or null if all are 1; shared. */
    public double[] weights() {
        return weights;
    }

    /** Weight of a row. */
    public double weight(int row) {
        return weights == null ? 1 : weights[row];
    }

    /** Weights of {@code picked} rows, a new array, or null if all are 1. */
    double[] weightsOf(int... picked) {
        if (weights == null) {
            return null;
        }
        double[] found = new double[picked.length];
        for (int i = 0; i < picked.length; i++) {
            found[i] = weights[picked[i]];
        }
        return found;
    }

    /** Targets of {@code picked} rows; a new array in the precision of the shard's. */
    RawArray targetsOf(int... picked) {
        int length = targetLength();
        RawArray found = RawArray.zeros(targets.type(), picked.length * length);
        for (int i = 0; i < picked.length; i++) {
            copy(targets, picked[i] * length, found, i * length, length);
        }
        return found;
    }

    /** Some of the rows, in the order in which they are named; new arrays. */
    public Shard pick(int... picked) {
        int length = featureLength();
        RawArray found = RawArray.zeros(features.type(), picked.length * length);
        for (int i = 0; i < picked.length; i++) {
            copy(features, picked[i] * length, found, i * length, length);
        }
        return new Shard(picked.length, found, targetsOf(picked), weightsOf(picked));
    }

    /** This shard with the digest of its rows as they were stored. */
    public Shard withDigest(RowDigest ofStored) {
        return new Shard(rows, features, targets, weights, ofStored.value());
    }

    /** The digest of the rows as they were stored, if it was given. */
    public RowDigest digest() {
        return new RowDigest(rows, digest);
    }

    /**
     * The rows of this shard, then those of another of the same shape, with the digest of the first; may share the arrays of
     * either.
     */
    public Shard followedBy(Shard other) {
        if (rows == 0 || other.rows == 0) {
            return rows == 0 ? other.withDigest(digest()) : this;
        }
        double[] both = null;
        if (weights != null || other.weights != null) {
            both = new double[rows + other.rows];
            for (int i = 0; i < both.length; i++) {
                both[i] = i < rows ? weight(i) : other.weight(i - rows);
            }
        }
        return new Shard(
                rows + other.rows, joined(features, other.features), joined(targets, other.targets), both, digest);
    }

    /** In double precision if one of them is. */
    private static RawArray joined(RawArray first, RawArray second) {
        boolean same = first.type() == second.type();
        RawArray left = same ? first : RawArray.of(first.toDoubles());
        RawArray right = same ? second : RawArray.of(second.toDoubles());
        RawArray both = RawArray.zeros(left.type(), left.length() + right.length());
        copy(left, 0, both, 0, left.length());
        copy(right, 0, both, left.length(), right.length());
        return both;
    }

    /** This shard with features in double precision. */
    public Shard widened() {
        return features.type() == DType.DOUBLE
                ? this
                : new Shard(rows, RawArray.of(features.toDoubles()), targets, weights);
    }

    /** This shard, or one with features rounded to single precision if these are double and {@code type} is not. */
    public Shard roundedTo(DType type) {
        return type == DType.FLOAT && features.type() == DType.DOUBLE
                ? new Shard(rows, RawArray.copyOf(type, features.doubles()), targets, weights)
                : this;
    }

    /** Copies elements between arrays of the same precision. */
    static void copy(RawArray source, int from, RawArray target, int to, int count) {
        Object in = source.floats() != null ? source.floats() : source.doubles();
        Object out = target.floats() != null ? target.floats() : target.doubles();
        System.arraycopy(in, from, out, to, count);
    }
}

package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.Ranges;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;

/** Rows given as arrays, in the precision they are given in. The arrays are shared and travel with the source. */
public final class ArrayDataSource implements DataSource {
    private static final long serialVersionUID = 1L;

    private final RowShape shape;
    private final int rows;
    private final RawArray features;
    private final RawArray targets;
    private final double[] weights;

    /**
     * Rows of weight 1.
     *
     * @param description what it is and where it came from, for messages
     * @param features rows x featureShape elements
     * @param featureShape shape of a row's features
     * @param targets rows x targetShape elements
     * @param targetShape shape of a row's targets, empty for a class index or a scalar
     * @param classes number of classes, or 0 if targets are not class indices
     * @throws UserError if the lengths do not make the same number of rows, at least one
     */
    public ArrayDataSource(
            String description,
            RawArray features,
            int[] featureShape,
            RawArray targets,
            int[] targetShape,
            int classes) {
        this(description, features, featureShape, targets, targetShape, classes, null);
    }

    /**
     * @param description what it is and where it came from, for messages
     * @param features rows x featureShape elements
     * @param featureShape shape of a row's features
     * @param targets rows x targetShape elements
     * @param targetShape shape of a row's targets, empty for a class index or a scalar
     * @param classes number of classes, or 0 if targets are not class indices
     * @param weights of the rows, or null if all are 1
     * @throws UserError if the lengths do not make the same number of rows, at least one
     */
    public ArrayDataSource(
            String description,
            RawArray features,
            int[] featureShape,
            RawArray targets,
            int[] targetShape,
            int classes,
            double[] weights) {
        this.shape = new RowShape(description, featureShape, targetShape, classes, List.of());
        this.features = features;
        this.targets = targets;
        this.weights = weights;
        this.rows = targets.length() / Math.max(1, Ranges.length(targetShape));
        long expected = (long) rows * Ranges.length(featureShape);
        if (rows == 0
                || features.length() != expected
                || targets.length() != (long) rows * Ranges.length(targetShape)) {
            throw new UserError(
                    UserError.Subject.of(description),
                    features.length() + " feature and " + targets.length() + " target elements",
                    "the same number of rows of " + Arrays.toString(featureShape) + " and "
                            + Arrays.toString(targetShape) + ", at least one");
        }
        if (weights != null && weights.length != rows) {
            throw new UserError(
                    UserError.Subject.of(description), weights.length + " weights", rows + ", one for each row");
        }
    }

    @Override
    public RowShape shape() {
        return shape;
    }

    @Override
    public int rows() {
        return rows;
    }

    /** Rows [from, to) in the precision that was given. */
    @Override
    public Shard read(int from, int to) {
        int count = Ranges.check(from, to, rows);
        return new Shard(
                count,
                slice(features, from, to),
                slice(targets, from, to),
                weights == null ? null : Arrays.copyOfRange(weights, from, to));
    }

    private RawArray slice(RawArray array, int from, int to) {
        int length = array.length() / rows;
        return array.floats() != null
                ? RawArray.of(Arrays.copyOfRange(array.floats(), from * length, to * length))
                : RawArray.of(Arrays.copyOfRange(array.doubles(), from * length, to * length));
    }

    @Override
    public Standardisation inspect() {
        checkFinite("features", features);
        checkFinite("targets", targets);
        checkWeights();
        for (int i = 0; shape.classes() > 0 && i < targets.length(); i++) {
            double label = targets.get(i);
            if (label < 0 || label >= shape.classes() || label != Math.rint(label)) {
                throw new UserError(
                        UserError.Subject.of(shape.description() + ": row " + i),
                        "label " + label,
                        "a whole number from 0 to " + (shape.classes() - 1));
            }
        }
        return Standardisation.of(features, shape.features());
    }

    private void checkWeights() {
        double sum = 0;
        for (int i = 0; weights != null && i < rows; i++) {
            if (!(weights[i] >= 0) || Double.isInfinite(weights[i])) {
                throw new UserError(
                        UserError.Subject.of(shape.description() + ": weights, row " + i),
                        weights[i],
                        "a finite number >= 0");
            }
            sum += weights[i];
        }
        if (weights != null && sum == 0) {
            throw new UserError(
                    UserError.Subject.of(shape.description() + ": weights"), "only zeros", "a positive one");
        }
    }

    private void checkFinite(String name, RawArray array) {
        int length = array.length() / rows;
        for (int i = 0; i < array.length(); i++) {
            if (!Double.isFinite(array.get(i))) {
                throw new UserError(
                        UserError.Subject.of(
                                shape.description() + ": " + name + ", row " + i / length + ", column " + i % length),
                        array.get(i),
                        "a finite number");
            }
        }
    }
}

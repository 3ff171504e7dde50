package io.etastar.storage;

import io.etastar.partition.ParameterLayout;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a model directory holds. Arrays are shared.
 *
 * @param description the model's recipe, a JSON object
 * @param layout names, shapes and order of the parameters
 * @param theta parameters [P] in the layout's order, float or double
 * @param mean of each channel of the features, or null if they are not standardised
 * @param deviation of each channel, or null if they are not standardised
 * @param classes number of classes, or 0 if targets are not class indices
 * @param classValues values of labels that are the classes; class indices if classes have no names
 * @param table how columns of a table become the features, or null if features are what the data hold
 * @param constants values of the long constants of the recipe's graph; null if it has none
 */
public record StoredModel(
        String description,
        ParameterLayout layout,
        RawArray theta,
        double @Nullable [] mean,
        double @Nullable [] deviation,
        int classes,
        ClassValues classValues,
        @Nullable TableEncoding table,
        @Nullable RawArray constants)
        implements Serializable {
    /** A model whose features are what the data hold. */
    public StoredModel(
            String description,
            ParameterLayout layout,
            RawArray theta,
            double @Nullable [] mean,
            double @Nullable [] deviation,
            int classes) {
        this(description, layout, theta, mean, deviation, classes, ClassValues.INDICES, null, null);
    }

    /** A model whose classes have no names. */
    public StoredModel(
            String description,
            ParameterLayout layout,
            RawArray theta,
            double @Nullable [] mean,
            double @Nullable [] deviation,
            int classes,
            @Nullable TableEncoding table) {
        this(description, layout, theta, mean, deviation, classes, ClassValues.INDICES, table, null);
    }

    /** The same with classes of these values. */
    public StoredModel with(ClassValues values) {
        return new StoredModel(description, layout, theta, mean, deviation, classes, values, table, constants);
    }

    /** The same with other parameters [P], shared. */
    public StoredModel with(RawArray other) {
        return new StoredModel(description, layout, other, mean, deviation, classes, classValues, table, constants);
    }

    /** The same with values of constants, shared; null for none. */
    public StoredModel withConstants(@Nullable RawArray values) {
        return new StoredModel(description, layout, theta, mean, deviation, classes, classValues, table, values);
    }

    /** The same with another standardisation of the features, shared. */
    public StoredModel with(double @Nullable [] otherMean, double @Nullable [] otherDeviation) {
        return new StoredModel(
                description, layout, theta, otherMean, otherDeviation, classes, classValues, table, constants);
    }

    /** Checks that the parts fit each other. */
    public StoredModel {
        if (theta.length() != layout.size()) {
            throw new IllegalArgumentException(theta.length() + " parameters for a layout of " + layout.size());
        }
        if ((mean == null ? -1 : mean.length) != (deviation == null ? -1 : deviation.length)) {
            throw new IllegalArgumentException("mean and deviation are not of the same channels");
        }
        if (!classValues.areIndices() && classValues.names().size() != classes) {
            throw new IllegalArgumentException(classValues.names().size() + " names of " + classes + " classes");
        }
    }
}

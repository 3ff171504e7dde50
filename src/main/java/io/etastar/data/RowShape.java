package io.etastar.data;

import java.io.Serializable;
import java.util.List;

/**
 * Metadata of a data set's rows, available before any row is read. Immutable: arrays are copied on the way in and out.
 *
 * @param description what the rows are and where they come from, one short line for messages and Spark's job descriptions
 * @param features shape of a row's features, images as [C, H, W]
 * @param targets shape of a row's targets; empty for one class index or one scalar
 * @param classes number of classes; 0 if targets are not class indices
 * @param classNames name of each class, in the order of their indices; empty if classes have no names
 */
public record RowShape(String description, int[] features, int[] targets, int classes, List<String> classNames)
        implements Serializable {
    private static final int[] SCALAR = {};

    /** Copies arrays and list. */
    public RowShape {
        features = features.clone();
        targets = targets.clone();
        classNames = List.copyOf(classNames);
    }

    /** Rows whose targets are class indices, from 0 to {@code classes} - 1. */
    public static RowShape ofClasses(String description, int[] features, int classes) {
        return new RowShape(description, features, SCALAR, classes, List.of());
    }

    /** Rows whose targets are class indices, of classes with names. */
    public static RowShape ofClasses(String description, int[] features, List<String> names) {
        return new RowShape(description, features, SCALAR, names.size(), names);
    }

    /**
     * Rows whose targets are numbers.
     *
     * @param targets shape of a row's targets; empty for one scalar
     */
    public static RowShape ofNumbers(String description, int[] features, int... targets) {
        return new RowShape(description, features, targets, 0, List.of());
    }

    /** The same rows under another description. */
    public RowShape describedAs(String other) {
        return new RowShape(other, features, targets, classes, classNames);
    }

    /** The same rows with names of their classes. */
    public RowShape withClassNames(List<String> names) {
        return new RowShape(description, features, targets, classes, names);
    }

    @Override
    public int[] features() {
        return features.clone();
    }

    @Override
    public int[] targets() {
        return targets.clone();
    }

    /** Elements of a row's features. */
    public int featureLength() {
        return Ranges.length(features);
    }

    /** Elements of a row's targets. */
    public int targetLength() {
        return Ranges.length(targets);
    }
}

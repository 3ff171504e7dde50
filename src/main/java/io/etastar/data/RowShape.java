package io.etastar.data;

/**
 * What a row is.
 *
 * @param description of the rows' source, for messages
 * @param features shape of a row's features, images as [C, H, W]; shared
 * @param targets shape of a row's targets, empty for one class index or one scalar; shared
 * @param classes number of classes, 0 if targets are no class indices
 */
public record RowShape(String description, int[] features, int[] targets, int classes) {
    /** Elements of a row's features. */
    public int featureLength() {
        return Ranges.length(features);
    }

    /** Elements of a row's targets. */
    public int targetLength() {
        return Ranges.length(targets);
    }
}

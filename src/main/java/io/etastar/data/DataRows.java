package io.etastar.data;

import io.etastar.tensor.RawArray;

/** What training must know of rows before it reads them, wherever they come from. */
public interface DataRows {
    /** What and where, for messages and Spark job descriptions: one short line. */
    String description();

    /** Shape of a row's features, images as [C, H, W]. */
    int[] featureShape();

    /** Shape of a row's targets; empty for one class index or one scalar. */
    int[] targetShape();

    /** Number of classes; 0 if targets are not class indices. */
    int classes();

    /** Number of rows. */
    int rows();

    /** Targets of some of the rows, at least one, the largest and the smallest among them if they are known. */
    RawArray someTargets();

    /** What is done to the rows of each pass before the model sees them, or null. */
    default BatchTransform transform() {
        return null;
    }

    /** The same rows without what is done to training rows alone. */
    DataRows forEvaluation();

    /** What the model sees of a row, whether it is transformed or not. */
    default RowShape modelRows() {
        RowShape stored = new RowShape(description(), featureShape(), targetShape(), classes());
        return transform() == null ? stored : transform().of(stored);
    }
}

package io.etastar.data;

import java.io.Serializable;

/** Rows that can be read in ranges, on the driver or on executors; one implementation is one reader. */
public interface DataSource extends Serializable {
    /** What and where, for messages and Spark job descriptions: one short line. */
    String description();

    /** Shape of a row's features, images as [C, H, W]. */
    int[] featureShape();

    /** Shape of a row's targets; empty for one class index or one scalar. */
    int[] targetShape();

    /** Number of classes; 0 where targets are not class indices. */
    int classes();

    /** Number of rows. */
    int rows();

    /** Rows [from, to) in single precision, as stored: not standardised. A new shard. */
    Shard read(int from, int to);

    /** What is done to the rows of each pass before the model sees them, or null. */
    default BatchTransform transform() {
        return null;
    }

    /** The same rows without what is done to training rows alone. */
    default DataSource forEvaluation() {
        return transform() != null && transform().trainingOnly() ? new TransformedSource(this, null) : this;
    }

    /** What the model sees of a row, whether it is transformed or not. */
    default RowShape modelRows() {
        RowShape stored = new RowShape(description(), featureShape(), targetShape(), classes());
        return transform() == null ? stored : transform().of(stored);
    }

    /**
     * Reads everything once on the driver, checks it and measures it.
     *
     * @return mean and deviation of each channel
     * @throws io.etastar.UserError naming the file, what was found and what is expected
     */
    Standardisation inspect();
}

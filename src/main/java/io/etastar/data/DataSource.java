package io.etastar.data;

import io.etastar.tensor.RawArray;
import java.io.Serializable;

/** Rows that can be read in ranges, on the driver or on executors; one implementation is one reader. */
public interface DataSource extends DataRows, Serializable {
    /** Rows whose targets are looked at. */
    int SOME = 256;

    /** Rows [from, to) in single precision, as stored: not standardised. A new shard. */
    Shard read(int from, int to);

    @Override
    default RawArray someTargets() {
        return read(0, Math.min(rows(), SOME)).targets();
    }

    @Override
    default DataSource forEvaluation() {
        return transform() != null && transform().trainingOnly() ? new TransformedSource(this, null) : this;
    }

    /**
     * Reads everything once on the driver, checks it and measures it.
     *
     * @return mean and deviation of each channel
     * @throws io.etastar.UserError naming the file, what was found and what is expected
     */
    Standardisation inspect();
}

package io.etastar.data;

import java.io.Serializable;

/** A reader of rows in ranges, on the driver or on executors; one implementation is one format. */
public interface DataSource extends Serializable {
    /** Metadata of the rows, as stored. */
    RowShape shape();

    /** Number of rows. */
    int rows();

    /** Rows [from, to) in single precision, as stored: not standardised. A new shard. */
    Shard read(int from, int to);

    /**
     * Reads all rows once on the driver, checks and measures them.
     *
     * @return mean and deviation of each channel
     * @throws io.etastar.UserError naming the file, what was found and what is expected
     */
    Standardisation inspect();
}

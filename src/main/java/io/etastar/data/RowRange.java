package io.etastar.data;

/** A range of another source's rows as a data set of its own. */
public final class RowRange extends DerivedSource {
    private static final long serialVersionUID = 1L;

    private final int first;
    private final int end;

    /**
     * Rows [first, end).
     *
     * @param source of the rows
     */
    public RowRange(DataSource source, int first, int end) {
        super(source);
        Ranges.check(first, end, source.rows());
        this.first = first;
        this.end = end;
    }

    /**
     * One side of a split: the last rows are for testing.
     *
     * @param source of all rows, at least two
     * @param share of the rows that are for testing, in (0, 1); at least one row is on either side
     * @param train whether the training rows are wanted
     */
    public static RowRange split(DataSource source, double share, boolean train) {
        int rows = source.rows();
        int test = testRows(rows, share);
        return train ? new RowRange(source, 0, rows - test) : new RowRange(source, rows - test, rows);
    }

    /**
     * How many rows of a split are for testing.
     *
     * @param rows of both sides, at least two
     * @param share of the rows that are for testing, in (0, 1)
     */
    public static int testRows(int rows, double share) {
        return (int) Math.max(1, Math.min(rows - 1, Math.round(share * rows)));
    }

    @Override
    public RowShape shape() {
        RowShape all = source.shape();
        return all.describedAs(all.description() + ", rows " + first + " to " + (end - 1));
    }

    @Override
    public int rows() {
        return end - first;
    }

    @Override
    public Shard read(int from, int to) {
        Ranges.check(from, to, rows());
        return source.read(first + from, first + to);
    }

    /** Checks all rows of the source and measures this range's. */
    @Override
    public Standardisation inspect() {
        source.inspect();
        return Standardisation.of(read(0, rows()).features(), shape().features());
    }
}

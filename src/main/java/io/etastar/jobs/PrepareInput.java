package io.etastar.jobs;

import io.etastar.data.RowShape;
import io.etastar.spark.rows.Preparation;
import java.util.List;

/** What is prepared: rows as shards. */
interface PrepareInput extends AutoCloseable {
    /** Features of a file's rows in single precision, if nothing else is said. */
    int FILE_BYTES = 32 << 20;

    /** Opens data; checks everything that can be checked, without Spark if it does not take Spark. */
    static PrepareInput open(PrepareOptions options, LazyContext spark) {
        return FrameFiles.FORMATS.contains(options.format())
                ? PrepareFrames.open(options, spark.get())
                : PrepareSources.open(options, spark);
    }

    /** Where rows come from, for the manifest. */
    String description();

    /** What a row is. */
    RowShape rows();

    /** A name for each class, or none. */
    List<String> classNames();

    /** The rows, laid out as files; starts Spark. */
    List<Preparation.Input> shards();

    /** Files for so many rows. */
    static int files(PrepareOptions options, RowShape shape, int rows) {
        int standard = Math.max(1, FILE_BYTES / Float.BYTES / shape.featureLength());
        int most = options.rowsPerFile(standard);
        return (rows + most - 1) / most;
    }

    @Override
    void close();
}

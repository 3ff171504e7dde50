package io.etastar.jobs;

import io.etastar.data.RowShape;
import io.etastar.data.prepared.RowHash;
import io.etastar.spark.rows.Preparation;
import io.etastar.spark.rows.Rows;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows to prepare.
 *
 * @param parts training rows, and test rows if there are any
 */
record PrepareInput(PrepareOptions options, LazyContext spark, List<Rows> parts) implements AutoCloseable {
    /** Features of a file's rows in single precision, if nothing else is said. */
    private static final int FILE_BYTES = 32 << 20;

    /** Opens data; checks everything that can be checked, without Spark if it does not take Spark. */
    static PrepareInput open(PrepareOptions options, LazyContext spark) {
        List<Rows> parts = FrameFiles.FORMATS.contains(options.format())
                ? PrepareFrames.open(options, spark.get())
                : PrepareSources.open(options);
        return new PrepareInput(options, spark, parts);
    }

    /** Where rows come from, for the manifest. */
    String description() {
        return options.path() == null ? options.format() : options.format() + " " + options.path();
    }

    /** What a row is. */
    RowShape shape() {
        return parts.get(0).shape();
    }

    /** The rows, laid out as files; starts Spark. */
    List<Preparation.Input> shards() {
        List<Preparation.Input> inputs = new ArrayList<>();
        for (Rows part : parts) {
            boolean test = part != parts.get(0) && !options.pooled();
            double[] shares = test ? new double[] {0, 0, 1} : options.split().shares();
            inputs.add(new Preparation.Input(part.lay(spark.get(), files(part)), new RowHash(shares, options.seed())));
        }
        return inputs;
    }

    private int files(Rows part) {
        int standard = Math.max(1, FILE_BYTES / Float.BYTES / part.shape().featureLength());
        int most = options.rowsPerFile(standard);
        return (part.count() + most - 1) / most;
    }

    @Override
    public void close() {
        parts.forEach(Rows::close);
    }
}

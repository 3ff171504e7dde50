package io.etastar.source;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.DerivedSource;
import io.etastar.data.RowRange;
import io.etastar.data.RowShape;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.spark.rows.Rows;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * A format of data, and how its rows are opened.
 *
 * @param name as in {@code data.source} and on the command line of jobs/prepare-data.sh
 * @param columns whether Spark reads the files, which have columns
 * @param forJob opens them for a job
 * @param toPrepare opens them to be prepared; null if they cannot be
 */
record Format(String name, boolean columns, ForJob forJob, ToPrepare toPrepare) {
    /** Opens training or test rows as a job asks for them, not transformed. */
    @FunctionalInterface
    interface ForJob {
        /**
         * @param known what the training rows said; null if these are the training rows
         * @param spark asked for a context if Spark reads the rows, and only then
         * @throws UserError naming the file or column, what was found and what is expected
         */
        Rows open(Configuration job, boolean train, @Nullable Known known, Supplier<JavaSparkContext> spark);
    }

    /** Opens training rows and, if there are any, test rows. */
    @FunctionalInterface
    interface ToPrepare {
        /**
         * @param spark asked for a context if Spark reads the rows, and only then
         * @throws UserError naming the file or column, what was found and what is expected
         */
        List<Rows> open(Formats.PrepareRequest request, Supplier<JavaSparkContext> spark);
    }

    /** Opens the training or the test rows that come with a source. */
    @FunctionalInterface
    interface Reader {
        DataSource open(Configuration job, boolean train);
    }

    /** A format that executors read by a {@link DataSource}. */
    static Format read(String name, Reader reader, ToPrepare toPrepare) {
        return new Format(name, false, (job, train, known, spark) -> Rows.of(source(reader, job, train)), toPrepare);
    }

    /** A source's rows with the test share, the targets and the weights of classes that a job asks for. */
    private static DataSource source(Reader reader, Configuration job, boolean train) {
        DataSettings data = job.data();
        DataSource source = data.splits()
                ? RowRange.split(reader.open(job, true), data.files().testShare(), train)
                : reader.open(job, train);
        if (data.rows().targets().equals("features")) {
            source = DerivedSource.featureTargets(source);
        }
        return train ? weighted(job, source) : source;
    }

    private static DataSource weighted(Configuration job, DataSource source) {
        List<Double> weights = job.data().classes().classWeights();
        if (weights.isEmpty()) {
            return source;
        }
        RowShape shape = source.shape();
        if (shape.classes() != weights.size()) {
            throw job.mistake(
                    "data.class_weights",
                    shape.classes() + " numbers, one for each class of " + shape.description()
                            + (shape.classNames().isEmpty() ? "" : ": " + UserError.names(shape.classNames())));
        }
        return DerivedSource.classWeights(
                source, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }
}

package io.etastar.spark.rows;

import io.etastar.data.BatchTransform;
import io.etastar.data.DataSource;
import io.etastar.data.RowDigest;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/**
 * A data set to train on or to test with, before it is laid out in the cluster. Its metadata is known without a Spark job;
 * {@link #lay} makes shards of it. Immutable; a view shares what its original keeps, and its life.
 */
public interface Rows extends AutoCloseable {
    /** Rows that executors read from a source themselves. */
    static Rows of(DataSource source) {
        return new SourceRows(source, null);
    }

    /** Metadata of the rows, as stored. */
    RowShape stored();

    /** Number of rows. */
    int count();

    /** Targets of some of the rows, at least one; the smallest and the largest are among them if they are known. */
    RawArray someTargets();

    /** The change of the rows in each pass, or null. */
    BatchTransform transform();

    /**
     * The same rows, changed in each pass.
     *
     * @param transform in place of the present one; null for none
     * @throws io.etastar.UserError if the transform does not take such rows
     */
    Rows with(BatchTransform transform);

    /**
     * The first rows alone.
     *
     * @param count of them, from 1 to the number of rows
     */
    Rows first(int count);

    /**
     * Checks that all rows can be read; does nothing if that was done when they were opened.
     *
     * @throws io.etastar.UserError naming the file, what was found and what is expected
     */
    void check();

    /**
     * Checks all rows, as {@link #check} does, and measures them as stored.
     *
     * @param partitions number of shards that they will be laid out in; rounding may depend on it
     * @return mean and deviation of each channel
     */
    Standardisation measure(int partitions);

    /** The digest of all rows, as stored; null if it is not known without a job. */
    default RowDigest digest() {
        return null;
    }

    /** Whether features are a table's numbers in double precision; shards keep them in single precision if that loses nothing. */
    default boolean isWide() {
        return false;
    }

    /**
     * The rows laid out, lazily: partition j of p holds rows [j n / p, (j + 1) n / p) as one shard, as stored, in arrays that
     * are made anew whenever the partition is computed.
     *
     * @param context of the RDD
     * @param partitions p, at least 1
     * @throws io.etastar.UserError if a shard would be too large for an array
     */
    JavaRDD<Shard> lay(JavaSparkContext context, int partitions);

    /** Frees what is kept of the rows, in all views. */
    @Override
    void close();

    /**
     * Mean of each element of the targets and one deviation for all, the root of their mean variance, if numbers as targets may be
     * on any scale; null otherwise.
     *
     * @param partitions number of shards that they will be laid out in; rounding may depend on it
     */
    default @Nullable Standardisation measureTargets(int partitions) {
        return null;
    }

    /** How columns of a table became the rows' features, which are on scales of about 1 then; null if rows are no table's. */
    default @Nullable TableEncoding encoding() {
        return null;
    }

    /** The values of labels that are the rows' classes; class indices if they have no names, or if there are no classes. */
    default ClassValues classValues() {
        return ClassValues.named(stored().classNames());
    }

    /** Metadata of the rows as the model sees them. */
    default RowShape shape() {
        return transform() == null ? stored() : transform().of(stored());
    }

    /** The same rows without a change that is for training rows alone. */
    default Rows forEvaluation() {
        return transform() != null && transform().trainingOnly() ? with(null) : this;
    }
}

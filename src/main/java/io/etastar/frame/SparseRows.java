package io.etastar.frame;

import io.etastar.UserError;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** The check that wide sparse rows fit into the session's memory once they are dense, before any is stored. */
final class SparseRows {
    /** Elements of a row from which one is looked at: a job for narrower ones would take longer than it saves. */
    private static final int WIDE = 1 << 14;
    /** Elements for each that is not 0, from which rows are sparse. */
    private static final int SPARSE = 8;

    private static final long MIB = 1L << 20;

    private SparseRows() {}

    /** @throws UserError with the sizes, if they do not fit */
    static void check(Dataset<Row> frame, FrameColumns columns, FrameColumns.Kind kind) {
        if (kind != FrameColumns.Kind.VECTOR || width(frame, columns) < WIDE) {
            return;
        }
        Dataset<Row> vectors = frame.select(
                FrameField.column(frame.schema(), columns.features().get(0)));
        List<Row> some = vectors.takeAsList(1);
        if (some.isEmpty()
                || !(some.get(0).get(0) instanceof SparseVector first)
                || (long) first.numActives() * SPARSE > first.size()) {
            return;
        }
        long rows = vectors.count();
        long bytes = rows * first.size() * Float.BYTES;
        long memory = memory(frame);
        if (bytes > memory) {
            throw new UserError(
                    UserError.Subject.column(columns.features().get(0)),
                    rows + " sparse vectors of " + first.size() + " elements, " + bytes / MIB
                            + " MiB as the dense numbers that a network reads",
                    "at most " + memory / MIB
                            + " MiB, the session's memory for rows: fewer elements (HashingTF's numFeatures,"
                            + " a feature selector) or more memory");
        }
    }

    private static long width(Dataset<Row> frame, FrameColumns columns) {
        if (columns.featureShape() != null) {
            return Arrays.stream(columns.featureShape()).asLongStream().reduce(1, (a, b) -> a * b);
        }
        return AttributeGroup.fromStructField(
                        FrameField.find(frame.schema(), columns.features().get(0)))
                .size();
    }

    private static long memory(Dataset<Row> frame) {
        return CollectionConverters.asJava(frame.sparkSession().sparkContext().getExecutorMemoryStatus())
                .values()
                .stream()
                .mapToLong(most -> (Long) (Object) most._1())
                .sum();
    }
}

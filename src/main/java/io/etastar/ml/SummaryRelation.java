package io.etastar.ml;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.sources.BaseRelation;
import org.apache.spark.sql.sources.TableScan;
import org.apache.spark.sql.types.StructType;

/**
 * The summaries of a frame as a table whose rows are computed when a query on it is planned, once. Spark Connect makes one for each
 * request; those that ask for the schema alone compute nothing.
 */
final class SummaryRelation extends BaseRelation implements TableScan {
    /** That a join broadcasts it. */
    private static final long BYTES = 1 << 16;

    private final CurvatureSummary params;
    private final Dataset<Row> frame;
    private final StructType schema;
    private List<Row> rows;

    /**
     * @param params not to be changed any more
     * @param schema of the summaries
     */
    SummaryRelation(CurvatureSummary params, Dataset<Row> frame, StructType schema) {
        this.params = params;
        this.frame = frame;
        this.schema = schema;
    }

    @Override
    public SQLContext sqlContext() {
        return frame.sparkSession().sqlContext();
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public long sizeInBytes() {
        return BYTES;
    }

    @Override
    public synchronized RDD<Row> buildScan() {
        if (rows == null) {
            rows = new FrameSummary(params, frame).rows();
        }
        return JavaSparkContext.fromSparkContext(frame.sparkSession().sparkContext())
                .parallelize(rows, 1)
                .rdd();
    }
}

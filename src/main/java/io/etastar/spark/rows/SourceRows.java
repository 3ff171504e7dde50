package io.etastar.spark.rows;

import io.etastar.data.BatchTransform;
import io.etastar.data.DataSource;
import io.etastar.data.RowRange;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** Rows that executors read from a source themselves, when a job first needs them. */
final class SourceRows implements Rows {
    /** Rows whose targets are looked at. */
    private static final int SOME = 256;

    private final DataSource source;
    private final BatchTransform transform;

    /** @param transform null for none */
    SourceRows(DataSource source, BatchTransform transform) {
        this.source = source;
        this.transform = transform;
        shape();
    }

    @Override
    public RowShape stored() {
        return source.shape();
    }

    @Override
    public int count() {
        return source.rows();
    }

    @Override
    public RawArray someTargets() {
        return source.read(0, Math.min(count(), SOME)).targets();
    }

    @Override
    public BatchTransform transform() {
        return transform;
    }

    @Override
    public Rows with(BatchTransform change) {
        return new SourceRows(source, change);
    }

    @Override
    public Rows first(int count) {
        return new SourceRows(new RowRange(source, 0, count), transform);
    }

    @Override
    public void check() {
        source.inspect();
    }

    @Override
    public Standardisation measure(int partitions) {
        return source.inspect();
    }

    @Override
    public JavaRDD<Shard> lay(JavaSparkContext context, int partitions) {
        List<Integer> indices = IntStream.range(0, partitions).boxed().toList();
        return context.parallelize(indices, partitions)
                .map(new ShardReader(source, partitions, HadoopSettings.changed()));
    }

    @Override
    public void close() {
        // Sources hold nothing open.
    }

    /** Reads one shard. */
    private record ShardReader(DataSource source, int partitions, HadoopSettings.Changed hadoop)
            implements Function<Integer, Shard> {
        @Override
        public Shard call(Integer index) {
            hadoop.use();
            int n = source.rows();
            return source.read(ShardedData.start(n, partitions, index), ShardedData.start(n, partitions, index + 1));
        }
    }
}

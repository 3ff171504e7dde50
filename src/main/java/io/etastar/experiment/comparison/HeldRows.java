package io.etastar.experiment.comparison;

import io.etastar.data.BatchTransform;
import io.etastar.data.RowDigest;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.spark.rows.Rows;
import io.etastar.table.ClassValues;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/** Rows that many runs are made on: read, decoded and measured once, then kept by the executors until they are closed. */
final class HeldRows implements Rows {
    private final Rows rows;
    private final Kept kept;

    /** What views of the same rows share. */
    private record Kept(
            Map<Integer, JavaRDD<Shard>> layouts,
            Map<Integer, Standardisation> features,
            Map<Integer, Standardisation> targets) {
        Kept() {
            this(new HashMap<>(), new HashMap<>(), new HashMap<>());
        }
    }

    HeldRows(Rows rows) {
        this(rows, new Kept());
    }

    private HeldRows(Rows rows, Kept kept) {
        this.rows = rows;
        this.kept = kept;
    }

    @Override
    public RowShape stored() {
        return rows.stored();
    }

    @Override
    public int count() {
        return rows.count();
    }

    @Override
    public RawArray someTargets() {
        return rows.someTargets();
    }

    @Override
    public @Nullable BatchTransform transform() {
        return rows.transform();
    }

    @Override
    public Rows with(@Nullable BatchTransform transform) {
        return new HeldRows(rows.with(transform), kept);
    }

    @Override
    public Rows first(int count) {
        return new HeldRows(rows.first(count));
    }

    @Override
    public void check() {
        rows.check();
    }

    @Override
    public Standardisation measure(int partitions) {
        return kept.features().computeIfAbsent(partitions, rows::measure);
    }

    @Override
    public @Nullable RowDigest digest() {
        return rows.digest();
    }

    @Override
    public boolean isWide() {
        return rows.isWide();
    }

    @Override
    public JavaRDD<Shard> lay(JavaSparkContext context, int partitions) {
        return kept.layouts()
                .computeIfAbsent(partitions, p -> rows.lay(context, p).persist(StorageLevel.MEMORY_AND_DISK()))
                // What is laid out is standardised in place.
                .map(shard -> shard.pick(IntStream.range(0, shard.rows()).toArray()));
    }

    @Override
    public void close() {
        kept.layouts().values().forEach(JavaRDD::unpersist);
        rows.close();
    }

    @Override
    public @Nullable Standardisation measureTargets(int partitions) {
        return kept.targets().computeIfAbsent(partitions, rows::measureTargets);
    }

    @Override
    public @Nullable TableEncoding encoding() {
        return rows.encoding();
    }

    @Override
    public ClassValues classValues() {
        return rows.classValues();
    }
}

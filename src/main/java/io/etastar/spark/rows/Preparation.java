package io.etastar.spark.rows;

import io.etastar.UserError;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.prepared.Manifest;
import io.etastar.data.prepared.ManifestBuilder;
import io.etastar.data.prepared.PartWriter;
import io.etastar.data.prepared.RowFormat;
import io.etastar.data.prepared.RowHash;
import io.etastar.storage.AtomicFile;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes rows as prepared data: one job looks at all rows, another writes a Parquet file for each shard and part. Everything goes
 * into a hidden directory beside the final one, which is renamed when it is complete.
 */
public final class Preparation {
    private final String source;
    private final RowShape rows;
    private final Manifest.Split split;

    /**
     * @param source where rows come from, for people
     * @param rows what a row is
     * @param split how the rows are split, for the manifest
     */
    public Preparation(String source, RowShape rows, Manifest.Split split) {
        this.source = source;
        this.rows = rows;
        this.split = split;
    }

    /**
     * Rows and the hash that decides on their parts.
     *
     * @param shards one in each partition, in the order of the rows, in single precision
     * @param hash decides on the part of each row
     */
    public record Input(JavaRDD<Shard> shards, RowHash hash) {}

    /**
     * Checks that prepared data may be written there; writes nothing.
     *
     * @throws UserError if something is there already
     */
    public static void checkFree(String directory) {
        Path path = FileAccess.path(directory);
        try {
            if (FileAccess.status(path) != null) {
                throw new UserError(
                        UserError.Subject.of("output " + FileAccess.display(path)),
                        "something there",
                        "a new directory");
            }
        } catch (IOException e) {
            throw new UserError(
                    "output " + FileAccess.display(path) + ": cannot be used: " + FileAccess.firstLine(e), e);
        }
    }

    /**
     * Writes a directory.
     *
     * @param inputs in order
     * @param directory that is not there yet
     * @throws UserError if no row is for training, or the directory cannot be written
     */
    public Manifest write(List<Input> inputs, String directory) {
        checkFree(directory);
        Path target = FileAccess.path(directory);
        Path hidden = new Path(target.getParent(), ".tmp-" + target.getName());
        inputs.forEach(input -> input.shards().persist(StorageLevel.MEMORY_AND_DISK()));
        try {
            RowFormat format = format(inputs);
            // Left behind by one that was killed.
            FileAccess.fileSystem(hidden).delete(hidden, true);
            FileAccess.fileSystem(hidden).mkdirs(hidden);
            ManifestBuilder manifest = new ManifestBuilder(hidden, format);
            for (Input input : inputs) {
                manifest.add(written(input, new PartWriter(hidden.toString(), format, input.hash())));
            }
            Manifest made = manifest.build(source, rows.classNames(), split);
            AtomicFile.rename(hidden, target);
            return made;
        } catch (IOException | RuntimeException failure) {
            deleteAfter(failure, hidden);
            if (failure instanceof RuntimeException known) {
                throw known;
            }
            throw new UserError(
                    "output " + FileAccess.display(target) + ": cannot be written: " + FileAccess.firstLine(failure),
                    failure);
        } finally {
            inputs.forEach(input -> input.shards().unpersist());
        }
    }

    private static void deleteAfter(Exception failure, Path hidden) {
        try {
            FileAccess.fileSystem(hidden).delete(hidden, true);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private RowFormat format(List<Input> inputs) {
        RowFormat.Survey all = inputs.stream()
                .map(input -> input.shards()
                        .map(shard -> Carried.of(RowFormat.Survey.of(shard)))
                        .reduce((a, b) -> Carried.of(a.value().plus(b.value()))))
                .map(Carried::value)
                .reduce(RowFormat.Survey::plus)
                .orElseThrow();
        return all.format(rows);
    }

    private static List<PartWriter.Written> written(Input input, PartWriter writer) {
        return input
                .shards()
                .mapPartitionsWithIndex(new Write(writer, HadoopSettings.changed()), true)
                .map(Carried::of)
                .collect()
                .stream()
                .map(Carried::value)
                .toList();
    }

    /** Writes the one shard of a partition; every attempt under names of its own. */
    private record Write(PartWriter writer, HadoopSettings.Changed hadoop)
            implements Function2<Integer, Iterator<Shard>, Iterator<PartWriter.Written>> {
        private static final AtomicLong WRITES = new AtomicLong();

        @Override
        public Iterator<PartWriter.Written> call(Integer index, Iterator<Shard> shards) {
            hadoop.use();
            List<PartWriter.Written> written = new ArrayList<>();
            while (shards.hasNext()) {
                String name = index + "-" + TaskContext.get().taskAttemptId() + "-" + WRITES.incrementAndGet();
                written.addAll(writer.write(shards.next(), name));
            }
            return written.iterator();
        }
    }
}

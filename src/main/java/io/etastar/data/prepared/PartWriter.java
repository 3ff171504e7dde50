package io.etastar.data.prepared;

import io.etastar.data.Shard;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Writes the rows of one shard into a file for each part that they belong to.
 *
 * @param directory where files go
 * @param format of the rows
 * @param hash decides on the parts
 */
public record PartWriter(String directory, RowFormat format, RowHash hash) implements Serializable {
    /**
     * A file that was written.
     *
     * @param part index in {@link Manifest#PARTS}
     * @param file as it is for now
     * @param statistics of its rows
     */
    public record Written(int part, Manifest.DataFile file, RowStatistics statistics) implements Serializable {}

    /**
     * Writes a shard.
     *
     * @param shard with features in single precision
     * @param name that no other shard, and no other attempt at this one, has
     * @return the files, by part; none for parts without rows
     */
    public List<Written> write(Shard shard, String name) {
        RowFileWriter[] writers = new RowFileWriter[Manifest.PARTS.size()];
        List<Written> written = new ArrayList<>();
        try {
            for (int row = 0; row < shard.rows(); row++) {
                int part = hash.part(shard, row);
                if (writers[part] == null) {
                    Path path = new Path(directory, name + "-" + Manifest.PARTS.get(part));
                    writers[part] = new RowFileWriter(path, format);
                }
                writers[part].write(shard, row);
            }
            for (int part = 0; part < writers.length; part++) {
                if (writers[part] != null) {
                    writers[part].close();
                    written.add(new Written(part, writers[part].written(), writers[part].statistics()));
                }
            }
            return written;
        } catch (IOException e) {
            abandon(writers, e);
            throw new UncheckedIOException(directory + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static void abandon(RowFileWriter[] writers, Exception failure) {
        for (RowFileWriter writer : writers) {
            try {
                if (writer != null) {
                    writer.close();
                }
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }
}

package io.etastar.data.prepared;

import io.etastar.data.Shard;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/** Writes rows into one Parquet file: Zstandard, a checksum for each page. Equal rows give equal bytes. */
final class RowFileWriter implements AutoCloseable {
    private static final int ROW_GROUP_BYTES = 4 << 20;
    private static final int PAGE_BYTES = 1 << 20;

    private final Path path;
    private final RowFormat format;
    private final MessageType schema;
    private final MessageDigest sha = Checksums.sha256();
    private final RowStatistics statistics;
    private final ParquetWriter<Group> writer;
    private long rows;

    /** @param path of the file, which is not there yet */
    RowFileWriter(Path path, RowFormat format) throws IOException {
        this.path = path;
        this.format = format;
        schema = format.schema();
        statistics = new RowStatistics(format);
        writer = ExampleParquetWriter.builder(new Hashed(path, sha))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withDictionaryEncoding(false)
                .withPageWriteChecksumEnabled(true)
                .withStatisticsEnabled(RowFormat.FEATURES, false)
                .withRowGroupSize((long) ROW_GROUP_BYTES)
                .withPageSize(PAGE_BYTES)
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(64)
                .build();
    }

    /** Adds a row of a shard. */
    void write(Shard shard, int row) throws IOException {
        Group group = new SimpleGroup(schema);
        byte[] features = format.features().encode(shard.features().floats(), row * shard.featureLength());
        group.add(RowFormat.FEATURES, Binary.fromConstantByteArray(features));
        int length = format.targetLength();
        if (format.classes() > 0) {
            group.add(RowFormat.LABEL, (int) shard.targets().get(row));
        } else if (format.targetShape().length == 0) {
            group.add(RowFormat.TARGET, (float) shard.targets().get(row));
        } else {
            ByteBuffer targets = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < length; i++) {
                targets.putFloat((float) shard.targets().get(row * length + i));
            }
            group.add(RowFormat.TARGETS, Binary.fromConstantByteArray(targets.array()));
        }
        if (format.weighted()) {
            group.add(RowFormat.WEIGHT, shard.weight(row));
        }
        writer.write(group);
        statistics.add(shard, row);
        rows++;
    }

    RowStatistics statistics() {
        return statistics;
    }

    /** The file's entry in the manifest, once the file is closed. */
    Manifest.DataFile written() throws IOException {
        long bytes = FileAccess.fileSystem(path).getFileStatus(path).getLen();
        return new Manifest.DataFile(path.getName(), rows, bytes, HexFormat.of().formatHex(sha.digest()));
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** A Hadoop file whose bytes go through a digest. */
    private record Hashed(Path path, MessageDigest sha) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSizeHint) throws IOException {
            FileSystem system = FileAccess.fileSystem(path);
            DigestOutputStream digest = new DigestOutputStream(system.create(path, true, 1 << 16), sha);
            return HadoopStreams.wrap(new FSDataOutputStream(digest, null));
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}

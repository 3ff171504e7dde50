package io.etastar.data.prepared;

import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** Reads ranges of rows of one Parquet file; row groups outside the range are passed over unread, pages are checked. */
final class RowFileReader {
    private final Path path;
    private final Manifest.DataFile file;
    private final RowFormat format;
    private final float[] values;

    RowFileReader(Path directory, Manifest.DataFile file, RowFormat format) {
        this.path = new Path(directory, file.name());
        this.file = file;
        this.format = format;
        values = format.features().bytes() ? format.features().values() : null;
    }

    /**
     * Where rows go.
     *
     * @param features row-major
     * @param targets row-major
     * @param weights one for each row, or null
     */
    record Target(float[] features, float[] targets, double[] weights) {}

    /**
     * Reads rows [from, to) of the file to rows {@code at} on of the target.
     *
     * @throws io.etastar.UserError if the file is not what the manifest says
     */
    void read(int from, int to, Target target, int at) {
        try (ParquetFileReader reader = ParquetFileReader.open(new Input(path, file.bytes()), options())) {
            MessageType schema = format.schema();
            if (!reader.getFileMetaData().getSchema().getFields().equals(schema.getFields())
                    || reader.getRecordCount() != file.rows()) {
                throw Checksums.error(
                        path,
                        "found " + reader.getRecordCount() + " rows of columns "
                                + reader.getFileMetaData().getSchema().getFields() + ", expected " + file.rows()
                                + " of " + schema.getFields() + " as in " + Manifest.FILE);
            }
            long first = 0;
            for (BlockMetaData group : reader.getRowGroups()) {
                long end = first + group.getRowCount();
                if (end <= from || first >= to) {
                    reader.skipNextRowGroup();
                } else {
                    int begin = (int) Math.max(from, first);
                    rows(
                            reader.readNextRowGroup(),
                            (int) (begin - first),
                            (int) (Math.min(to, end) - first),
                            target,
                            at + begin - from);
                }
                first = end;
            }
        } catch (IOException | RuntimeException e) {
            throw e instanceof io.etastar.UserError known
                    ? known
                    : Checksums.error(
                            path,
                            "cannot be read: " + FileAccess.firstLine(e) + "; expected the file that " + Manifest.FILE
                                    + " lists");
        }
    }

    private static ParquetReadOptions options() {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .usePageChecksumVerification(true)
                .build();
    }

    private void rows(PageReadStore pages, int from, int to, Target target, int at) {
        MessageType schema = format.schema();
        RecordReader<Group> records =
                new ColumnIOFactory().getColumnIO(schema).getRecordReader(pages, new GroupRecordConverter(schema));
        for (int row = 0; row < to; row++) {
            Group group = records.read();
            if (row >= from) {
                row(group, target, at + row - from);
            }
        }
    }

    private void row(Group group, Target target, int at) {
        int length = format.features().length();
        ByteBuffer bytes = binary(group, RowFormat.FEATURES, format.features().rowBytes());
        if (values == null) {
            bytes.asFloatBuffer().get(target.features, at * length, length);
        } else {
            for (int i = 0; i < length; i++) {
                target.features[at * length + i] = values[bytes.get(bytes.position() + i) & 0xFF];
            }
        }
        if (format.classes() > 0) {
            int label = group.getInteger(RowFormat.LABEL, 0);
            if (label < 0 || label >= format.classes()) {
                throw Checksums.error(path, "found label " + label + ", expected 0 to " + (format.classes() - 1));
            }
            target.targets[at] = label;
        } else if (format.targetShape().length == 0) {
            target.targets[at] = group.getFloat(RowFormat.TARGET, 0);
        } else {
            int targets = format.targetLength();
            binary(group, RowFormat.TARGETS, targets * Float.BYTES)
                    .asFloatBuffer()
                    .get(target.targets, at * targets, targets);
        }
        if (target.weights != null) {
            target.weights[at] = group.getDouble(RowFormat.WEIGHT, 0);
        }
    }

    private ByteBuffer binary(Group group, String column, int length) {
        ByteBuffer bytes = group.getBinary(column, 0).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() != length) {
            throw Checksums.error(
                    path, "column " + column + ": found a row of " + bytes.remaining() + " bytes, expected " + length);
        }
        return bytes;
    }

    /** A Hadoop file by this project's file access. */
    private record Input(Path path, long length) implements InputFile {
        @Override
        public long getLength() {
            return length;
        }

        @Override
        public SeekableInputStream newStream() throws IOException {
            return HadoopStreams.wrap(FileAccess.open(path));
        }
    }
}

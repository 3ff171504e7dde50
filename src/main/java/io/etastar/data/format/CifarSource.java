package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.Ranges;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.storage.FileAccess;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * CIFAR-10 and CIFAR-100 in their binary format: images [3, 32, 32] of value / 255, class indices. A record is one byte of label
 * (CIFAR-100: coarse, then fine), then red, green and blue, each row by row.
 *
 * <p>Executors read the files themselves: a local directory must be there on every machine.
 */
public final class CifarSource implements DataSource {
    private static final long serialVersionUID = 1L;
    private static final int[] SHAPE = {3, 32, 32};
    private static final int PIXELS = 3 * 32 * 32;
    private static final int CHUNK = 256;

    private final RowShape shape;
    private final String[] files;
    private final int[] firstRows;
    private final CifarFormat format;

    private CifarSource(RowShape shape, List<Path> files, int[] firstRows, CifarFormat format) {
        this.shape = shape;
        this.files = files.stream().map(Path::toString).toArray(String[]::new);
        this.firstRows = firstRows;
        this.format = format;
    }

    /**
     * Finds the files and checks their lengths.
     *
     * @param directory of the files, or the one above the folder that the archive unpacks to
     * @param format which of the sets and labels
     * @throws UserError if a file is missing, or is no whole number of records
     */
    public static CifarSource open(String directory, CifarFormat format, boolean train) {
        Path given = FileAccess.path(directory);
        Path path = new Path(given, format.folder());
        try {
            if (!FileAccess.isDirectory(given)) {
                throw error(given, "no such directory; expected " + format.files(train) + " in it");
            }
            path = FileAccess.isDirectory(path) ? path : given;
            List<Path> files = new ArrayList<>();
            List<Integer> firsts = new ArrayList<>(List.of(0));
            for (String name : format.files(train)) {
                Path file = new Path(path, name);
                firsts.add(firsts.get(firsts.size() - 1) + rows(file, format));
                files.add(file);
            }
            String description = FileAccess.display(path) + ", " + (train ? "train" : "test");
            return new CifarSource(
                    new RowShape(description, SHAPE, new int[0], format.classes(), format.names(path)),
                    files,
                    firsts.stream().mapToInt(Integer::intValue).toArray(),
                    format);
        } catch (IOException e) {
            throw error(path, "cannot be read: " + FileAccess.firstLine(e));
        }
    }

    private static int rows(Path file, CifarFormat format) throws IOException {
        FileStatus status = FileAccess.status(file);
        if (status == null || status.isDirectory()) {
            throw error(file, "no such file; expected records of " + format.record() + " bytes");
        }
        if (status.getLen() == 0 || status.getLen() % format.record() != 0) {
            throw error(
                    file,
                    "found " + status.getLen() + " bytes, expected a whole number of records of " + format.record()
                            + " bytes, at least one");
        }
        return Math.toIntExact(status.getLen() / format.record());
    }

    @Override
    public RowShape shape() {
        return shape;
    }

    @Override
    public int rows() {
        return firstRows[firstRows.length - 1];
    }

    @Override
    public Shard read(int from, int to) {
        int count = Ranges.check(from, to, rows());
        float[] features = new float[Math.multiplyExact(count, PIXELS)];
        float[] targets = new float[count];
        scan(from, to, (row, record, at) -> {
            int target = (row - from) * PIXELS;
            for (int i = 0; i < PIXELS; i++) {
                features[target + i] = (record[at + format.labels() + i] & 0xFF) / 255f;
            }
            targets[row - from] = record[at + format.label()] & 0xFF;
        });
        return new Shard(count, RawArray.of(features), RawArray.of(targets));
    }

    @Override
    public Standardisation inspect() {
        long[] sums = new long[3];
        long[] squares = new long[3];
        scan(0, rows(), (row, record, at) -> {
            for (int i = 0; i < PIXELS; i++) {
                int value = record[at + format.labels() + i] & 0xFF;
                sums[i >> 10] += value;
                squares[i >> 10] += value * value;
            }
        });
        return Standardisation.of(rows() * (PIXELS / 3L), sums, squares, 1 / 255.0);
    }

    /** Takes one record, which begins at byte {@code at}. */
    private interface RecordReader {
        void take(int row, byte[] records, int at);
    }

    private void scan(int from, int to, RecordReader reader) {
        for (int f = 0; f < files.length; f++) {
            int begin = Math.max(from, firstRows[f]);
            int end = Math.min(to, firstRows[f + 1]);
            if (begin < end) {
                scan(f, begin, end, reader);
            }
        }
    }

    private void scan(int index, int from, int to, RecordReader reader) {
        Path file = new Path(files[index]);
        byte[] records = new byte[CHUNK * format.record()];
        try (FSDataInputStream in = FileAccess.open(file)) {
            in.seek((long) (from - firstRows[index]) * format.record());
            for (int row = from; row < to; ) {
                int count = Math.min(CHUNK, to - row);
                in.readFully(records, 0, count * format.record());
                for (int i = 0; i < count; i++, row++) {
                    int label = records[i * format.record() + format.label()] & 0xFF;
                    if (label >= format.classes()) {
                        throw error(
                                file,
                                "row " + (row - firstRows[index]) + ": found label " + label + ", expected 0 to "
                                        + (format.classes() - 1));
                    }
                    reader.take(row, records, i * format.record());
                }
            }
        } catch (IOException e) {
            throw error(
                    file,
                    "cannot be read: " + FileAccess.firstLine(e) + "; expected the "
                            + (firstRows[index + 1] - firstRows[index]) + " records that it had");
        }
    }

    private static UserError error(Path file, String message) {
        return new UserError(FileAccess.display(file) + ": " + message);
    }
}

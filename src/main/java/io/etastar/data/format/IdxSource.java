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
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;

/**
 * Images and labels in IDX files named as MNIST's: features [1, H, W] of pixel / 255, targets class indices.
 *
 * <p>Executors read the files themselves: a local directory must be there on every machine.
 */
public final class IdxSource implements DataSource {
    private static final long serialVersionUID = 1L;
    private static final int CHUNK = 1 << 20;

    private final String description;
    private final IdxFile images;
    private final IdxFile labels;
    private final int classes;

    private IdxSource(String description, IdxFile images, IdxFile labels, int classes) {
        this.description = description;
        this.images = images;
        this.labels = labels;
        this.classes = classes;
    }

    /** Opens ten classes. */
    public static IdxSource open(String directory, boolean train) {
        return open(directory, train, 10);
    }

    /**
     * Finds the files {@code train-} or {@code t10k-images-idx3-ubyte} and {@code -labels-idx1-ubyte} (or with a dot
     * before idx; plain or .gz) and checks their headers.
     *
     * @throws UserError if a file is missing, or is not what its name says
     */
    public static IdxSource open(String directory, boolean train, int classes) {
        Path path = FileAccess.path(directory);
        try {
            if (!FileAccess.isDirectory(path)) {
                throw new UserError(FileAccess.display(path) + ": no such directory; expected IDX files in it");
            }
        } catch (IOException e) {
            throw new UserError(FileAccess.display(path) + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
        String prefix = train ? "train" : "t10k";
        IdxFile images = IdxFile.find(path, prefix + "-images", 3);
        IdxFile labels = IdxFile.find(path, prefix + "-labels", 1);
        if (images.sizes()[0] != labels.sizes()[0]) {
            throw images.error("found " + images.sizes()[0] + " images, but " + labels.sizes()[0] + " labels in "
                    + FileAccess.display(new Path(labels.location())));
        }
        if (images.rowBytes() > CHUNK) {
            throw images.error("found images of " + images.rowBytes() + " pixels, expected at most " + CHUNK);
        }
        return new IdxSource(FileAccess.display(path) + ", " + prefix, images, labels, classes);
    }

    /** Whether a directory has more than MNIST's test files; true if it has no files at all, which {@link #open} says. */
    public static boolean hasTrainingRows(String directory) {
        Path path = FileAccess.path(directory);
        return !FileAccess.exists(new Path(path, "t10k-images-idx3-ubyte"))
                        && !FileAccess.exists(new Path(path, "t10k-images-idx3-ubyte.gz"))
                || FileAccess.exists(new Path(path, "train-images-idx3-ubyte"))
                || FileAccess.exists(new Path(path, "train-images-idx3-ubyte.gz"))
                || FileAccess.exists(new Path(path, "train-images.idx3-ubyte"))
                || FileAccess.exists(new Path(path, "train-images.idx3-ubyte.gz"));
    }

    @Override
    public RowShape shape() {
        return RowShape.ofClasses(description, new int[] {1, images.sizes()[1], images.sizes()[2]}, classes);
    }

    @Override
    public int rows() {
        return images.sizes()[0];
    }

    @Override
    public Shard read(int from, int to) {
        int count = Ranges.check(from, to, rows());
        float[] scaled = new float[256];
        float[] plain = new float[256];
        for (int i = 0; i < 256; i++) {
            scaled[i] = i / 255f;
            plain[i] = i;
        }
        return new Shard(
                count, RawArray.of(read(images, from, count, scaled)), RawArray.of(read(labels, from, count, plain)));
    }

    /** Rows of a file, each byte looked up in {@code values}. */
    private static float[] read(IdxFile file, int from, int count, float[] values) {
        int rowBytes = (int) file.rowBytes();
        float[] result = new float[Math.multiplyExact(count, rowBytes)];
        if (count == 0) {
            return result;
        }
        long offset = file.headerBytes() + (long) from * rowBytes;
        try (InputStream in = file.stream(offset)) {
            byte[] chunk = new byte[Math.min(CHUNK, result.length)];
            for (int done = 0; done < result.length; ) {
                int length = Math.min(chunk.length, result.length - done);
                file.fill(in, chunk, length, offset + done, offset + result.length);
                for (int i = 0; i < length; i++) {
                    result[done++] = values[chunk[i] & 0xFF];
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return result;
    }

    @Override
    public Standardisation inspect() {
        histogram(labels, classes);
        long[] counts = histogram(images, 256);
        long sum = 0;
        long squares = 0;
        for (int v = 0; v < 256; v++) {
            sum += counts[v] * v;
            squares += counts[v] * v * v;
        }
        return Standardisation.of(images.bytes(), new long[] {sum}, new long[] {squares}, 1 / 255.0);
    }

    /** Number of times each byte occurs, by one pass over the whole file, which is checked to its end. */
    private static long[] histogram(IdxFile file, int limit) {
        long[] counts = new long[256];
        long offset = file.headerBytes();
        long end = offset + file.bytes();
        try (InputStream in = file.stream(offset)) {
            byte[] chunk = new byte[CHUNK];
            while (offset < end) {
                int length = (int) Math.min(chunk.length, end - offset);
                file.fill(in, chunk, length, offset, end);
                for (int i = 0; i < length; i++) {
                    int value = chunk[i] & 0xFF;
                    if (value >= limit) {
                        throw file.error("row " + (offset - file.headerBytes() + i) + ": found label " + value
                                + ", expected 0 to " + (limit - 1));
                    }
                    counts[value]++;
                }
                offset += length;
            }
            file.expectEnd(in);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return counts;
    }

    private static UncheckedIOException unreadable(IdxFile file, IOException e) {
        return new UncheckedIOException(
                FileAccess.display(new Path(file.location())) + ": " + FileAccess.firstLine(e), e);
    }
}

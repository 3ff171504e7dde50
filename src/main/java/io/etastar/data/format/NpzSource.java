package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.storage.FileAccess;
import io.etastar.tensor.RawArray;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Arrays of an .npz file: features {@code x_train} (or {@code x} or {@code features}) [N, F], [N, H, W] or [N, C, H, W], labels
 * {@code y_train} (or {@code y} or {@code labels}) [N], and test rows {@code x_test} and {@code y_test}. Features are as in the file:
 * bytes are not scaled. Targets that are numbers may be [N, T].
 *
 * <p>Executors read the file themselves, whole, once in each process as long as there is memory for it.
 */
public final class NpzSource implements DataSource {
    private static final long serialVersionUID = 1L;
    private static final List<String> TRAIN_FEATURES = List.of("x_train", "x", "features");
    private static final List<String> TRAIN_TARGETS = List.of("y_train", "y", "labels");
    /** The training rows and the test rows read last. */
    private static final Map<Boolean, SoftReference<Loaded>> NEWEST = new HashMap<>();

    private final String file;
    private final boolean train;
    private final int classes;
    private final String version;
    private final int rows;
    private final RowShape shape;

    private NpzSource(String file, boolean train, int classes) {
        this.file = file;
        this.train = train;
        this.classes = classes;
        version = version(file);
        ArrayDataSource arrays = load();
        rows = arrays.rows();
        shape = arrays.shape();
    }

    /**
     * Reads a file.
     *
     * @param file any Hadoop path
     * @param train whether the training rows are wanted
     * @param classes number of classes, 0 if targets are numbers
     * @throws UserError if an array is missing or shapes do not fit
     */
    public static NpzSource open(String file, boolean train, int classes) {
        return new NpzSource(FileAccess.path(file).toString(), train, classes);
    }

    /** Whether a file holds test rows. */
    public static boolean hasTestRows(String file) {
        return NpzFile.read(file).arrays().containsKey("x_test");
    }

    private record Loaded(String key, ArrayDataSource arrays) {}

    /** Length and time of the file, which tell whether it is the one that was read. */
    private static String version(String file) {
        Path path = new Path(file);
        try {
            FileStatus status = FileAccess.status(path);
            return status == null ? "none" : status.getLen() + " " + status.getModificationTime();
        } catch (IOException e) {
            throw new UserError(FileAccess.display(path) + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
    }

    private ArrayDataSource load() {
        String key = file + " " + train + " " + classes + " " + version;
        synchronized (NpzSource.class) {
            Loaded loaded =
                    NEWEST.getOrDefault(train, new SoftReference<>(null)).get();
            if (loaded == null || !loaded.key.equals(key)) {
                loaded = new Loaded(key, arrays());
                NEWEST.put(train, new SoftReference<>(loaded));
            }
            return loaded.arrays;
        }
    }

    private ArrayDataSource arrays() {
        NpzFile npz = NpzFile.read(file);
        String name = FileAccess.display(new Path(file));
        NpzFile.Array x = find(npz, name, train ? TRAIN_FEATURES : List.of("x_test"));
        NpzFile.Array y = find(npz, name, train ? TRAIN_TARGETS : List.of("y_test"));
        int[] shape = x.shape();
        boolean rowsAgree = shape.length > 0 && y.shape().length > 0 && shape[0] == y.shape()[0] && shape[0] > 0;
        if (!rowsAgree || shape.length < 2 || shape.length > 4 || y.shape().length > (classes > 0 ? 1 : 2)) {
            throw new UserError(
                    UserError.Subject.of(name),
                    "features of shape " + Arrays.toString(shape) + " and targets of shape "
                            + Arrays.toString(y.shape()),
                    "[N, F], [N, H, W] or [N, C, H, W] and " + (classes > 0 ? "[N] (class indices)" : "[N] or [N, T]")
                            + " with the same N, at least 1");
        }
        int[] row = shape.length == 3 ? new int[] {1, shape[1], shape[2]} : Arrays.copyOfRange(shape, 1, shape.length);
        return new ArrayDataSource(
                name + ", " + (train ? "train" : "test"),
                floats(x.values()),
                row,
                floats(y.values()),
                Arrays.copyOfRange(y.shape(), 1, y.shape().length),
                classes);
    }

    private static NpzFile.Array find(NpzFile npz, String file, List<String> names) {
        Map<String, NpzFile.Array> arrays = npz.arrays();
        for (String name : names) {
            if (arrays.containsKey(name)) {
                return arrays.get(name);
            }
        }
        throw new UserError(file + ": found arrays " + String.join(", ", arrays.keySet()) + "; expected "
                + String.join(" or ", names)
                + (names.size() == 1 ? ", the test rows, or data.test_share" : ""));
    }

    private static RawArray floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return RawArray.of(floats);
    }

    @Override
    public RowShape shape() {
        return shape;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public Shard read(int from, int to) {
        ArrayDataSource arrays = load();
        if (arrays.rows() != rows) {
            throw new UserError(
                    UserError.Subject.of(shape.description()),
                    arrays.rows() + " rows",
                    rows + " as when the job began");
        }
        return arrays.read(from, to);
    }

    @Override
    public Standardisation inspect() {
        return load().inspect();
    }
}

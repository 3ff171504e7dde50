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
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Set<Integer> CHANNELS = Set.of(1, 3, 4);
    private static final int MOST_CLASSES = 100_000;
    private static final Logger LOG = LoggerFactory.getLogger("io.etastar.data");
    /** The classes are the values that there are. */
    public static final int FOUND = -1;
    /** The training rows and the test rows read last. */
    private static final Map<Boolean, SoftReference<Loaded>> NEWEST = new HashMap<>();

    private final String file;
    private final boolean train;
    private final int classes;
    private final String layout;
    private final String version;
    private final int rows;
    private final RowShape shape;

    private NpzSource(String file, boolean train, int classes, String layout) {
        this.layout = layout;
        this.file = file;
        this.train = train;
        this.classes = classes;
        version = version(file);
        ArrayDataSource arrays = load();
        rows = arrays.rows();
        shape = arrays.shape().withClassNames(names());
        sayLayout();
    }

    /**
     * Reads a file.
     *
     * @param file any Hadoop path
     * @param train whether the training rows are wanted
     * @param classes number of classes, {@link #FOUND} for those that there are, 0 if targets are numbers
     * @param layout of images: channels-first, channels-last, or auto for what their shape says
     * @throws UserError if an array is missing or shapes do not fit
     */
    public static NpzSource open(String file, boolean train, int classes, String layout) {
        return new NpzSource(FileAccess.path(file).toString(), train, classes, layout);
    }

    private void sayLayout() {
        List<String> names = train ? TRAIN_FEATURES : List.of("x_test");
        NpzFile.Array x = find(NpzFile.read(file, names::contains), file, names);
        if (layout.equals("auto") && isChannelsLast(x.shape())) {
            LOG.info(
                    "{}: features of shape {} are read as [N, H, W, C] (data.layout = channels-last)",
                    shape.description(),
                    Arrays.toString(x.shape()));
        }
    }

    /** Whether a file holds test rows. */
    public static boolean hasTestRows(String file) {
        return NpzFile.read(file, name -> false).arrays().containsKey("x_test");
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
        String key = file + " " + train + " " + classes + " " + layout + " " + version;
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
        NpzFile npz = NpzFile.read(file, this::isUsed);
        String name = FileAccess.display(new Path(file));
        NpzFile.Array x = find(npz, name, train ? TRAIN_FEATURES : List.of("x_test"));
        NpzFile.Array y = column(find(npz, name, train ? TRAIN_TARGETS : List.of("y_test")));
        int[] shape = x.shape();
        boolean rowsAgree = shape.length > 0 && y.shape().length > 0 && shape[0] == y.shape()[0] && shape[0] > 0;
        if (!rowsAgree || shape.length < 2 || shape.length > 4 || y.shape().length > (classes != 0 ? 1 : 2)) {
            throw new UserError(
                    UserError.Subject.of(name),
                    "features of shape " + Arrays.toString(shape) + " and targets of shape "
                            + Arrays.toString(y.shape()),
                    "[N, F], [N, H, W] or [N, C, H, W] and "
                            + (classes != 0 ? "[N] (class indices)" : "[N] or [N, T]")
                            + " with the same N, at least 1");
        }
        double[] values = x.values();
        int[] row = shape.length == 3 ? new int[] {1, shape[1], shape[2]} : Arrays.copyOfRange(shape, 1, shape.length);
        if (isChannelsLast(shape)) {
            values = channelsFirst(values, shape);
            row = new int[] {shape[3], shape[1], shape[2]};
        }
        double[] labels = classes == 0 ? null : labels(npz, name);
        return new ArrayDataSource(
                name + ", " + (train ? "train" : "test"),
                floats(values),
                row,
                floats(labels == null ? y.values() : indices(y.values(), labels)),
                Arrays.copyOfRange(y.shape(), 1, y.shape().length),
                classes == FOUND && labels == null ? 1 + largest(npz, name) : labels == null ? classes : labels.length);
    }

    /** Test rows need the training rows' labels, which say what the classes are. */
    private boolean isUsed(String array) {
        return TRAIN_TARGETS.contains(array) || (train ? TRAIN_FEATURES.contains(array) : array.endsWith("_test"));
    }

    /** [N, 1] as [N]. */
    private NpzFile.Array column(NpzFile.Array y) {
        boolean column = classes != 0 && y.shape().length == 2 && y.shape()[1] == 1;
        return column ? new NpzFile.Array(new int[] {y.shape()[0]}, y.values(), y.integral()) : y;
    }

    private boolean isChannelsLast(int... shape) {
        return shape.length == 4
                && (layout.equals("channels-last")
                        || layout.equals("auto") && CHANNELS.contains(shape[3]) && !CHANNELS.contains(shape[1]));
    }

    private static double[] channelsFirst(double[] values, int... shape) {
        int pixels = shape[1] * shape[2];
        int channels = shape[3];
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int row = i / (pixels * channels);
            int within = i % (pixels * channels);
            result[(row * channels + within % channels) * pixels + within / channels] = values[i];
        }
        return result;
    }

    private static int largest(NpzFile npz, String name) {
        return (int)
                Arrays.stream(find(npz, name, TRAIN_TARGETS).values()).max().orElse(0);
    }

    /** The training rows' values, sorted, if they are other classes than 0, 1, ...; else null. */
    private double[] labels(NpzFile npz, String name) {
        if (TRAIN_TARGETS.stream().noneMatch(npz.arrays()::containsKey)) {
            return null;
        }
        double[] values = Arrays.stream(find(npz, name, TRAIN_TARGETS).values())
                .distinct()
                .sorted()
                .limit(MOST_CLASSES)
                .toArray();
        boolean whole = Arrays.stream(values).allMatch(value -> value == Math.rint(value));
        boolean indices = values.length > 0
                && values[0] == 0
                && values[values.length - 1] < (classes == FOUND ? values.length : classes);
        boolean fits = classes == FOUND || values.length == classes;
        return whole && !indices && fits && values.length > 1 && values.length < MOST_CLASSES ? values : null;
    }

    /** Places of the values among those of the training rows; one that is not there stays as it is and is refused later. */
    private static double[] indices(double[] values, double... labels) {
        return Arrays.stream(values)
                .map(value -> {
                    int place = Arrays.binarySearch(labels, value);
                    return place < 0 ? -1 : place;
                })
                .toArray();
    }

    /** The classes' names if they are not 0, 1, ... */
    private List<String> names() {
        double[] labels = classes == 0 ? null : labels(NpzFile.read(file, TRAIN_TARGETS::contains), file);
        return labels == null
                ? List.of()
                : Arrays.stream(labels)
                        .mapToObj(label -> String.valueOf((long) label))
                        .toList();
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

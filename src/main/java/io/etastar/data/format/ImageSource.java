package io.etastar.data.format;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.Permutation;
import io.etastar.data.Ranges;
import io.etastar.data.RowShape;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.storage.FileAccess;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * JPEG and PNG files in one folder for each class: features [C, H, W] of value / 255, targets the indices of the folders'
 * sorted names. Rows are in an order of their own, the same for the same file names, in which classes are mixed.
 *
 * <p>Executors list and read the files themselves: a local directory must be there on every machine.
 */
public final class ImageSource implements DataSource {
    private static final long serialVersionUID = 1L;
    private static final long ORDER = 1;

    private final String directory;
    private final int rows;
    private final List<String> classes;
    private final int[] shape;
    private transient ImageFolders folders;
    private transient int[] order;

    private ImageSource(String directory, ImageFolders folders) {
        this.directory = directory;
        this.folders = folders;
        this.rows = folders.files().size();
        this.classes = List.copyOf(folders.classes());
        this.shape = ImageFile.read(folders.files().get(0)).shape();
    }

    /**
     * Lists the folders {@code train/CLASS} or {@code test/CLASS} of a directory and reads the first image.
     *
     * @throws UserError if a folder is missing or empty, if there are test images of other classes than of training
     *     images, or if the first image is none
     */
    public static ImageSource open(String directory, boolean train) {
        Path path = FileAccess.path(directory);
        ImageSource training =
                new ImageSource(new Path(path, "train").toString(), ImageFolders.list(new Path(path, "train")));
        if (train) {
            return training;
        }
        Path test = new Path(path, "test");
        ImageFolders folders = ImageFolders.list(test);
        if (!folders.classes().equals(training.classes)) {
            throw ImageFile.error(
                    test, "found the classes " + folders.classes() + ", expected " + training.classes + " as in train");
        }
        return new ImageSource(test.toString(), folders);
    }

    /**
     * Lists the folders {@code CLASS} of a directory that holds no parts.
     *
     * @throws UserError if there is none, one is empty, or the first image is none
     */
    public static ImageSource folders(String directory) {
        Path path = FileAccess.path(directory);
        return new ImageSource(path.toString(), ImageFolders.list(path));
    }

    /** Whether the folders of classes are in folders of parts. */
    public static boolean hasParts(String directory) {
        return FileAccess.exists(new Path(FileAccess.path(directory), "train"));
    }

    @Override
    public RowShape shape() {
        return RowShape.ofClasses(FileAccess.display(new Path(directory)), shape, classes);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public Shard read(int from, int to) {
        int count = Ranges.check(from, to, rows);
        list();
        int length = Ranges.length(shape);
        float[] features = new float[Math.multiplyExact(count, length)];
        float[] targets = new float[count];
        IntStream.range(0, count).parallel().forEach(i -> {
            int[] values = decode(from + i);
            for (int j = 0; j < length; j++) {
                features[i * length + j] = values[j] / 255f;
            }
            targets[i] = folders.labels()[order[from + i]];
        });
        return new Shard(count, RawArray.of(features), RawArray.of(targets));
    }

    /** Decodes all files. Of several that are wrong the first in their order is named. */
    @Override
    public Standardisation inspect() {
        list();
        Sums all = IntStream.range(0, rows)
                .parallel()
                .mapToObj(this::sums)
                .reduce(Sums::plus)
                .orElseThrow();
        if (all.mistake != null) {
            throw all.mistake;
        }
        return Standardisation.of((long) rows * shape[1] * shape[2], all.sums, all.squares, 1 / 255.0);
    }

    private Sums sums(int row) {
        long[] sums = new long[shape[0]];
        long[] squares = new long[shape[0]];
        try {
            int[] values = decode(row);
            for (int i = 0; i < values.length; i++) {
                int channel = i / (shape[1] * shape[2]);
                sums[channel] += values[i];
                squares[channel] += (long) values[i] * values[i];
            }
            return new Sums(sums, squares, null);
        } catch (UserError mistake) {
            return new Sums(sums, squares, mistake);
        }
    }

    /** Exact sums over values of each channel, and the first file that is wrong. */
    private record Sums(long[] sums, long[] squares, UserError mistake) {
        Sums plus(Sums next) {
            return new Sums(add(sums, next.sums), add(squares, next.squares), mistake == null ? next.mistake : mistake);
        }

        private static long[] add(long[] a, long[] b) {
            return IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray();
        }
    }

    /** Values of a row's file, checked. */
    private int[] decode(int row) {
        Path file = folders.files().get(order[row]);
        ImageFile image = ImageFile.read(file);
        if (!Arrays.equals(image.shape(), shape)) {
            throw ImageFile.error(
                    file,
                    "found an image of shape " + Arrays.toString(image.shape()) + ", expected "
                            + Arrays.toString(shape) + " ([channels, height, width]) as in "
                            + FileAccess.display(folders.files().get(0)));
        }
        return image.values();
    }

    /** Finds the files where this was sent to. */
    private synchronized void list() {
        if (folders == null) {
            folders = ImageFolders.list(new Path(directory));
        }
        if (order == null) {
            order = Permutation.of(rows, ORDER);
        }
        if (folders.files().size() != rows || !folders.classes().equals(classes)) {
            throw ImageFile.error(
                    new Path(directory),
                    "found " + folders.files().size() + " images in "
                            + folders.classes().size() + " classes, expected " + rows + " in " + classes.size()
                            + " as when the job began");
        }
    }
}

package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.NamedClasses;
import io.etastar.data.RowShape;
import io.etastar.data.format.CifarFormat;
import io.etastar.data.format.CifarSource;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.IdxSource;
import io.etastar.data.format.ImageSource;
import io.etastar.data.format.NpzSource;
import io.etastar.data.prepared.RowHash;
import io.etastar.frame.FrameColumns;
import io.etastar.spark.rows.Preparation;
import io.etastar.spark.rows.ShardedData;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Files that this project reads by itself, as training rows and test rows. */
final class PrepareSources implements PrepareInput {
    private static final int DEFAULT_CLASSES = 10;

    private final PrepareOptions options;
    private final LazyContext spark;
    private final List<DataSource> parts;

    private PrepareSources(PrepareOptions options, LazyContext spark, List<DataSource> parts) {
        this.options = options;
        this.spark = spark;
        this.parts = parts;
    }

    /** Opens and checks everything on the driver; starts no Spark. */
    static PrepareInput open(PrepareOptions options, LazyContext spark) {
        List<DataSource> parts = new ArrayList<>();
        parts.add(open(options, true));
        if (hasTestRows(options)) {
            parts.add(open(options, false));
        }
        for (DataSource part : parts) {
            if (options.classes() >= 0 && part.classes() != options.classes()) {
                throw new UserError("command line: --classes: found " + options.classes() + ", expected "
                        + part.classes() + ", those of " + part.description());
            }
            part.inspect();
        }
        return new PrepareSources(options, spark, parts);
    }

    private static boolean hasTestRows(PrepareOptions options) {
        return switch (options.format()) {
            case "npz" -> NpzSource.hasTestRows(options.path());
            case "images" -> hasParts(options.path());
            case "idx" -> hasTrainingRows(options.path());
            default -> true;
        };
    }

    private static DataSource open(PrepareOptions options, boolean train) {
        String path = options.path();
        return switch (options.format()) {
            case "digits" -> train ? DigitsSource.train(options.seed()) : DigitsSource.test(options.seed());
            case "cifar10" -> CifarSource.open(path, CifarFormat.CIFAR10, train);
            case "cifar100" -> CifarSource.open(path, CifarFormat.CIFAR100, train);
            case "cifar100-coarse" -> CifarSource.open(path, CifarFormat.CIFAR100_COARSE, train);
            case "images" -> hasParts(path) ? ImageSource.open(path, train) : ImageSource.folders(path);
            case "npz" ->
                NpzSource.open(
                        path, train, options.classes() == FrameColumns.FOUND ? DEFAULT_CLASSES : options.classes());
            default ->
                IdxSource.open(
                        path,
                        train && hasTrainingRows(path),
                        options.classes() == FrameColumns.FOUND ? DEFAULT_CLASSES : options.classes());
        };
    }

    /** Whether the folders of classes are in folders of parts. */
    private static boolean hasParts(String directory) {
        return exists(new Path(FileAccess.path(directory), "train"));
    }

    /** Whether an IDX directory has more than MNIST's test files; if there is nothing, the reader says so. */
    private static boolean hasTrainingRows(String directory) {
        Path path = FileAccess.path(directory);
        return !exists(new Path(path, "t10k-images-idx3-ubyte")) && !exists(new Path(path, "t10k-images-idx3-ubyte.gz"))
                || exists(new Path(path, "train-images-idx3-ubyte"))
                || exists(new Path(path, "train-images-idx3-ubyte.gz"))
                || exists(new Path(path, "train-images.idx3-ubyte"))
                || exists(new Path(path, "train-images.idx3-ubyte.gz"));
    }

    private static boolean exists(Path path) {
        try {
            return FileAccess.status(path) != null;
        } catch (IOException e) {
            throw new UserError(FileAccess.display(path) + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
    }

    @Override
    public String description() {
        return options.format().equals("digits") ? "digits" : options.format() + " " + options.path();
    }

    @Override
    public RowShape rows() {
        return parts.get(0).modelRows();
    }

    @Override
    public List<String> classNames() {
        return parts.get(0) instanceof NamedClasses named ? named.classNames() : List.of();
    }

    @Override
    public List<Preparation.Input> shards() {
        List<Preparation.Input> inputs = new ArrayList<>();
        for (DataSource part : parts) {
            boolean test = part != parts.get(0) && !options.pooled();
            double[] shares = test ? new double[] {0, 0, 1} : options.split().shares();
            int files = PrepareInput.files(options, part.modelRows(), part.rows());
            inputs.add(new Preparation.Input(
                    ShardedData.shards(spark.get(), part, null, files), new RowHash(shares, options.seed())));
        }
        return inputs;
    }

    @Override
    public void close() {
        // Sources hold nothing open.
    }
}

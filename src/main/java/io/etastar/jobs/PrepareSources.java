package io.etastar.jobs;

import io.etastar.UserError;
import io.etastar.data.DataSource;
import io.etastar.data.RowShape;
import io.etastar.data.format.CifarFormat;
import io.etastar.data.format.CifarSource;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.IdxSource;
import io.etastar.data.format.ImageSource;
import io.etastar.data.format.NpzSource;
import io.etastar.frame.FrameColumns;
import io.etastar.spark.rows.Rows;
import io.etastar.storage.FileAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Files that this project reads by itself, as training rows and test rows. */
final class PrepareSources {
    private static final int DEFAULT_CLASSES = 10;

    private PrepareSources() {}

    /** Opens and checks everything on the driver; starts no Spark. */
    static List<Rows> open(PrepareOptions options) {
        List<Rows> parts = new ArrayList<>();
        parts.add(Rows.of(open(options, true)));
        if (hasTestRows(options)) {
            parts.add(Rows.of(open(options, false)));
        }
        for (Rows part : parts) {
            RowShape shape = part.stored();
            if (options.classes() >= 0 && shape.classes() != options.classes()) {
                throw new UserError("command line: --classes: found " + options.classes() + ", expected "
                        + shape.classes() + ", those of " + shape.description());
            }
            part.check();
        }
        return parts;
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
}

package io.etastar.source;

import io.etastar.UserError;
import io.etastar.data.BatchTransform;
import io.etastar.data.CropAndFlip;
import io.etastar.data.DataSource;
import io.etastar.data.PixelPrediction;
import io.etastar.data.format.CifarFormat;
import io.etastar.data.format.CifarSource;
import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.IdxSource;
import io.etastar.data.format.ImageSource;
import io.etastar.data.format.NpzSource;
import io.etastar.data.format.RegressionSource;
import io.etastar.data.prepared.PreparedSource;
import io.etastar.frame.FrameColumns;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.spark.rows.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of formats. */
public final class Formats {
    private static final int DEFAULT_CLASSES = 10;
    private static final Logger LOG = LoggerFactory.getLogger("io.etastar.data");

    private static final List<Format> ALL = List.of(
            Format.read(
                    "digits",
                    (job, train) -> digits(job.seed(), train),
                    parts(request -> true, (request, train) -> digits(request.seed(), train))),
            Format.read(
                    "idx",
                    (job, train) -> IdxSource.open(
                            job.data().files().path(),
                            train && job.data().files().files().equals("train"),
                            job.data().classes().classes() == 0
                                    ? DEFAULT_CLASSES
                                    : job.data().classes().classes()),
                    parts(
                            request -> IdxSource.hasTrainingRows(request.path()),
                            (request, train) -> IdxSource.open(
                                    request.path(),
                                    train && IdxSource.hasTrainingRows(request.path()),
                                    classes(request)))),
            cifar("cifar10", CifarFormat.CIFAR10),
            cifar("cifar100", CifarFormat.CIFAR100),
            cifar("cifar100-coarse", CifarFormat.CIFAR100_COARSE),
            Format.read(
                    "images",
                    (job, train) -> job.data().splits()
                                    && !ImageSource.hasParts(job.data().files().path())
                            ? ImageSource.folders(job.data().files().path())
                            : ImageSource.open(job.data().files().path(), train),
                    parts(
                            request -> ImageSource.hasParts(request.path()),
                            (request, train) -> ImageSource.hasParts(request.path())
                                    ? ImageSource.open(request.path(), train)
                                    : ImageSource.folders(request.path()))),
            Format.read(
                    "npz",
                    (job, train) -> NpzSource.open(
                            job.data().files().path(),
                            train,
                            job.findsClasses()
                                    ? NpzSource.FOUND
                                    : job.data().classes().classes(),
                            job.data().files().layout()),
                    parts(
                            request -> NpzSource.hasTestRows(request.path()),
                            (request, train) -> NpzSource.open(
                                    request.path(),
                                    train,
                                    request.classes(),
                                    request.how().layout()))),
            frame("parquet"),
            frame("orc"),
            frame("json"),
            frame("csv"),
            frame("libsvm"),
            frame("spark"),
            Format.read("regression", (job, train) -> RegressionSource.open(job.seed(), train), null),
            Format.read(
                    "prepared",
                    (job, train) -> PreparedSource.open(
                            job.data().files().path(),
                            train ? "train" : job.data().files().testPart(),
                            job.data().classes().classes(),
                            job.data().files().verify()),
                    null));

    private Formats() {}

    private static Format cifar(String name, CifarFormat format) {
        return Format.read(
                name,
                (job, train) -> CifarSource.open(job.data().files().path(), format, train),
                parts(request -> true, (request, train) -> CifarSource.open(request.path(), format, train)));
    }

    private static Format frame(String name) {
        FrameFormat frames = new FrameFormat(name);
        return new Format(name, true, frames::open, frames::open);
    }

    private static DataSource digits(long seed, boolean train) {
        return train ? DigitsSource.train(seed) : DigitsSource.test(seed);
    }

    private static int classes(PrepareRequest request) {
        return request.classes() == FrameColumns.FOUND ? DEFAULT_CLASSES : request.classes();
    }

    /** Training rows, and test rows if {@code tested} says that there are any. */
    private static Format.ToPrepare parts(
            Predicate<PrepareRequest> tested, BiFunction<PrepareRequest, Boolean, DataSource> reader) {
        return (request, spark) -> {
            List<Rows> parts = new ArrayList<>();
            parts.add(Rows.of(reader.apply(request, true)));
            if (tested.test(request)) {
                parts.add(Rows.of(reader.apply(request, false)));
            }
            return parts;
        };
    }

    /** Names of all formats. */
    static List<String> names() {
        return ALL.stream().map(Format::name).toList();
    }

    /** Names of the formats that can be prepared. */
    public static List<String> toPrepare() {
        return ALL.stream()
                .filter(format -> format.toPrepare() != null)
                .map(Format::name)
                .toList();
    }

    /** Whether Spark reads files of that format, which have columns; so do all formats that are not in the table. */
    public static boolean hasColumns(String name) {
        return ALL.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .map(Format::columns)
                .orElse(true);
    }

    private static Format find(String name) {
        return ALL.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("format " + name));
    }

    /**
     * Training rows, with the weights of their classes, or test rows, which have none, as a job describes them.
     *
     * @param known what the training rows said; null if these are the training rows
     * @param spark asked for a context if Spark reads the rows, and only then
     * @throws io.etastar.UserError if files are missing or not what their names say, naming file, column or key
     */
    public static Rows open(Configuration job, boolean train, @Nullable Known known, Supplier<JavaSparkContext> spark) {
        Rows rows = find(job.data().files().source()).forJob().open(job, train, known, spark);
        if (train && known == null) {
            sayIndices(rows);
        }
        return rows.with(transform(rows.stored().features(), job.data().rows().transform(), train));
    }

    /** Says which numbers are which class indices, if they are not the same. */
    private static void sayIndices(Rows rows) {
        List<String> names = rows.classValues().names();
        if (!names.isEmpty() && names.stream().allMatch(name -> name.matches("-?[0-9.]+(E-?[0-9]+)?"))) {
            LOG.info(
                    "{}: labels {} are the classes 0 to {}, which predictions are",
                    rows.stored().description(),
                    UserError.names(names),
                    names.size() - 1);
        }
    }

    /** The change of rows of that shape in each pass, or null. */
    private static BatchTransform transform(int[] shape, String name, boolean train) {
        if (name.equals("none")) {
            return null;
        }
        BatchTransform transform = name.equals("pixels") ? new PixelPrediction(shape) : new CropAndFlip(shape);
        return transform.trainingOnly() && !train ? null : transform;
    }

    /**
     * Training rows, and test rows if there are any, to be prepared.
     *
     * @param spark asked for a context if Spark reads the rows, and only then
     * @return one or two data sets, which the caller closes
     * @throws io.etastar.UserError if files are missing or not what their names say, naming file or column
     */
    public static List<Rows> open(PrepareRequest request, Supplier<JavaSparkContext> spark) {
        return find(request.format()).toPrepare().open(request, spark);
    }

    /**
     * A request for rows to prepare.
     *
     * @param format name of the format
     * @param path directory or file; null if the rows are embedded
     * @param testPath directory or file of test rows that Spark reads; null if there are none
     * @param seed splits embedded rows
     * @param classes number of classes, {@link io.etastar.frame.FrameColumns#FOUND} for what the data say
     * @param columns of files that Spark reads
     * @param how files are read
     */
    public record PrepareRequest(
            String format,
            String path,
            String testPath,
            long seed,
            int classes,
            DataSettings.Columns columns,
            How how) {
        /** Names where the rows are, in messages; null if they are embedded. */
        public String place() {
            return format.equals("spark") ? spark().name() : path;
        }

        /** Names the format in messages. */
        public String kind() {
            return format.equals("spark") ? spark().kind() : format;
        }

        private SparkReader.Place spark() {
            return SparkReader.Place.of(format, how.reader(), path, how.reader().table());
        }
    }

    /**
     * How files are read.
     *
     * @param csv how CSV files are written
     * @param reader what source spark reads
     * @param layout of images in .npz files
     */
    public record How(DataSettings.Csv csv, DataSettings.Reader reader, String layout) {}
}

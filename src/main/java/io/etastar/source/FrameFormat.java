package io.etastar.source;

import io.etastar.UserError;
import io.etastar.frame.FrameColumns;
import io.etastar.frame.FrameRows;
import io.etastar.frame.FrameTable;
import io.etastar.settings.Configuration;
import io.etastar.settings.DataSettings;
import io.etastar.spark.rows.Rows;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that Spark reads.
 *
 * @param name of a format of files, or spark
 */
record FrameFormat(String name) {
    private static final Logger LOG = LoggerFactory.getLogger("io.etastar.data");

    /** Reads, checks and counts the training or the test rows of a job. */
    Rows open(Configuration job, boolean train, Known known, Supplier<JavaSparkContext> spark) {
        DataSettings settings = job.data();
        SparkReader.Place all = place(settings, false);
        SparkReader.Place tests = train ? null : place(settings, true);
        SparkReader.Place place = tests == null ? all : tests;
        JavaSparkContext context = spark.get();
        return FrameFiles.reading(place.name(), place.kind(), () -> {
            SparkSession session = FrameFiles.session(context);
            int width = width(settings, session, tests == null ? null : all);
            Dataset<Row> frame = FrameFiles.read(session, place, width, csv(settings, known));
            boolean split = settings.splits();
            Dataset<Row> rows = split ? FrameFiles.side(frame, settings.files().testShare(), train) : frame;
            Set<String> apart = SparkReader.partitions(frame);
            TableEncoding table = known == null ? fitted(settings, rows, apart) : known.table();
            FrameColumns columns = columns(job, frame, table == null, known, apart);
            String description = place.name() + (split ? train ? ", train" : ", test" : "");
            return FrameRows.of(description, rows, columns, table, job.dtype() == DType.DOUBLE);
        });
    }

    /** Where all rows or those for testing are; null if test rows have no place of their own. */
    private SparkReader.Place place(DataSettings settings, boolean test) {
        String path = test ? settings.files().testPath() : settings.files().path();
        String table = test ? settings.reader().testTable() : settings.reader().table();
        return test && path == null && table == null
                ? null
                : SparkReader.Place.of(name, settings.reader(), path, table);
    }

    /** Null if the options of source spark say how files are written. */
    private FrameFiles.Csv csv(DataSettings settings, Known known) {
        if (!name.equals("csv")) {
            return null;
        }
        FrameFiles.Csv csv = FrameFiles.Csv.of(
                settings.csv(), settings.columns(), settings.table().categories());
        return known == null
                ? csv
                : csv.with(known, FrameFiles.label(settings.columns().label()));
    }

    /**
     * Number of features of a LibSVM file if it is known: that of the shape, for test rows that of the training rows.
     *
     * @param training rows beside those that are read; null if it is they that are read
     */
    private int width(DataSettings settings, SparkSession session, SparkReader.Place training) {
        if (!settings.columns().shape().isEmpty()) {
            return length(settings.columns().shape());
        }
        return training == null || !training.is("libsvm")
                ? 0
                : FrameFiles.width(FrameFiles.read(session, training, 0, null), training);
    }

    /** How columns become features; null if features are one column of vectors, bytes or images. */
    private static TableEncoding fitted(DataSettings settings, Dataset<Row> frame, Set<String> apart) {
        DataSettings.Columns given = settings.columns();
        List<String> others = new ArrayList<>();
        others.add(settings.rows().targets().equals("features") ? null : FrameFiles.label(given.label()));
        others.add(given.weight());
        boolean one =
                given.features().isEmpty() && Arrays.asList(frame.columns()).contains(FrameFiles.FEATURES);
        FrameTable.Options options = new FrameTable.Options(
                one ? List.of(FrameFiles.FEATURES) : given.features(),
                settings.table().categories(),
                settings.rows().standardise() ? settings.table().scaling() : "none",
                TableEncoding.Invalid.of(settings.table().handleInvalid()),
                settings.table().maxCategories(),
                apart);
        if (!given.shape().isEmpty() || settings.rows().targets().equals("features")) {
            return null;
        }
        return FrameTable.isTable(frame.schema(), options, others)
                ? FrameTable.fit(frame, options, others, LOG::info, LOG::info)
                : null;
    }

    private static FrameColumns columns(
            Configuration job, Dataset<Row> frame, boolean vectors, Known known, Set<String> apart) {
        DataSettings settings = job.data();
        DataSettings.Columns given = settings.columns();
        boolean labelled = !settings.rows().targets().equals("features");
        String label = labelled ? FrameFiles.label(given.label()) : null;
        int found = known == null ? FrameColumns.FOUND : known.classes();
        int classes = job.findsClasses() ? found : labelled ? settings.classes().classes() : 0;
        List<String> features =
                vectors ? FrameFiles.features(frame, given.features(), label, given.weight(), apart) : List.of();
        if (vectors && known == null && apart.stream().anyMatch(name -> isApart(name, features, label, given))) {
            sayChosen(job.data().files().path(), frame, features, label, given, apart);
        }
        int[] shape = given.shape().stream().mapToInt(Integer::intValue).toArray();
        FrameColumns columns =
                new FrameColumns(features, label, given.weight(), classes, shape.length == 0 ? null : shape);
        return known == null ? columns : columns.withClasses(classes, known.values());
    }

    /** Reads and checks all rows that are to be prepared. */
    List<Rows> open(Formats.PrepareRequest request, Supplier<JavaSparkContext> spark) {
        JavaSparkContext context = spark.get();
        List<Rows> parts = new ArrayList<>();
        try {
            return FrameFiles.reading(request.place(), request.kind(), () -> {
                read(request, FrameFiles.session(context), parts);
                return parts;
            });
        } catch (RuntimeException e) {
            parts.forEach(Rows::close);
            throw e;
        }
    }

    private void read(Formats.PrepareRequest request, SparkSession session, List<Rows> parts) {
        DataSettings.Columns given = request.columns();
        DataSettings.Reader reader = request.how().reader();
        FrameFiles.Csv csv =
                name.equals("csv") ? FrameFiles.Csv.of(request.how().csv(), given, List.of()) : null;
        SparkReader.Place place = SparkReader.Place.of(name, reader, request.path(), reader.table());
        SparkReader.Place tests = SparkReader.Place.of(name, reader, request.testPath(), reader.testTable());
        Dataset<Row> train = FrameFiles.read(session, place, length(given.shape()), csv);
        Dataset<Row> test = tests.path() == null && tests.table() == null
                ? null
                : FrameFiles.read(session, tests, FrameFiles.width(train, place), csv);
        if (train.isEmpty()) {
            throw new UserError(UserError.Subject.of(place.name()), "no rows", "at least one");
        }
        String label = FrameFiles.label(given.label());
        Set<String> apart = SparkReader.partitions(train);
        List<String> features = FrameFiles.features(train, given.features(), label, given.weight(), apart);
        sayChosen(place.name(), train, features, label, given, apart);
        FrameColumns columns =
                new FrameColumns(features, label, given.weight(), request.classes(), shape(given.shape()));
        parts.add(FrameRows.of(place.name(), train, columns));
        if (test != null) {
            Rows found = parts.get(0);
            FrameColumns same = columns.withClasses(found.stored().classes(), found.classValues())
                    .withShape(found.stored().features());
            parts.add(FrameRows.of(tests.name(), test, same));
        }
    }

    /** Says which columns were taken by themselves, and which were not. */
    private static void sayChosen(
            String path,
            Dataset<Row> frame,
            List<String> features,
            String label,
            DataSettings.Columns given,
            Set<String> apart) {
        boolean named = given.features().stream().noneMatch(name -> name.endsWith("*"));
        if (!given.features().isEmpty() && named || features.equals(List.of(FrameFiles.FEATURES))) {
            return;
        }
        List<String> directories = apart.stream()
                .filter(name -> isApart(name, features, label, given))
                .sorted()
                .toList();
        List<String> others = Arrays.stream(frame.columns())
                .filter(name -> !apart.contains(name) && isApart(name, features, label, given))
                .toList();
        if (!given.features().isEmpty() && directories.isEmpty()) {
            return;
        }
        LOG.info(
                "{}: features are {}{}{}",
                path,
                UserError.names(features),
                others.isEmpty() || !given.features().isEmpty()
                        ? ""
                        : "; left out, since they are no numbers: " + UserError.names(others),
                directories.isEmpty()
                        ? ""
                        : "; left out, since they are " + FrameTable.DIRECTORIES + ": " + UserError.names(directories));
    }

    private static boolean isApart(String name, List<String> features, String label, DataSettings.Columns given) {
        return !features.contains(name) && !name.equals(label) && !name.equals(given.weight());
    }

    /** A row's shape, or null for one axis. */
    private static int[] shape(List<Integer> given) {
        return given.isEmpty()
                ? null
                : given.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Elements of a row of that shape; 0 if it is not given. */
    private static int length(List<Integer> shape) {
        return shape.isEmpty() ? 0 : shape.stream().reduce(1, Math::multiplyExact);
    }
}

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
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A format that Spark reads.
 *
 * @param name parquet, csv or libsvm
 */
record FrameFormat(String name) {
    private static final Logger LOG = LoggerFactory.getLogger("io.etastar.data");

    /** Reads, checks and counts the training or the test rows of a job. */
    Rows open(Configuration job, boolean train, Known known, Supplier<JavaSparkContext> spark) {
        DataSettings settings = job.data();
        boolean ownFile = !train && settings.files().testPath() != null;
        String path = ownFile ? settings.files().testPath() : settings.files().path();
        JavaSparkContext context = spark.get();
        return FrameFiles.reading(path, name, () -> {
            SparkSession session = FrameFiles.session(context);
            Dataset<Row> frame =
                    FrameFiles.read(session, name, path, width(settings, session, ownFile), csv(settings, known));
            boolean split = settings.splits();
            Dataset<Row> rows = split ? FrameFiles.side(frame, settings.files().testShare(), train) : frame;
            TableEncoding table = known == null ? fitted(settings, rows) : known.table();
            FrameColumns columns = columns(job, frame, table == null, known);
            String description = path + (split ? train ? ", train" : ", test" : "");
            return FrameRows.of(description, rows, columns, table, job.dtype() == DType.DOUBLE);
        });
    }

    private static FrameFiles.Csv csv(DataSettings settings, Known known) {
        FrameFiles.Csv csv = FrameFiles.Csv.of(
                settings.csv(), settings.columns(), settings.table().categories());
        return known == null
                ? csv
                : csv.with(known, FrameFiles.label(settings.columns().label()));
    }

    /** Number of features of a LibSVM file if it is known: that of the shape, for test rows that of the training rows. */
    private int width(DataSettings settings, SparkSession session, boolean ownFile) {
        int shape = settings.columns().shape().stream().reduce(1, Math::multiplyExact);
        if (!name.equals("libsvm") || !settings.columns().shape().isEmpty() || !ownFile) {
            return settings.columns().shape().isEmpty() ? 0 : shape;
        }
        return FrameFiles.width(FrameFiles.read(session, name, settings.files().path(), 0, csv(settings, null)), name);
    }

    /** How columns become features; null if features are one column of vectors, bytes or images. */
    private static TableEncoding fitted(DataSettings settings, Dataset<Row> frame) {
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
                settings.table().maxCategories());
        if (!given.shape().isEmpty() || settings.rows().targets().equals("features")) {
            return null;
        }
        return FrameTable.isTable(frame.schema(), options, others)
                ? FrameTable.fit(frame, options, others, LOG::info, LOG::info)
                : null;
    }

    private static FrameColumns columns(Configuration job, Dataset<Row> frame, boolean vectors, Known known) {
        DataSettings settings = job.data();
        DataSettings.Columns given = settings.columns();
        boolean labelled = !settings.rows().targets().equals("features");
        String label = labelled ? FrameFiles.label(given.label()) : null;
        int found = known == null ? FrameColumns.FOUND : known.classes();
        int classes = job.findsClasses() ? found : labelled ? settings.classes().classes() : 0;
        List<String> features =
                vectors ? FrameFiles.features(frame, given.features(), label, given.weight()) : List.of();
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
            return FrameFiles.reading(request.path(), name, () -> {
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
        FrameFiles.Csv csv = FrameFiles.Csv.of(request.csv(), given, List.of());
        Dataset<Row> train = FrameFiles.read(session, name, request.path(), length(given.shape()), csv);
        Dataset<Row> test = request.testPath() == null
                ? null
                : FrameFiles.read(session, name, request.testPath(), FrameFiles.width(train, name), csv);
        if (train.isEmpty()) {
            throw new UserError(UserError.Subject.of(request.path()), "no rows", "at least one");
        }
        String label = FrameFiles.label(given.label());
        List<String> features = FrameFiles.features(train, given.features(), label, given.weight());
        sayChosen(request.path(), train, features, label, given);
        FrameColumns columns =
                new FrameColumns(features, label, given.weight(), request.classes(), shape(given.shape()));
        parts.add(FrameRows.of(request.path(), train, columns));
        if (test != null) {
            Rows found = parts.get(0);
            FrameColumns same = columns.withClasses(found.stored().classes(), found.classValues())
                    .withShape(found.stored().features());
            parts.add(FrameRows.of(request.testPath(), test, same));
        }
    }

    /** Says which columns were taken by themselves, and which were not. */
    private static void sayChosen(
            String path, Dataset<Row> frame, List<String> features, String label, DataSettings.Columns given) {
        if (!given.features().isEmpty() || features.equals(List.of(FrameFiles.FEATURES))) {
            return;
        }
        List<String> others = Arrays.stream(frame.columns())
                .filter(name -> !features.contains(name) && !name.equals(label) && !name.equals(given.weight()))
                .toList();
        LOG.info(
                "{}: features are {}{}",
                path,
                UserError.names(features),
                others.isEmpty() ? "" : "; left out, since they are no numbers: " + UserError.names(others));
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

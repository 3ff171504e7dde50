package io.etastar.source;

import static org.apache.spark.sql.functions.max;

import io.etastar.UserError;
import io.etastar.settings.DataSettings;
import io.etastar.storage.FileAccess;
import io.etastar.table.ClassValues;
import io.etastar.table.ColumnEncoding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import scala.Tuple2;

/** Files and tables that Spark reads. */
public final class FrameFiles {
    static final String FEATURES = "features";
    private static final String LABEL = "label";

    private static final String WIDTH = "numFeatures";

    private FrameFiles() {}

    /**
     * A session on a context. Files are cut into pieces of a size of their own, whatever the cores, so that the order of rows
     * is that of the files alone.
     */
    static SparkSession session(JavaSparkContext context) {
        SparkSession session =
                SparkSession.builder().sparkContext(context.sc()).getOrCreate().newSession();
        session.conf().set("spark.sql.files.minPartitionNum", "1");
        session.conf().set("spark.sql.files.maxPartitionBytes", "16m");
        return session;
    }

    /**
     * Opens a file, a directory of files or a table.
     *
     * @param csv how CSV files are written; null if that is what the place's options say
     * @param width number of features, which LibSVM files do not say; 0 for what their largest index tells
     * @throws UserError if nothing is there or it is not of that format
     */
    static Dataset<Row> read(SparkSession session, SparkReader.Place place, int width, Csv csv) {
        return reading(place.name(), place.kind(), () -> {
            if (csv != null && place.is("csv")) {
                return CsvFiles.read(session, FileAccess.path(place.path()).toString(), csv);
            }
            return SparkReader.read(session, place.is("libsvm") ? wide(session, place, width) : place);
        });
    }

    /** A LibSVM file with its number of features, if its options do not say it and Spark would not find it. */
    private static SparkReader.Place wide(SparkSession session, SparkReader.Place place, int width) {
        String path = FileAccess.path(place.path()).toString();
        boolean odd = path.matches(".*[\\[\\]{}*?].*");
        if (place.options().keySet().stream().anyMatch(WIDTH::equalsIgnoreCase) || width == 0 && !odd) {
            return place;
        }
        Map<String, String> options = new HashMap<>(place.options());
        options.put(WIDTH, String.valueOf(width > 0 ? width : found(session, path)));
        return new SparkReader.Place(place.format(), options, place.path(), null);
    }

    /**
     * How CSV files are read.
     *
     * @param isUsed tells of a column whether its values matter and are no categories
     * @param isText tells of a column whether its values are texts, though they may look like numbers
     * @param kinds of the columns of a table that a model was trained on, by name; empty if these are the training rows
     */
    record Csv(DataSettings.Csv settings, Predicate<String> isUsed, Predicate<String> isText, Map<String, Kind> kinds) {
        /** For the columns of features (a* for all that begin with a; empty for all), label and weight. */
        static Csv of(DataSettings.Csv settings, DataSettings.Columns columns, List<String> categories) {
            List<String> features = columns.features();
            return new Csv(
                    settings,
                    name -> (features.isEmpty()
                                    || matches(features, name)
                                    || name.equals(label(columns.label()))
                                    || name.equals(columns.weight()))
                            && !matches(categories, name),
                    name -> matches(categories, name),
                    Map.of());
        }

        /** The same for further rows, whose columns hold what the training rows' did. */
        Csv with(Known known, String label) {
            Map<String, Kind> kinds = new HashMap<>();
            if (known.table() != null) {
                known.table().columns().forEach(column -> kinds.put(column.name(), column.kind()));
            }
            if (known.values().kind() == ClassValues.Kind.TEXT) {
                kinds.put(label, Kind.CATEGORY);
            }
            return new Csv(
                    settings, isUsed, name -> isText.test(name) || kinds.get(name) == Kind.CATEGORY, Map.copyOf(kinds));
        }

        private static boolean matches(List<String> patterns, String name) {
            return patterns.stream()
                    .anyMatch(pattern -> pattern.equals(name)
                            || pattern.endsWith("*") && name.startsWith(pattern.substring(0, pattern.length() - 1)));
        }
    }

    /** The largest index of a LibSVM file, which Spark does not find in paths of other characters than letters. */
    private static int found(SparkSession session, String path) {
        return session.read()
                .option("__globPaths__", "false")
                .textFile(path)
                .map((MapFunction<String, Integer>) FrameFiles::largestIndex, Encoders.INT())
                .agg(max("value"))
                .first()
                .getInt(0);
    }

    private static int largestIndex(String line) {
        int largest = 0;
        for (String item : line.replaceFirst("#.*", "").strip().split("\\s+")) {
            int colon = item.indexOf(':');
            if (colon > 0) {
                largest = Math.max(largest, Integer.parseInt(item.substring(0, colon)));
            }
        }
        return largest;
    }

    /** Number of features that an opened LibSVM file has; 0 for other formats. */
    static int width(Dataset<Row> frame, SparkReader.Place place) {
        return place.is("libsvm")
                ? (int) frame.schema().apply(FEATURES).metadata().getLong(WIDTH)
                : 0;
    }

    /**
     * Runs what may meet files of another format than was said.
     *
     * @param location of the files, for messages
     * @param format any, not only of those that Spark reads
     * @return what {@code body} returns
     * @throws UserError one line in place of what Spark throws at such files
     */
    @SuppressWarnings("try") // The resource is for its end alone.
    public static <T> T reading(String location, String format, Supplier<T> body) {
        try (QuietTasks quiet = Formats.hasColumns(format) ? new QuietTasks() : null) {
            return body.get();
        } catch (UserError known) {
            throw known;
            // Spark's AnalysisException is checked, but not declared.
        } catch (Exception failure) {
            Throwable cause = failure;
            boolean known = false;
            while (true) {
                known |= cause instanceof SparkThrowable thrown && ofTheData(thrown.getCondition())
                        || format.equalsIgnoreCase("libsvm")
                                && (cause instanceof IllegalArgumentException
                                        || cause instanceof IndexOutOfBoundsException);
                if (cause.getCause() == null) {
                    break;
                }
                cause = cause.getCause();
            }
            if (!known) {
                throw failure;
            }
            throw new UserError(
                    location + ": found no readable " + format + " data: " + FileAccess.firstLine(cause), failure);
        }
    }

    private static boolean ofTheData(String condition) {
        return condition != null
                && (condition.startsWith("MALFORMED")
                        || condition.startsWith("FAILED_READ_FILE")
                        || condition.startsWith("PATH_NOT_FOUND")
                        || condition.startsWith("UNABLE_TO_INFER_SCHEMA")
                        || condition.startsWith("CANNOT_READ_FILE")
                        || condition.startsWith("COLUMN_ALREADY_EXISTS")
                        || condition.contains("INVALID_NUMBER"));
    }

    /** The column of labels: {@code given}, by default {@code label}. */
    static String label(String given) {
        return given == null ? LABEL : given;
    }

    /**
     * The columns of features: those given, a name that ends in an asterisk standing for all that begin so; by default
     * {@code features}, or if there is no such column all numeric ones that are neither label nor weight.
     *
     * @param apart columns that are features only by their whole name
     * @throws UserError if there is none
     */
    static List<String> features(
            Dataset<Row> frame, List<String> given, String label, String weight, Set<String> apart) {
        List<String> names = Arrays.asList(frame.columns());
        Predicate<String> found = column -> !column.equals(label) && !column.equals(weight) && !apart.contains(column);
        List<String> chosen = new ArrayList<>();
        for (String name : given) {
            if (name.endsWith("*") && !names.contains(name)) {
                String prefix = name.substring(0, name.length() - 1);
                names.stream()
                        .filter(column -> column.startsWith(prefix) && found.test(column))
                        .forEach(chosen::add);
            } else {
                chosen.add(name);
            }
        }
        if (given.isEmpty() && names.contains(FEATURES)) {
            chosen.add(FEATURES);
        } else if (given.isEmpty()) {
            for (StructField field : frame.schema().fields()) {
                if (field.dataType() instanceof NumericType && found.test(field.name())) {
                    chosen.add(field.name());
                }
            }
        }
        if (chosen.isEmpty()) {
            throw new UserError(
                    UserError.Subject.setting("data.features"),
                    "no column " + (given.isEmpty() ? "of numbers" : given),
                    "some of " + UserError.names(names));
        }
        return chosen;
    }

    /** One side of a split: the last rows are for testing. */
    static Dataset<Row> side(Dataset<Row> frame, double share, boolean train) {
        JavaPairRDD<Row, Long> numbered = frame.javaRDD().zipWithIndex();
        long rows = frame.count();
        long cut = rows - Math.max(1, Math.min(rows - 1, Math.round(share * rows)));
        return frame.sparkSession()
                .createDataFrame(numbered.filter(row -> row._2 < cut == train).map(Tuple2::_1), frame.schema());
    }

    /**
     * Keeps Spark from logging the stack traces of tasks that fail in this process, as long as this is open: for jobs whose failure
     * either becomes one line or is thrown with all its causes.
     */
    private static final class QuietTasks implements AutoCloseable {
        private static final List<String> LOGGERS = List.of(
                "org.apache.spark.executor.Executor",
                "org.apache.spark.scheduler.TaskSetManager",
                "org.apache.spark.storage.BlockManager");

        private final Map<String, Level> before = new HashMap<>();

        QuietTasks() {
            for (String logger : LOGGERS) {
                before.put(logger, LogManager.getLogger(logger).getLevel());
                Configurator.setLevel(logger, Level.OFF);
            }
        }

        @Override
        public void close() {
            before.forEach(Configurator::setLevel);
        }
    }
}

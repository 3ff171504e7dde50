package io.etastar.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.when;

import io.etastar.UserError;
import io.etastar.settings.DataSettings;
import io.etastar.storage.FileAccess;
import io.etastar.table.ColumnEncoding.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVInferSchema;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CSV files, read by Spark with what their heads tell: columns of numbers, booleans, dates and timestamps have these types, marks
 * of missing values are null.
 */
final class CsvFiles {
    private static final Logger LOG = LoggerFactory.getLogger("io.etastar.data");
    private static final String GLOBS = "__globPaths__";
    private static final int SPARK_COLUMNS = 20_480;
    /** A column in which at least this share of the values are numbers is one of numbers. */
    private static final double NUMBERS = 0.9;

    /** Types of columns that hold no value, by what they held in training. */
    private static final Map<Kind, DataType> KNOWN = Map.of(
            Kind.NUMBER, DataTypes.DoubleType, Kind.DATE, DataTypes.DateType, Kind.TIMESTAMP, DataTypes.TimestampType);

    private final SparkSession session;
    private final String path;
    private final FrameFiles.Csv how;
    private final DataSettings.Csv settings;
    private final CsvHead head;
    private final String[] names;
    private final boolean multiLine;

    private CsvFiles(SparkSession session, String path, FrameFiles.Csv how) {
        this.session = session;
        this.path = path;
        this.how = how;
        settings = how.settings();
        List<Path> files = files(new Path(path));
        Path first = files.get(0);
        head = CsvHead.of(first, settings);
        List<String> header = header(first, head);
        names = settings.header() ? safe(header) : unnamed(header.size());
        files.forEach(file -> check(file, first, header));
        say();
        multiLine = head.isWide() || breaksWithinQuotes();
    }

    /**
     * Reads a file or a directory of files.
     *
     * @throws UserError naming file, column and row
     */
    static Dataset<Row> read(SparkSession session, String path, FrameFiles.Csv how) {
        return new CsvFiles(session, path, how).frame();
    }

    private void say() {
        List<String> said = new ArrayList<>();
        if (settings.separator().equals("auto") && !head.separator().equals(",")) {
            said.add("separator '" + (head.separator().equals("\t") ? "\\t" : head.separator()) + "'");
        }
        if (settings.decimalMark().equals("auto") && !head.decimalMark().equals(".")) {
            said.add("decimal mark ','");
        }
        if (settings.encoding().equals("auto") && !head.encoding().equals("UTF-8")) {
            said.add("encoding " + head.encoding());
        }
        if (!said.isEmpty()) {
            LOG.info("{}: recognised {}", FileAccess.display(new Path(path)), String.join(", ", said));
        }
    }

    /** Those that Spark reads, with rows in them. */
    private static List<Path> files(Path path) {
        try {
            FileStatus status = FileAccess.status(path);
            if (status == null) {
                throw new UserError(
                        UserError.Subject.of(FileAccess.display(path)),
                        "nothing there",
                        "a CSV file or a directory of them");
            }
            List<Path> files = new ArrayList<>();
            collect(status, files);
            if (files.isEmpty()) {
                throw new UserError(
                        UserError.Subject.of(FileAccess.display(path)),
                        status.isDirectory() ? "no files, or empty ones" : "an empty file",
                        "at least one row");
            }
            return files;
        } catch (IOException e) {
            throw new UserError(FileAccess.display(path) + ": cannot be read: " + FileAccess.firstLine(e), e);
        }
    }

    private static void collect(FileStatus entry, List<Path> files) throws IOException {
        if (!entry.isDirectory()) {
            if (entry.getLen() > 0) {
                files.add(entry.getPath());
            }
            return;
        }
        for (FileStatus inner : FileAccess.list(entry.getPath())) {
            if (!inner.getPath().getName().matches("[._].*")) {
                collect(inner, files);
            }
        }
    }

    private static List<String> header(Path file, CsvHead head) {
        if (head.records().isEmpty()) {
            throw new UserError(UserError.Subject.of(FileAccess.display(file)), "no rows", "at least one");
        }
        return head.records().get(0);
    }

    private void check(Path file, Path first, List<String> header) {
        if (file.equals(first)) {
            return;
        }
        DataSettings.Csv known = new DataSettings.Csv(
                head.separator(),
                settings.quote(),
                settings.escape(),
                head.decimalMark(),
                head.encoding(),
                settings.missing(),
                settings.header());
        List<String> found = header(file, CsvHead.of(file, known));
        if (settings.header() ? !found.equals(header) : found.size() != header.size()) {
            throw new UserError(
                    UserError.Subject.of(FileAccess.display(file)),
                    (settings.header() ? "header " + UserError.names(found) : found.size() + " columns"),
                    (settings.header() ? UserError.names(header) : header.size()) + " as in " + first.getName());
        }
    }

    /** As Spark names columns: no two alike but for case, none empty. */
    private static String[] safe(List<String> header) {
        Map<String, Integer> counts = new HashMap<>();
        header.forEach(name -> counts.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum));
        String[] names = new String[header.size()];
        for (int i = 0; i < names.length; i++) {
            String name = header.get(i);
            names[i] = name.isEmpty() ? "_c" + i : counts.get(name.toLowerCase(Locale.ROOT)) > 1 ? name + i : name;
        }
        return names;
    }

    private static String[] unnamed(int columns) {
        String[] names = new String[columns];
        for (int i = 0; i < columns; i++) {
            names[i] = "_c" + i;
        }
        return names;
    }

    /** Whether a value may go on in the next line: Spark then does not split files. */
    private boolean breaksWithinQuotes() {
        if (settings.quote().isEmpty()) {
            return false;
        }
        char quote = settings.quote().charAt(0);
        return !session.read()
                .option(GLOBS, "false")
                .textFile(path)
                .filter((org.apache.spark.api.java.function.FilterFunction<String>)
                        line -> (line.chars().filter(c -> c == quote).count() & 1) == 1)
                .isEmpty();
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        options.put(GLOBS, "false");
        options.put("header", String.valueOf(settings.header()));
        options.put("sep", head.separator());
        options.put("quote", settings.quote());
        options.put("escape", settings.escape().equals("auto") ? settings.quote() : settings.escape());
        options.put("ignoreLeadingWhiteSpace", "true");
        options.put("ignoreTrailingWhiteSpace", "true");
        options.put("multiLine", String.valueOf(multiLine));
        options.put("maxColumns", String.valueOf(Math.max(SPARK_COLUMNS, names.length + 1)));
        if (!head.isUtf8()) {
            options.put("encoding", head.encoding());
        }
        return options;
    }

    private Dataset<Row> frame() {
        StructType texts = new StructType(Stream.of(names)
                .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true))
                .toArray(StructField[]::new));
        Dataset<Row> raw = session.read()
                .options(options())
                .option("mode", "FAILFAST")
                .schema(texts)
                .csv(path);
        Dataset<Row> own = raw.columns().length == names.length
                ? raw
                : raw.select(Stream.of(names).map(CsvFiles::column).toArray(Column[]::new));
        StructType found = checked(own, infer(own));
        boolean comma = head.decimalMark().equals(",");
        StructType stored = new StructType(Stream.of(found.fields())
                .map(field -> comma && field.dataType().equals(DataTypes.DoubleType)
                        ? DataTypes.createStructField(field.name(), DataTypes.StringType, true)
                        : field)
                .toArray(StructField[]::new));
        Map<String, String> options = options();
        if (settings.missing().contains("NaN")) {
            options.put("nullValue", "NaN");
        }
        return cleaned(session.read().options(options).schema(stored).csv(path), stored, found);
    }

    private Dataset<Row> cleaned(Dataset<Row> read, StructType stored, StructType found) {
        if (Stream.of(stored.fields()).noneMatch(field -> field.dataType().equals(DataTypes.StringType))) {
            return read;
        }
        Object[] marks = settings.missing().toArray();
        // Behind those of the file: what the names of its directories say.
        String[] all = read.columns();
        Column[] columns = Stream.of(all).map(CsvFiles::column).toArray(Column[]::new);
        for (int i = 0; i < names.length; i++) {
            Column column = columns[i];
            Column present =
                    when(column.isin(marks).or(column.equalTo("")), lit(null)).otherwise(column);
            if (!stored.fields()[i].dataType().equals(DataTypes.StringType)) {
                columns[i] = column;
            } else if (found.fields()[i].dataType().equals(DataTypes.StringType)) {
                columns[i] = present.as(names[i]);
            } else {
                columns[i] = translate(present, ",", ".")
                        .cast(found.fields()[i].dataType())
                        .as(names[i]);
            }
        }
        return read.select(columns);
    }

    private static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    /** Types by Spark's rules over the values that are there; a number too long for an integer is a double. */
    private StructType infer(Dataset<Row> raw) {
        Set<String> marks = new HashSet<>(settings.missing());
        boolean comma = head.decimalMark().equals(",");
        JavaRDD<String[]> cells = raw.javaRDD().map(row -> {
            String[] values = new String[row.length()];
            for (int i = 0; i < values.length; i++) {
                String value = row.getString(i);
                values[i] = value == null || value.isEmpty() || marks.contains(value)
                        ? null
                        : comma ? pointed(value) : value;
            }
            return values;
        });
        CSVOptions options = new CSVOptions(
                scala.collection.immutable.Map$.MODULE$.from(
                        scala.jdk.javaapi.CollectionConverters.asScala(Map.of("inferSchema", "true"))),
                true,
                session.sessionState().conf().sessionLocalTimeZone());
        StructType found = new CSVInferSchema(options).infer(cells.rdd(), names);
        StructField[] fields = new StructField[names.length];
        for (int i = 0; i < fields.length; i++) {
            DataType type = found.fields()[i].dataType();
            fields[i] = DataTypes.createStructField(names[i], type(names[i], type), true);
        }
        return new StructType(fields);
    }

    /** The type of a column: what its values look like, but for texts that are known to be such. */
    private DataType type(String name, DataType looks) {
        return how.isText().test(name)
                ? DataTypes.StringType
                : looks instanceof DecimalType ? DataTypes.DoubleType : looks;
    }

    /** Columns without a value have the type that a model was trained with: nothing is said by the file. */
    private StructType withEmpty(StructType found, List<NumberCounts> counts, List<Integer> texts) {
        StructField[] fields = found.fields().clone();
        for (int j = 0; j < texts.size(); j++) {
            int at = j;
            String name = names[texts.get(j)];
            DataType known =
                    how.kinds().containsKey(name) ? KNOWN.get(how.kinds().get(name)) : null;
            if (known != null && counts.stream().allMatch(part -> part.present[at] == 0)) {
                fields[texts.get(j)] = DataTypes.createStructField(name, known, true);
            }
        }
        return new StructType(fields);
    }

    private static String pointed(String value) {
        return value.matches("[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?") ? value.replace(',', '.') : value;
    }

    /** Types of the columns; refuses texts in columns that are nearly all numbers, or were numbers in training. */
    private StructType checked(Dataset<Row> raw, StructType found) {
        List<Integer> texts = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            if (found.fields()[i].dataType().equals(DataTypes.StringType)
                    && how.isUsed().test(names[i])
                    && !how.isText().test(names[i])) {
                texts.add(i);
            }
        }
        if (texts.isEmpty()) {
            return found;
        }
        Set<String> marks = new HashSet<>(settings.missing());
        boolean comma = head.decimalMark().equals(",");
        List<NumberCounts> counts = raw.javaRDD()
                .mapPartitions(rows -> {
                    NumberCounts counted = new NumberCounts(texts.size());
                    while (rows.hasNext()) {
                        Row row = rows.next();
                        for (int j = 0; j < texts.size(); j++) {
                            String value = row.getString(texts.get(j));
                            counted.add(
                                    j, value == null || value.isEmpty() || marks.contains(value) ? null : value, comma);
                        }
                        counted.rows++;
                    }
                    return List.of(counted).iterator();
                })
                .collect();
        for (int j = 0; j < texts.size(); j++) {
            refuse(names[texts.get(j)], j, counts);
        }
        return withEmpty(found, counts, texts);
    }

    private void refuse(String name, int j, List<NumberCounts> counts) {
        long present = counts.stream().mapToLong(part -> part.present[j]).sum();
        long numbers = counts.stream().mapToLong(part -> part.numbers[j]).sum();
        boolean known = how.kinds().get(name) == Kind.NUMBER;
        if (!known && numbers < NUMBERS * present || numbers == present) {
            return;
        }
        long before = 0;
        for (NumberCounts part : counts) {
            if (part.first[j] != null) {
                throw new UserError(
                        UserError.Subject.of(FileAccess.display(new Path(path)) + ": column '" + name + "', row "
                                + (before + part.row[j] + 1)),
                        "'" + part.first[j] + "'",
                        "a number as in " + (known ? "the training rows" : numbers + " other rows")
                                + ", or a mark of data.csv.missing"
                                + (known ? "" : "; data.categories takes the column as text"));
            }
            before += part.rows;
        }
    }

    /** How many values of columns are there and numbers, and the first that is not. */
    private static final class NumberCounts implements java.io.Serializable {
        private static final long serialVersionUID = 1L;

        private final long[] present;
        private final long[] numbers;
        private final String[] first;
        private final long[] row;
        private long rows;

        NumberCounts(int columns) {
            present = new long[columns];
            numbers = new long[columns];
            first = new String[columns];
            row = new long[columns];
        }

        void add(int j, String value, boolean comma) {
            if (value == null) {
                return;
            }
            present[j]++;
            if (isNumber(comma ? pointed(value) : value)) {
                numbers[j]++;
            } else if (first[j] == null) {
                first[j] = value;
                row[j] = rows;
            }
        }

        private static boolean isNumber(String value) {
            try {
                Double.parseDouble(value);
                return true;
            } catch (NumberFormatException none) {
                return false;
            }
        }
    }
}

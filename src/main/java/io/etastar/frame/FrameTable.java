package io.etastar.frame;

import io.etastar.UserError;
import io.etastar.spark.rows.Carried;
import io.etastar.table.ColumnEncoding;
import io.etastar.table.ColumnEncoding.Kind;
import io.etastar.table.TableEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Columns of a frame as a table: which are used, how they are encoded, and the encoded rows. */
public final class FrameTable {
    /** Says in messages why a column is no feature. */
    public static final String DIRECTORIES = "in the names of directories";

    private static final int MOST_NAMES = 10;

    private FrameTable() {}

    /**
     * What is asked of a table's columns.
     *
     * @param features names; one that ends in an asterisk stands for all that begin so; empty for all that can be used
     * @param categories names of columns whose values are categories, though they are no texts
     * @param scaling of numbers: standard, robust, quantile or none
     * @param invalid handling of missing values and unknown categories
     * @param mostCategories of a column; from one more on they are hashed into as many buckets
     * @param apart columns in the names of directories, which are features only by their whole name
     */
    public record Options(
            List<String> features,
            List<String> categories,
            String scaling,
            TableEncoding.Invalid invalid,
            int mostCategories,
            Set<String> apart) {
        /** The same of a frame all of whose columns are alike. */
        public Options(
                List<String> features,
                List<String> categories,
                String scaling,
                TableEncoding.Invalid invalid,
                int mostCategories) {
            this(features, categories, scaling, invalid, mostCategories, Set.of());
        }
    }

    /**
     * Whether features are a table, not one column of vectors, images or bytes.
     *
     * @param features names as in {@link Options}
     * @param others columns that are no features; null among them counts for nothing
     */
    public static boolean isTable(StructType schema, Options options, Collection<String> others) {
        if (options.features().isEmpty()) {
            return true;
        }
        List<String> names = expand(schema, options.features(), others, options.apart());
        if (names.size() != 1) {
            return true;
        }
        Kind kind = RawValues.kind(type(schema, names.get(0)));
        return kind != null
                && (kind != Kind.VECTOR
                        || options.scaling().equals("robust")
                        || options.scaling().equals("quantile"));
    }

    /**
     * Checks that the columns asked for are there and of use.
     *
     * @param others columns that are no features; null among them counts for nothing
     * @throws UserError naming the column, what was found and what is expected
     */
    public static void check(StructType schema, Options options, Collection<String> others) {
        requests(schema, options, others, new LinkedHashMap<>());
    }

    /**
     * Fits the encoding of a table: one Spark job over its rows.
     *
     * @param others columns that are no features; null among them counts for nothing
     * @param say takes one line that names the columns, if names were not given
     * @param warn takes one line that names those left out, and one that names those that number the rows, if there are any
     * @throws UserError naming the column, what was found and what is expected
     */
    public static TableEncoding fit(
            Dataset<Row> frame,
            Options options,
            Collection<String> others,
            Consumer<String> say,
            Consumer<String> warn) {
        StructType schema = frame.schema();
        boolean chosen = !options.features().isEmpty();
        Map<String, String> leftOut = new LinkedHashMap<>();
        List<Request> requests = requests(schema, options, others, leftOut);
        List<ColumnSurvey> surveys = survey(frame, requests, options);
        List<ColumnEncoding> columns = new ArrayList<>();
        for (int i = 0; i < surveys.size(); i++) {
            ColumnSurvey survey = surveys.get(i);
            if (survey.problem() != null) {
                throw new UserError(survey.problem());
            }
            String reason = chosen ? null : survey.reasonToLeaveOut();
            if (reason != null) {
                leftOut.put(requests.get(i).name(), reason);
                continue;
            }
            if (options.invalid() == TableEncoding.Invalid.ERROR && survey.missing() > 0) {
                throw new UserError(
                        UserError.Subject.column(requests.get(i).name()),
                        "no value in " + survey.missing() + " of " + survey.rows() + " rows",
                        "one in every row, or data.handle_invalid = keep or skip");
            }
            columns.add(survey.encoding(options.scaling()));
        }
        if (!chosen) {
            say.accept("features: " + described(columns));
        }
        List<String> likeNames = surveys.stream()
                .filter(survey -> !chosen && survey.isLikeNamesOfRows())
                .map(survey -> "'" + survey.name() + "'")
                .toList();
        if (!likeNames.isEmpty()) {
            warn.accept("a number of its own in each row, such as an index, which tells nothing about other rows: "
                    + some(likeNames) + "; name the features to leave it out");
        }
        if (!leftOut.isEmpty()) {
            warn.accept("left out: "
                    + some(leftOut.entrySet().stream()
                            .map(entry -> "'" + entry.getKey() + "' (" + entry.getValue() + ")")
                            .toList()));
        }
        return new TableEncoding(columns, options.invalid());
    }

    private record Request(String name, Kind kind) implements java.io.Serializable {}

    private static List<Request> requests(
            StructType schema, Options options, Collection<String> others, Map<String, String> leftOut) {
        boolean chosen = !options.features().isEmpty();
        List<String> names = chosen
                ? expand(schema, options.features(), others, options.apart())
                : usable(schema, others, options.apart(), leftOut);
        if (chosen) {
            expand(schema, options.features(), others, Set.of()).stream()
                    .filter(name -> !names.contains(name))
                    .forEach(name -> leftOut.put(name, DIRECTORIES));
        }
        if (names.isEmpty()) {
            throw new UserError(
                    UserError.Subject.setting("data.features"),
                    "no column of numbers, booleans, texts, dates, timestamps or vectors",
                    "at least one beside "
                            + UserError.names(others.stream()
                                    .filter(other -> other != null)
                                    .toList()));
        }
        Set<String> unused = new HashSet<>(options.apart());
        names.forEach(unused::remove);
        List<String> categories = expand(schema, options.categories(), List.of(), unused);
        for (String category : categories) {
            if (!names.contains(category)) {
                throw new UserError(
                        UserError.Subject.setting("data.categories"), "'" + category + "'", "one of the features");
            }
        }
        List<Request> requests = new ArrayList<>();
        for (String name : names) {
            DataType type = type(schema, name);
            Kind kind = RawValues.kind(type);
            if (kind == null) {
                throw new UserError(
                        UserError.Subject.column(name),
                        type.catalogString(),
                        "numbers, booleans, texts, dates, timestamps, vectors or arrays of numbers"
                                + (chosen && names.size() > 1 ? " beside other columns" : ""));
            }
            if (kind == Kind.VECTOR && categories.contains(name)) {
                throw new UserError(UserError.Subject.column(name), type.catalogString(), "values, not vectors");
            }
            requests.add(new Request(name, categories.contains(name) ? Kind.CATEGORY : kind));
        }
        return requests;
    }

    private static List<ColumnSurvey> survey(Dataset<Row> frame, List<Request> requests, Options options) {
        List<Column> columns = requests.stream()
                .map(request -> ExpressionUtils.column(expression(frame, request.name())))
                .toList();
        Dataset<Row> read = frame.select(columns.toArray(Column[]::new));
        DataType[] types =
                Arrays.stream(read.schema().fields()).map(StructField::dataType).toArray(DataType[]::new);
        boolean quantiles =
                options.scaling().equals("robust") || options.scaling().equals("quantile");
        Survey survey = new Survey(requests, types, quantiles, options.mostCategories());
        return read.queryExecution().toRdd().toJavaRDD().mapPartitions(survey).map(Carried::of).collect().stream()
                .map(Carried::value)
                .reduce(Survey::plus)
                .orElseGet(survey::none);
    }

    /** Surveys the rows of a partition. */
    private record Survey(List<Request> requests, DataType[] types, boolean quantiles, int mostCategories)
            implements FlatMapFunction<java.util.Iterator<InternalRow>, List<ColumnSurvey>> {
        @Override
        public java.util.Iterator<List<ColumnSurvey>> call(java.util.Iterator<InternalRow> rows) {
            List<ColumnSurvey> surveys = none();
            while (rows.hasNext()) {
                InternalRow row = rows.next();
                for (int i = 0; i < types.length; i++) {
                    Object value = row.isNullAt(i) ? null : row.get(i, types[i]);
                    surveys.get(i)
                            .add(RawValues.of(value, types[i], requests.get(i).kind()));
                }
            }
            return List.of(surveys).iterator();
        }

        List<ColumnSurvey> none() {
            List<ColumnSurvey> surveys = new ArrayList<>();
            requests.forEach(request ->
                    surveys.add(new ColumnSurvey(request.name(), request.kind(), quantiles, mostCategories)));
            return surveys;
        }

        static List<ColumnSurvey> plus(List<ColumnSurvey> before, List<ColumnSurvey> next) {
            for (int i = 0; i < before.size(); i++) {
                before.get(i).plus(next.get(i));
            }
            return before;
        }
    }

    /**
     * The encoded row as a column of the frame: an array of floats or doubles; null for rows that are left out.
     *
     * @throws UserError if a column of the encoding is missing, or is of another kind
     */
    public static Column encoded(Dataset<Row> frame, TableEncoding encoding, boolean doubles) {
        check(frame.schema(), encoding);
        List<Expression> columns =
                encoding.names().stream().map(name -> expression(frame, name)).toList();
        return ExpressionUtils.column(new EncodedRow(
                encoding,
                doubles,
                CollectionConverters.asScala(columns.iterator()).toIndexedSeq()));
    }

    /**
     * Checks that a frame has the columns of an encoding.
     *
     * @throws UserError if one is missing, or is of another kind
     */
    public static void check(StructType schema, TableEncoding encoding) {
        for (ColumnEncoding column : encoding.columns()) {
            DataType type = type(schema, column.name());
            if (!RawValues.fits(type, column.kind())) {
                throw new UserError(
                        UserError.Subject.column(column.name()),
                        type.catalogString(),
                        switch (column.kind()) {
                            case NUMBER -> "numbers or booleans, as in the training rows";
                            case DATE -> "dates, as in the training rows";
                            case TIMESTAMP -> "timestamps, as in the training rows";
                            case VECTOR -> "vectors or arrays of numbers, as in the training rows";
                            case CATEGORY -> "texts, as in the training rows";
                        });
            }
        }
    }

    /** The column itself, whatever others the frame has; numbers in arrays as doubles. */
    private static Expression expression(Dataset<Row> frame, String name) {
        List<Attribute> output = CollectionConverters.asJava(((org.apache.spark.sql.classic.Dataset<Row>) frame)
                .queryExecution()
                .analyzed()
                .output());
        List<Attribute> found =
                output.stream().filter(column -> column.name().equals(name)).toList();
        if (found.size() > 1) {
            throw new UserError(UserError.Subject.column(name), found.size() + " of that name", "one");
        }
        List<String> path = FrameField.path(frame.schema(), name);
        Attribute outer = output.stream()
                .filter(each -> each.name().equals(path.get(0)))
                .findFirst()
                .orElseThrow();
        Column column = FrameField.within(ExpressionUtils.column(outer), path);
        boolean array = type(frame.schema(), name) instanceof ArrayType;
        return ExpressionUtils.expression(
                array ? column.cast(DataTypes.createArrayType(DataTypes.DoubleType)) : column);
    }

    /** Type of a column, or of a nested field if no column has that very name. */
    private static DataType type(StructType schema, String name) {
        StructField field = FrameField.find(schema, name);
        if (field == null) {
            throw new UserError(
                    UserError.Subject.column(name),
                    "none of that name",
                    "one of " + UserError.names(Arrays.asList(schema.fieldNames())));
        }
        return field.dataType();
    }

    /** @param apart columns that are not among those that an asterisk stands for */
    private static List<String> expand(
            StructType schema, List<String> given, Collection<String> others, Set<String> apart) {
        List<String> names = Arrays.asList(schema.fieldNames());
        List<String> chosen = new ArrayList<>();
        for (String name : given) {
            if (name.endsWith("*") && !names.contains(name)) {
                String prefix = name.substring(0, name.length() - 1);
                List<String> found = names.stream()
                        .filter(column ->
                                column.startsWith(prefix) && !others.contains(column) && !apart.contains(column))
                        .toList();
                if (found.isEmpty()) {
                    throw new UserError(
                            UserError.Subject.column(name),
                            "none whose name begins so",
                            "one of " + UserError.names(names));
                }
                found.stream().filter(each -> !chosen.contains(each)).forEach(chosen::add);
            } else {
                if (others.contains(name)) {
                    throw new UserError(
                            UserError.Subject.setting("data.features"),
                            "'" + name + "'",
                            "columns beside label, weight and indicators");
                }
                type(schema, name);
                if (!chosen.contains(name)) {
                    chosen.add(name);
                }
            }
        }
        return chosen;
    }

    /** All columns that a table can use. */
    private static List<String> usable(
            StructType schema, Collection<String> others, Set<String> apart, Map<String, String> leftOut) {
        List<String> names = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (others.contains(field.name())) {
                continue;
            }
            if (apart.contains(field.name())) {
                leftOut.put(field.name(), DIRECTORIES);
            } else if (RawValues.kind(field.dataType()) == null) {
                leftOut.put(field.name(), field.dataType().typeName());
            } else {
                names.add(field.name());
            }
        }
        return names;
    }

    private static String described(List<ColumnEncoding> columns) {
        return columns.size()
                + (columns.size() == 1 ? " column: " : " columns: ")
                + some(columns.stream()
                        .map(column -> "'" + column.name() + "'" + note(column))
                        .toList());
    }

    private static String note(ColumnEncoding column) {
        String gaps = column.gaps() ? ", gaps" : "";
        return switch (column.kind()) {
            case NUMBER -> column.gaps() ? " (gaps)" : "";
            case DATE -> " (date" + gaps + ")";
            case TIMESTAMP -> " (timestamp" + gaps + ")";
            case VECTOR -> " (" + column.scales().size() + " numbers" + gaps + ")";
            case CATEGORY ->
                column.buckets() > 0
                        ? " (more than " + column.buckets() + " categories, hashed" + gaps + ")"
                        : " (" + column.values().size() + " categories" + gaps + ")";
        };
    }

    private static String some(List<String> all) {
        String first = String.join(", ", all.subList(0, Math.min(MOST_NAMES, all.size())));
        return all.size() > MOST_NAMES ? first + " and " + (all.size() - MOST_NAMES) + " others" : first;
    }
}

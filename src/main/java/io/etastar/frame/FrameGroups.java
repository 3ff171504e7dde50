package io.etastar.frame;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.lit;

import io.etastar.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of a frame grouped by columns, as {@code groupBy} of Spark does it: null is a value like others.
 *
 * @param frame with the index of each row's group in the column {@link #INDEX}, null for a group that was not found
 * @param keys values of the columns for each group, sorted, nulls first
 */
public record FrameGroups(Dataset<Row> frame, List<Row> keys) {
    /** Name of the column of indices. */
    public static final String INDEX = "etastar group";

    private static final String KEY = "etastar key ";

    /**
     * Finds the groups: one Spark job, which reads these columns alone.
     *
     * @param names of columns, at least one
     * @param most how many groups are accepted
     * @throws UserError if there are more
     */
    public static FrameGroups of(Dataset<Row> frame, List<String> names, int most) {
        StructType fields = fields(frame.schema(), names);
        Column[] values = names.stream()
                .map(name -> FrameField.column(frame.schema(), name))
                .toArray(Column[]::new);
        Column[] keys = Stream.of(fields.fieldNames()).map(FrameGroups::key).toArray(Column[]::new);
        List<Row> found = frame.select(values)
                .toDF(fields.fieldNames())
                .distinct()
                .sort(keys)
                .limit(most + 1)
                .collectAsList();
        if (found.size() > most) {
            throw new UserError(
                    UserError.Subject.of("columns " + UserError.names(names)),
                    "more than " + most + " groups",
                    "at most " + most);
        }
        List<Row> numbered = IntStream.range(0, found.size())
                .mapToObj(i -> numbered(found.get(i), i))
                .toList();
        Dataset<Row> indices = frame.sparkSession().createDataFrame(numbered, fields.add(INDEX, DataTypes.IntegerType));
        Column same = IntStream.range(0, values.length)
                .mapToObj(i -> values[i].eqNullSafe(keys[i]))
                .reduce(lit(true), Column::and);
        return new FrameGroups(frame.join(broadcast(indices), same, "left").drop(fields.fieldNames()), found);
    }

    /**
     * Checks that rows can be grouped by a column.
     *
     * @throws UserError if there is none of that name, or its values have no order
     */
    public static void check(StructType schema, String name) {
        StructField field = FrameField.find(schema, name);
        if (field == null) {
            throw new UserError(
                    UserError.Subject.column(name),
                    "none of that name",
                    "one of " + UserError.names(List.of(schema.fieldNames())));
        }
        if (!RowOrdering.isOrderable(field.dataType())) {
            throw new UserError(
                    UserError.Subject.column(name), field.dataType().catalogString(), "values to group rows by");
        }
    }

    /** The columns under names that no other column has. */
    private static StructType fields(StructType schema, List<String> names) {
        StructType fields = new StructType();
        for (int i = 0; i < names.size(); i++) {
            fields = fields.add(KEY + i, FrameField.find(schema, names.get(i)).dataType());
        }
        return fields;
    }

    private static Column key(String name) {
        return FrameField.column(new StructType().add(name, DataTypes.NullType), name);
    }

    private static Row numbered(Row key, int index) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            values.add(key.get(i));
        }
        values.add(index);
        return RowFactory.create(values.toArray());
    }
}

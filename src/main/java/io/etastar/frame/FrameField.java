package io.etastar.frame;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns by name: a dotted name is a column of that very name if there is one, else a field inside another column. */
public final class FrameField {
    private FrameField() {}

    /** The first field of that name, or null; a nested one has its whole path as its name. */
    public static StructField find(StructType schema, String name) {
        List<String> path = path(schema, name);
        if (path.isEmpty()) {
            return null;
        }
        DataType type = schema;
        StructField field = null;
        boolean nullable = false;
        for (String part : path) {
            field = ((StructType) type).apply(part);
            type = field.dataType();
            nullable |= field.nullable();
        }
        return path.size() == 1 ? field : new StructField(name, type, nullable, field.metadata());
    }

    /** The column of that name, as {@link #find} finds it. */
    public static Column column(StructType schema, String name) {
        List<String> path = path(schema, name);
        Column column = quoted(path.isEmpty() ? name : path.get(0));
        return within(column, path);
    }

    /** What {@link #find} finds, inside a column that is the first of its path. */
    public static Column within(Column outer, List<String> path) {
        Column column = outer;
        for (int i = 1; i < path.size(); i++) {
            column = column.getField(path.get(i));
        }
        return column;
    }

    /** Names of a column and of the fields in it; empty if there is none. */
    public static List<String> path(StructType schema, String name) {
        if (Arrays.asList(schema.fieldNames()).contains(name)) {
            return List.of(name);
        }
        for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
            String outer = name.substring(0, dot);
            if (Arrays.asList(schema.fieldNames()).contains(outer)
                    && schema.apply(outer).dataType() instanceof StructType struct) {
                List<String> inner = path(struct, name.substring(dot + 1));
                if (!inner.isEmpty()) {
                    List<String> all = new ArrayList<>(List.of(outer));
                    all.addAll(inner);
                    return all;
                }
            }
        }
        return List.of();
    }

    /** A dot in a name is part of it. */
    private static Column quoted(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}

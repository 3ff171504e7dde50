package io.etastar.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.UserError;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.rows.RowGroups;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FrameGroupsTest {
    private static SparkTestSession context;
    private static SparkSession session;

    @BeforeAll
    static void open() {
        context = SparkTestSession.open("local[2]");
        session = SparkSession.builder().sparkContext(context.context().sc()).getOrCreate();
    }

    @AfterAll
    static void close() {
        session.stop();
        context.close();
    }

    private static List<Integer> indices(FrameGroups groups) {
        return groups.frame().sort("id").select(FrameGroups.INDEX).collectAsList().stream()
                .map(row -> row.getInt(0))
                .toList();
    }

    /** As groupBy has it: null is a group, NaN is one, and 0 is -0. */
    @Test
    void nullsNansAndZerosOfBothSigns() {
        Dataset<Row> frame = session.range(6)
                .selectExpr(
                        "id",
                        "element_at(array(0D, null, -0D, cast('NaN' as double), 1D, -1D), cast(id + 1 as int)) as `a.b`");
        FrameGroups groups = FrameGroups.of(frame.repartition(3), List.of("a.b"), 5);
        assertEquals(5, groups.keys().size());
        assertNull(groups.keys().get(0).get(0));
        assertEquals(-1, groups.keys().get(1).getDouble(0));
        assertEquals(List.of(2, 0, 2, 4, 3, 1), indices(groups));
        assertEquals(
                "columns 'a.b': found more than 4 groups, expected at most 4",
                assertThrows(UserError.class, () -> FrameGroups.of(frame, List.of("a.b"), 4))
                        .getMessage());
    }

    @Test
    void severalColumnsFieldsOfStructsAndNamesThatAreThereTwice() {
        Dataset<Row> frame = session.range(8)
                .selectExpr(
                        "id",
                        "named_struct('town', if(id % 2 = 0, 'x', 'y')) as home",
                        "date_add(date'2026-01-02', cast(id div 4 as int)) as day",
                        "id as twice",
                        "id as twice");
        FrameGroups groups = FrameGroups.of(frame, List.of("home.town", "day"), 10);
        assertEquals(List.of(0, 2, 0, 2, 1, 3, 1, 3), indices(groups));
        assertEquals("[x,2026-01-03]", groups.keys().get(1).toString());
        assertEquals(
                List.of("id", "home", "day", "twice", "twice", FrameGroups.INDEX),
                List.of(groups.frame().columns()));
    }

    /** Rows of a group are next to each other in each partition, however they came. */
    @Test
    void rowsAreReadByGroup() {
        Dataset<Row> frame = session.range(90)
                .selectExpr("cast(id % 7 as double) as f", "cast(id % 7 as float) as y", "id % 7 as part")
                .repartition(4);
        FrameGroups groups = FrameGroups.of(frame, List.of("part"), 7);
        FrameColumns columns = FrameColumns.of("f", "y", 0).withGroup(FrameGroups.INDEX);
        try (FrameRows rows = FrameRows.of("rows", groups.frame(), columns)) {
            assertEquals(90, rows.groups().rows());
            List<Double> features = new ArrayList<>();
            rows.lay(context.context(), 5).collect().forEach(shard -> {
                for (int i = 0; i < shard.rows(); i++) {
                    features.add(shard.features().get(i));
                }
            });
            rows.groups().within(0, 90).forEach((group, own) -> {
                for (int row : own) {
                    assertEquals(group.doubleValue(), features.get(row));
                }
            });
        }
        try (FrameRows rows = FrameRows.of("rows", frame, FrameColumns.of("f", "y", 0))) {
            RowGroups none = rows.groups();
            assertEquals(0, none.runs());
        }
        String lost = assertThrows(
                        UserError.class,
                        () -> FrameRows.of(
                                "rows",
                                frame.withColumn(
                                        FrameGroups.INDEX, functions.lit(null).cast("int")),
                                columns))
                .getMessage();
        assertEquals(
                "groups: found another one when the rows were read again, expected those that were found first (the frame is not"
                        + " the same each time it is computed: write it to files and read those)",
                lost);
    }
}

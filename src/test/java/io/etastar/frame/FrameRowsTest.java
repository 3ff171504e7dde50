package io.etastar.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.data.Standardisation;
import io.etastar.spark.SparkTestSession;
import io.etastar.table.TableEncoding;
import io.etastar.tensor.RawArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameRowsTest {
    private static final DataType VECTOR = new VectorUDT();
    private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);

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

    /** A frame of rows with columns f and y, w third where rows have it. */
    private static Dataset<Row> frame(DataType features, DataType label, int partitions, List<Row> rows) {
        StructType schema = new StructType().add("f", features).add("y", label);
        if (!rows.isEmpty() && rows.get(0).size() > 2) {
            schema = schema.add("w", DataTypes.DoubleType);
        }
        return session.createDataFrame(context.context().parallelize(rows, partitions), schema);
    }

    private static double[] values(int i) {
        return new double[] {i, i + 0.25, -i, 1000 + i % 7};
    }

    /** Row i: values(i), class i mod 3, weight i / 2. */
    private static Dataset<Row> vectors(int rows, int partitions) {
        return frame(
                VECTOR,
                DataTypes.IntegerType,
                partitions,
                IntStream.range(0, rows)
                        .mapToObj(i -> RowFactory.create(
                                i % 2 == 0
                                        ? Vectors.dense(values(i))
                                        : Vectors.dense(values(i)).toSparse(),
                                i % 3,
                                i / 2.0))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"10, 1, 1", "10, 1, 3", "10, 4, 4", "10, 3, 4", "10, 10, 2", "10, 17, 3", "10, 2, 13", "1000, 7, 5"})
    void theOrderOfRowsDecidesWhateverThePartitions(int rows, int partitions, int shards) {
        FrameColumns columns =
                FrameColumns.of("f", "y", FrameColumns.FOUND).withWeight("w").withShape(2, 1, 2);
        try (FrameRows found = FrameRows.of("test frame", vectors(rows, partitions), columns)) {
            assertEquals(rows, found.count());
            assertEquals(3, found.shape().classes());
            assertArrayEquals(new int[] {2, 1, 2}, found.shape().features());
            assertEquals(0, found.shape().targets().length);
            List<List<Shard>> laidOut = laid(found, shards).glom().collect();
            assertEquals(shards, laidOut.size());
            int row = 0;
            for (int j = 0; j < shards; j++) {
                assertEquals(1, laidOut.get(j).size());
                Shard shard = laidOut.get(j).get(0);
                assertEquals((j + 1) * rows / shards - j * rows / shards, shard.rows());
                for (int i = 0; i < shard.rows(); i++, row++) {
                    double[] expected = values(row);
                    for (int k = 0; k < expected.length; k++) {
                        assertEquals((float) expected[k], shard.features().get(4 * i + k));
                    }
                    assertEquals(row % 3, shard.targets().get(i));
                    assertEquals(row / 2.0, shard.weight(i));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 1, 1, 4", "10, 4, 3, 7", "10, 3, 3, 9", "10, 2, 5, 1", "10, 10, 2, 10"})
    void theFirstRowsAreLaidOutAlone(int rows, int partitions, int shards, int first) {
        FrameColumns columns = FrameColumns.of("f", "y", 3);
        try (FrameRows all = FrameRows.of("test frame", vectors(rows, partitions), columns);
                FrameRows few = FrameRows.of("few", vectors(rows, partitions).limit(first), columns)) {
            FrameRows found = all.first(first);
            assertEquals(first, found.count());
            List<Shard> laidOut = laid(found, shards).collect();
            List<Shard> expected = laid(few, shards).collect();
            for (int j = 0; j < shards; j++) {
                assertSame(expected.get(j), laidOut.get(j));
            }
            assertEquals(few.measure(shards), found.measure(shards));
            assertEquals(rows, laid(all, shards).map(Shard::rows).reduce(Integer::sum));
        }
    }

    private static JavaRDD<Shard> laid(FrameRows rows, int partitions) {
        return rows.lay(JavaSparkContext.fromSparkContext(session.sparkContext()), partitions);
    }

    @Test
    void blocksOfLargeRowsAreJoined() {
        int width = 300_000;
        List<Row> rows = IntStream.range(0, 20)
                .mapToObj(i -> RowFactory.create(new byte[width], (long) i))
                .toList();
        rows.forEach(row -> ((byte[]) row.get(0))[width - 1] = (byte) (200 + row.getLong(1)));
        try (FrameRows found = FrameRows.of(
                "bytes", frame(DataTypes.BinaryType, DataTypes.LongType, 2, rows), FrameColumns.of("f", "y", 20))) {
            List<Shard> shards = laid(found, 3).collect();
            assertEquals(List.of(6, 7, 7), shards.stream().map(Shard::rows).toList());
            Shard last = shards.get(2);
            assertNull(last.weights());
            assertEquals(219 / 255f, last.features().get(7 * width - 1));
            assertEquals(0, last.features().get(0));
            assertEquals(19, last.targets().get(6));
        }
    }

    @Test
    void columnsOfManyTypesGiveTheSameRows() {
        List<Row> rows = IntStream.range(0, 9)
                .mapToObj(i -> RowFactory.create(new Float[] {i + 0.5f, 1 - 2f * i}, i / 3.0))
                .toList();
        Dataset<Row> arrays = frame(FLOATS, DataTypes.DoubleType, 2, rows);
        FrameColumns regression = FrameColumns.of("f", "y", 0);
        Shard expected = one(arrays, regression);
        assertArrayEquals(
                new float[] {0.5f, 1, 1.5f, -1, 2.5f, -3},
                Arrays.copyOf(expected.features().floats(), 6));
        for (String cast : List.of("cast(f as array<double>)", "transform(f, v -> cast(v as decimal(8, 2)))")) {
            assertSame(expected, one(arrays.selectExpr(cast + " f", "y"), regression));
        }
        Dataset<Row> scalars = arrays.selectExpr("f[0] as `a.b`", "cast(f[1] as int) as c", "y");
        assertSame(expected, one(scalars, new FrameColumns(List.of("a.b", "c"), "y", null, 0, null)));
        Dataset<Row> manyTargets = arrays.selectExpr("f", "array(y, f[0]) as y");
        assertEquals(2, one(manyTargets, regression).targetLength());
        Shard itself = one(arrays, new FrameColumns(List.of("f"), null, null, 0, null));
        assertArrayEquals(itself.features().floats(), itself.targets().floats());
    }

    private static Shard one(Dataset<Row> frame, FrameColumns columns) {
        try (FrameRows rows = FrameRows.of("frame", frame, columns)) {
            return laid(rows, 1).collect().get(0);
        }
    }

    private static void assertSame(Shard expected, Shard found) {
        assertArrayEquals(expected.features().floats(), found.features().floats());
        assertArrayEquals(expected.targets().floats(), found.targets().floats());
    }

    @Test
    void measureIsThatOfAllRowsAndOfTheSameBitsWhateverThePartitions() {
        Random random = new Random(1);
        float[] values = new float[2 * 3 * 50];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 3 % 2 == 0 ? 7 : (float) (1e4 + random.nextGaussian());
        }
        List<Row> rows = IntStream.range(0, 50)
                .mapToObj(i -> RowFactory.create(
                        IntStream.range(6 * i, 6 * i + 6)
                                .mapToObj(k -> values[k])
                                .toArray(Float[]::new),
                        0))
                .toList();
        FrameColumns columns = FrameColumns.of("f", "y", 2).withShape(2, 1, 3);
        Standardisation expected = Standardisation.of(RawArray.of(values), new int[] {2, 1, 3});
        Standardisation before = null;
        for (int partitions : new int[] {1, 3, 60}) {
            try (FrameRows found = FrameRows.of("f", frame(FLOATS, DataTypes.IntegerType, partitions, rows), columns)) {
                Standardisation measured = found.measure(4);
                assertArrayEquals(expected.mean(), measured.mean(), 1e-9);
                assertArrayEquals(expected.deviation(), measured.deviation(), 1e-9);
                assertEquals(1, measured.deviation()[0]);
                assertEquals(before == null ? measured : before, measured);
                before = measured;
            }
        }
    }

    @Test
    void mistakesNameTheColumn() {
        FrameColumns two = FrameColumns.of("f", "y", 2);
        Dataset<Row> good = vectors(6, 2);
        assertEquals(
                "column 'y': found 3 values: '0', '1', '2', expected 2, one for each class, or class indices 0 to 1",
                message(good, two));
        assertEquals(
                "column 'g': found none of that name, expected one of 'f', 'y', 'w'",
                message(good, FrameColumns.of("g", "y", 3)));
        assertEquals(
                "column 'f': found rows of 4 elements, expected 3, those of shape [1, 1, 3]",
                message(good, FrameColumns.of("f", "y", 3).withShape(1, 1, 3)));
        assertEquals(
                "column 'y': found 3 values: '0', '1', '2', expected 2, one for each class",
                message(good.selectExpr("f", "cast(y as string) y"), two));
        assertEquals(
                "column 'f': found string, expected vectors, arrays of numbers, bytes, images or numbers",
                message(good.selectExpr("'a' as f", "y"), two));
        assertEquals(
                "column 'y': found 3 values: '0.5', '1.5', '2.5', expected 2, one for each class, or class indices 0 to 1",
                message(good.selectExpr("f", "y + 0.5 as y"), two));
        assertEquals(
                "column 'y': found 3 values: '-1', '0', '1', expected 2, one for each class, or class indices 0 to 1",
                message(good.selectExpr("f", "y - 1 as y"), two));
        assertEquals(
                "column 'y': found null, expected a value in every row (na.drop() leaves such rows out)",
                message(good.selectExpr("f", "if(w > 0.2, null, 0) as y"), two));
        assertEquals(
                "column 'f': found null, expected a value in every row (na.drop() leaves such rows out)",
                message(good.selectExpr("array(1.5, if(w > 1, null, 1.0)) as f", "0 as y"), two));
        assertEquals(
                "column 'w': found -1.0, expected finite numbers that are not negative",
                message(good.selectExpr("f", "0 as y", "w - 1 as w"), two.withWeight("w")));
        assertEquals(
                "column 'f': found 1.0E300, expected finite numbers of single precision",
                message(good.selectExpr("array(if(w > 1, 1e300D, 0D)) as f", "0 as y"), two));
        assertEquals(
                "column 'f': found rows of 1 and of 2 elements, expected the same number in all",
                message(good.selectExpr("if(w < 2, array(1), array(1, 2)) as f", "0 as y"), two));
        assertEquals(
                "column 'f': found rows of 1 and of 2 elements, expected the same number in all",
                message(good.coalesce(1).selectExpr("if(w < 2, array(1), array(1, 2)) as f", "0 as y"), two));
        assertEquals("the frame: found no rows, expected 1 to 2147483647", message(good.limit(0), two));
    }

    private static String message(Dataset<Row> frame, FrameColumns columns) {
        return assertThrows(UserError.class, () -> FrameRows.of("the frame", frame, columns))
                .getMessage();
    }

    /** As if the executor with the cached rows were lost, of a frame whose order is another one each time. */
    @Test
    @Tag("rough")
    void otherRowsThanThoseThatWereCountedAreRefused() {
        Dataset<Row> unordered = vectors(40, 4).orderBy(functions.rand());
        Dataset<Row> shuffled = unordered
                .withColumn("y", functions.expr("int(rand() * 1000)"))
                .withColumn(
                        "y",
                        functions
                                .udf((Integer y) -> RANDOM.nextInt(3), DataTypes.IntegerType)
                                .asNondeterministic()
                                .apply(functions.col("y")));
        for (int shards : new int[] {1, 4}) {
            try (FrameRows rows = FrameRows.of("training rows", shuffled, FrameColumns.of("f", "y", 3))) {
                laid(rows, 3).count();
                lose();
                Throwable thrown = assertThrows(
                        Exception.class,
                        () -> laid(rows, shards).map(Shard::rows).collect());
                while (thrown.getCause() != null) {
                    thrown = thrown.getCause();
                }
                assertTrue(thrown instanceof UserError, thrown.toString());
                assertTrue(
                        thrown.getMessage()
                                .matches(
                                        "training rows: found other rows when partition [0-9]+ of the frame was"
                                                + " computed again, expected those that were counted \\(an executor was lost.*"),
                        thrown.getMessage());
            }
        }
    }

    private static final java.util.Random RANDOM = new java.util.Random();

    private static void lose() {
        JavaSparkContext.fromSparkContext(session.sparkContext())
                .getPersistentRDDs()
                .values()
                .forEach(rdd -> rdd.unpersist(true));
    }

    @Test
    void numbersOfTheRowsAreSaidToBeFeatures() {
        // A third of the rows is left, as behind a split; x repeats, z is not whole, w is spread wide.
        Dataset<Row> frame = session.range(0, 1200)
                .selectExpr("id + 1000 as id", "id % 700 as x", "id / 3 as z", "id * id as w", "id % 2 as y")
                .where("pmod(hash(id), 3) = 0")
                .repartition(3);
        for (List<String> given : List.of(List.<String>of(), List.of("id", "x"))) {
            List<String> warned = new ArrayList<>();
            FrameTable.Options options =
                    new FrameTable.Options(given, List.of(), "standard", TableEncoding.Invalid.KEEP, 1000);
            FrameTable.fit(frame, options, List.of("y"), line -> {}, warned::add);
            assertEquals(
                    given.isEmpty()
                            ? List.of("a number of its own in each row, such as an index, which tells nothing about"
                                    + " other rows: 'id'; name the features to leave it out")
                            : List.of(),
                    warned);
        }
    }

    @Test
    void columnsApartAreSaidToBeLeftOut() {
        Dataset<Row> frame = session.range(0, 20).selectExpr("id % 7 as x", "id % 2 as fold", "id as y");
        for (List<String> given : List.of(List.<String>of(), List.of("*"), List.of("x", "fold"))) {
            List<String> warned = new ArrayList<>();
            FrameTable.Options options = new FrameTable.Options(
                    given, List.of(), "standard", TableEncoding.Invalid.KEEP, 1000, java.util.Set.of("fold"));
            TableEncoding table = FrameTable.fit(frame, options, List.of("y"), line -> {}, warned::add);
            boolean named = given.contains("fold");
            assertEquals(named ? List.of("x", "fold") : List.of("x"), table.names());
            assertEquals(named ? List.of() : List.of("left out: 'fold' (in the names of directories)"), warned);
        }
    }
}

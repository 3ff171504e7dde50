package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.etastar.data.Shard;
import io.etastar.data.format.ArrayDataSource;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.TaylorTerms;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.engine.EnginePool;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.rows.RowGroups;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.taylor.Program;
import io.etastar.taylor.SeriesProgram;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Derivatives of any order over shards against one program over all rows. */
class DerivativesTest {
    private static final int ROWS = 23;
    private static final ModelDescription RECIPE = new ModelDescription(
            "{\"model\": \"perceptron\", \"layers\": [4, 5, 3], \"activation\": \"sigmoid\", \"loss\": \"nll\"}");
    private static final Model MODEL = RECIPE.build(DType.DOUBLE);
    private static final Partition PARTITION = Partitions.parse("canonical", MODEL.layout());
    private static final double[] THETA =
            new Random(1).doubles(MODEL.layout().size(), -1, 1).toArray();
    private static final double[] DIRECTION =
            new Random(2).doubles(MODEL.layout().size(), -1, 1).toArray();
    private static final double[] X = new Random(3).doubles(4 * ROWS, -1, 1).toArray();
    private static final double[] Y =
            new Random(4).ints(ROWS, 0, 3).asDoubleStream().toArray();

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static DistributedPass passes() {
        ProgramFactory engines = new ProgramFactory(RECIPE, DType.DOUBLE, 0, ROWS, ROWS);
        return new DistributedPass(session.context(), engines, DType.DOUBLE, Aggregation.DEFAULT);
    }

    private static DerivativeTensor derivatives(DistributedPass passes, ShardedData data, int order) {
        return passes.evaluate(new Quantity.Derivatives(PARTITION, order), data, Point.along(THETA, DIRECTION));
    }

    private static ShardedData data(int partitions) {
        ArrayDataSource source =
                new ArrayDataSource("rows", RawArray.of(X), new int[] {4}, RawArray.of(Y), new int[] {1}, 0);
        return new ShardedData(session.context(), Rows.of(source), null, partitions);
    }

    private static SeriesProgram program(int order) {
        SeriesProgram program = SeriesProgram.compile(MODEL, DType.DOUBLE, 5, PARTITION, order);
        program.setParameters(RawArray.of(THETA));
        program.setDirection(RawArray.of(DIRECTION));
        return program;
    }

    private static final Shard ALL = new Shard(ROWS, RawArray.of(X), RawArray.of(Y));
    private static final int[] EVERY_ROW = IntStream.range(0, ROWS).toArray();

    private static void close(double[] expected, double... found) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, found, 1e-11 * largest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40})
    void shardsGiveWhatOneProgramGives(int partitions) {
        try (ShardedData data = data(partitions)) {
            for (int order : new int[] {4, 1, 3, 3}) {
                try (SeriesProgram one = program(order)) {
                    DerivativeTensor expected = one.derivatives(ALL, EVERY_ROW);
                    DerivativeTensor found = derivatives(passes(), data, order);
                    assertEquals(ROWS, found.samples());
                    assertEquals(expected.loss(), found.loss(), 1e-12 * expected.loss());
                    close(expected.entries(), found.entries());
                    TaylorTerms terms =
                            passes().evaluate(new Quantity.Terms(order), data, Point.along(THETA, DIRECTION));
                    assertEquals(ROWS, terms.samples());
                    close(one.terms(ALL, EVERY_ROW).derivatives(), terms.derivatives());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 40})
    void summariesOfBothCurvaturesByTurns(int partitions) {
        Point<double[]> point = Point.along(THETA, DIRECTION);
        try (ShardedData data = data(partitions)) {
            DistributedPass passes = passes();
            double[] slopes = derivatives(passes, data, 1).entries();
            for (Curvature curvature : new Curvature[] {Curvature.GGN, Curvature.HESSIAN, Curvature.GGN}) {
                DerivativeSummary expected = summary(curvature);
                DerivativeSummary found = passes.evaluate(new Quantity.Summary(PARTITION, curvature), data, point);
                close(expected.g(), found.g());
                close(expected.order3(), found.order3());
                close(flat(expected.h()), flat(found.h()));
                // Whichever program an engine has for summaries, gradients are the same bytes.
                assertArrayEquals(slopes, derivatives(passes, data, 1).entries(), 0);
            }
        }
    }

    private static DerivativeSummary summary(Curvature curvature) {
        try (Program program = Program.compile(MODEL, DType.DOUBLE, 4, PARTITION, curvature)) {
            program.setParameters(RawArray.of(THETA));
            program.setDirection(RawArray.of(DIRECTION));
            return program.summary(ALL, EVERY_ROW);
        }
    }

    private static double[] flat(double[]... rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    @Test
    void theSamePartitionCountGivesTheSameBits() {
        try (ShardedData data = data(7)) {
            double[] first = derivatives(passes(), data, 3).entries();
            EnginePool.clear();
            for (int i = 0; i < 5; i++) {
                double[] again = derivatives(passes(), data, 3).entries();
                assertArrayEquals(first, again, 0);
            }
        }
    }

    @Test
    void parametersAndDirectionOfALaterPassCount() {
        try (ShardedData data = data(2)) {
            DistributedPass passes = passes();
            passes.evaluate(new Quantity.Derivatives(PARTITION, 2), data, Point.along(DIRECTION, THETA));
            Quantity<DerivativeSummary> summary = new Quantity.Summary(PARTITION);
            passes.evaluate(summary, data, Point.along(THETA, DIRECTION));
            double[][] h = passes.evaluate(summary, data, Point.along(THETA, DIRECTION))
                    .h();
            DerivativeTensor tensor = derivatives(passes, data, 2);
            assertEquals(h[1][2], tensor.get(2, 1), 1e-11 * Math.abs(h[1][1]));
        }
    }

    /** Groups of rows that cut through shards, one of them with no row in the first. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 30})
    void sumsByGroupAreThoseOfTheirRows(int partitions) {
        RowGroups groups = RowGroups.of(List.of(
                new RowGroups.Run(3, 9), new RowGroups.Run(0, 4), new RowGroups.Run(3, 1), new RowGroups.Run(1, 9)));
        Map<Integer, int[]> rows = groups.within(0, ROWS);
        try (DistributedPass passes = passes();
                ShardedData data = data(partitions);
                Program program = Program.compile(MODEL, DType.DOUBLE, 4, PARTITION)) {
            program.setParameters(RawArray.of(THETA));
            program.setDirection(RawArray.of(DIRECTION));
            Map<Integer, DerivativeSummary> found =
                    passes.evaluate(new Quantity.Summary(PARTITION), data, groups, Point.along(THETA, DIRECTION));
            assertEquals(rows.keySet(), found.keySet());
            Shard all = new Shard(ROWS, RawArray.of(X), RawArray.of(Y));
            found.forEach((group, sum) -> {
                DerivativeSummary expected = program.summary(all, rows.get(group));
                assertEquals(expected.samples(), sum.samples());
                assertEquals(expected.loss(), sum.loss(), 1e-13);
                assertArrayEquals(expected.derivatives(), sum.derivatives(), 1e-12);
            });
            RowGroups other = RowGroups.of(List.of(new RowGroups.Run(0, 1)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> passes.evaluate(new Quantity.Summary(PARTITION), data, other, Point.along(THETA, DIRECTION)));
        }
    }
}

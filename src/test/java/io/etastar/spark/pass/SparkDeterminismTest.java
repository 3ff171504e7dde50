package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.StratifiedSampler;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.ForwardingEngine;
import io.etastar.spark.LeastSquaresEngine;
import io.etastar.spark.LeastSquaresSource;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same seed, data and partition count give the same bits; tasks sleep for random times. */
class SparkDeterminismTest {
    private static final int FEATURES = 6;
    private static final int PARTITIONS = 13;
    private static final ParameterLayout LAYOUT = LeastSquaresEngine.layout(FEATURES);
    private static final Partition BOTH = new Partition(LAYOUT, List.of(List.of("weight"), List.of("bias")));
    private static final EngineFactory DELAYED = new LeastSquaresEngine.Factory(FEATURES, DType.FLOAT, true);
    private static final double[] THETA = SparkObjectiveTest.normal(LAYOUT.size(), 1);
    private static final double[] DIRECTION = SparkObjectiveTest.normal(LAYOUT.size(), 2);

    @ParameterizedTest
    @CsvSource({"local[1], 1", "local[1], 2", "local[2], 1", "local[2], 2", "local[2], 3"})
    void coresAndDepthDoNotMatter(String master, int depth) {
        double[] expected = bits("local[2]", 2, 1, DELAYED);
        assertArrayEquals(expected, bits(master, depth, 6, DELAYED));
    }

    @Test
    void failedTasksDoNotMatterAndTheirEnginesAreClosed() {
        double[] expected = bits("local[2]", 2, 1, DELAYED);
        FailingOnce.FAILURES.set(0);
        FailingOnce.CLOSED.set(0);
        assertArrayEquals(expected, bits("local[2,3]", 2, 2, new FailingOnce(DELAYED)));
        assertTrue(FailingOnce.FAILURES.get() > 0, "some task failed");
        assertTrue(FailingOnce.CLOSED.get() == FailingOnce.FAILURES.get(), "each failure closed its engine");
    }

    @Test
    void thePartitionCountMatters() {
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            double[] a = gradientAndSummary(session, 2, DELAYED, PARTITIONS, 0);
            double[] b = gradientAndSummary(session, 2, DELAYED, PARTITIONS + 1, 0);
            assertArrayEquals(a, b, 1e-3 * Arrays.stream(a).map(Math::abs).max().orElseThrow());
            assertTrue(!Arrays.equals(a, b), "rounding in single precision shows the order of summation");
        }
    }

    @Test
    void kryoCarriesTheSameBits() {
        String kryo = "org.apache.spark.serializer.KryoSerializer";
        double[] carried;
        try (SparkTestSession session = SparkTestSession.open("local[2]", Map.of("spark.serializer", kryo))) {
            carried = gradientAndSummary(session, 2, DELAYED, PARTITIONS, 0);
        }
        assertArrayEquals(bits("local[2]", 2, 1, DELAYED), carried);
    }

    /** What {@code repeats} passes agree on. */
    private static double[] bits(String master, int depth, int repeats, EngineFactory engines) {
        try (SparkTestSession session = SparkTestSession.open(master)) {
            double[] first = gradientAndSummary(session, depth, engines, PARTITIONS, 0);
            for (int i = 1; i < repeats; i++) {
                assertArrayEquals(first, gradientAndSummary(session, depth, engines, PARTITIONS, 0));
            }
            return first;
        }
    }

    private static double[] gradientAndSummary(
            SparkTestSession session, int depth, EngineFactory engines, int partitions, long step) {
        LeastSquaresSource source = new LeastSquaresSource(300, FEATURES);
        DistributedPass passes =
                new DistributedPass(session.context(), engines, DType.FLOAT, new Aggregation(depth, depth > 2, 0));
        try (ShardedData data = new ShardedData(session.context(), Rows.of(source), null, partitions)) {
            StratifiedSampler rows = new StratifiedSampler(data.rowsPerPartition(), 300, 7, 0);
            SparkObjective objective = new SparkObjective(
                    passes, data, LAYOUT, new BatchRows(data.rowsPerPartition(), rows, rows, null, null));
            GradientSum gradient = objective.gradient(THETA, step);
            Point<double[]> point = Point.along(THETA, DIRECTION);
            DerivativeSummary summary =
                    objective.evaluate(new Quantity.Summary(BOTH), new Batch.Summary(step, step), point);
            HessianVectorSum product = objective.evaluate(new Quantity.HessianVector(), new Batch.Step(step), point);
            double[] all = Arrays.copyOf(gradient.gradient().toDoubles(), 2 * LAYOUT.size() + 6);
            all[LAYOUT.size()] = gradient.loss().loss();
            all[LAYOUT.size() + 1] = summary.loss();
            System.arraycopy(summary.g(), 0, all, LAYOUT.size() + 2, 2);
            System.arraycopy(summary.h()[0], 0, all, LAYOUT.size() + 4, 2);
            System.arraycopy(product.product().toDoubles(), 0, all, LAYOUT.size() + 6, LAYOUT.size());
            return all;
        }
    }

    /** Every third task's first attempt fails after its engine was used. */
    private record FailingOnce(EngineFactory inner) implements EngineFactory {
        static final AtomicInteger FAILURES = new AtomicInteger();
        static final AtomicInteger CLOSED = new AtomicInteger();

        @Override
        public Engine create(Partition partition) {
            Engine engine = inner.create(partition);
            return new ForwardingEngine(engine) {
                @Override
                public <T extends Sum<T>> T evaluate(
                        Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
                    T sum = super.evaluate(quantity, shard, rows, point);
                    TaskContext task = TaskContext.get();
                    if (quantity instanceof Quantity.Gradient
                            && task.partitionId() % 3 == 0
                            && task.attemptNumber() == 0) {
                        FAILURES.incrementAndGet();
                        throw new IllegalStateException("a failure on purpose");
                    }
                    return sum;
                }

                @Override
                public void close() {
                    super.close();
                    CLOSED.incrementAndGet();
                }
            };
        }

        @Override
        public String key(Partition partition) {
            return "failing " + inner.key(partition);
        }

        @Override
        public void prepareThread(int cores) {}
    }
}

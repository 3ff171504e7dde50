package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.StratifiedSampler;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.spark.Broadcasts;
import io.etastar.spark.LeastSquaresEngine;
import io.etastar.spark.LeastSquaresSource;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.StubEngine;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkObjectiveTest {
    private static final int FEATURES = 5;
    private static final ParameterLayout LAYOUT = LeastSquaresEngine.layout(FEATURES);
    private static final Partition BOTH = new Partition(LAYOUT, List.of(List.of("bias"), List.of("weight")));
    private static final LeastSquaresEngine.Factory ENGINES =
            new LeastSquaresEngine.Factory(FEATURES, DType.DOUBLE, false);
    private static final double[] THETA = normal(LAYOUT.size(), 1);
    private static final double[] DIRECTION = normal(LAYOUT.size(), 2);
    private static final Point<double[]> POINT = Point.along(THETA, DIRECTION);

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    static double[] normal(int length, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, length)
                .mapToDouble(i -> random.nextGaussian())
                .toArray();
    }

    private static SparkObjective objective(EngineFactory engines, ShardedData data, long steps) {
        DistributedPass passes = new DistributedPass(session.context(), engines, DType.DOUBLE, Aggregation.DEFAULT);
        return new SparkObjective(
                passes,
                data,
                LAYOUT,
                new BatchRows(data.rowsPerPartition(), sampler(data, steps, 7), sampler(data, steps, 8), null, null));
    }

    private static StratifiedSampler sampler(ShardedData data, long steps, long stream) {
        int batch = (int) ((data.rows() + steps - 1) / steps);
        return new StratifiedSampler(data.rowsPerPartition(), batch, 1, stream);
    }

    private static ShardedData data(int rows, int partitions) {
        return new ShardedData(session.context(), Rows.of(new LeastSquaresSource(rows, FEATURES)), null, partitions);
    }

    /** Indices in the whole set of the rows of a batch. */
    private static int[] chosen(ShardedData data, StratifiedSampler sampler, long step) {
        int[] counts = data.rowsPerPartition();
        return IntStream.range(0, counts.length)
                .flatMap(p -> IntStream.of(sampler.rows(p, step))
                        .map(row -> row + IntStream.of(counts).limit(p).sum()))
                .toArray();
    }

    /** The quantity at THETA along DIRECTION by one engine over rows of the whole set. */
    private static <T extends Sum<T>> T alone(Quantity<T> quantity, int... rows) {
        Shard all = new LeastSquaresSource(50, FEATURES).read(0, 50);
        Point<RawArray> point = Point.along(RawArray.of(THETA), RawArray.of(DIRECTION));
        return ENGINES.create(quantity.partition()).evaluate(quantity, all, rows, point);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void gradientIsThatOfOneEngineOverTheBatch(int partitions) {
        try (ShardedData data = data(50, partitions);
                SparkObjective objective = objective(ENGINES, data, 2)) {
            GradientSum found = objective.gradient(THETA, 3);
            int[] rows = chosen(data, sampler(data, 2, 7), 3);
            GradientSum expected = alone(new Quantity.Gradient(), rows);
            assertEquals(rows.length, found.loss().samples());
            assertEquals(
                    expected.loss().loss(),
                    found.loss().loss(),
                    1e-12 * expected.loss().loss());
            assertArrayEquals(expected.gradient().doubles(), found.gradient().doubles(), 1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void hessianVectorIsThatOfOneEngineOverTheGradientsBatch(int partitions) {
        try (ShardedData data = data(50, partitions);
                SparkObjective objective = objective(ENGINES, data, 2)) {
            HessianVectorSum found = objective.evaluate(new Quantity.HessianVector(), new Batch.Step(3), POINT);
            int[] rows = chosen(data, sampler(data, 2, 7), 3);
            HessianVectorSum expected = alone(new Quantity.HessianVector(), rows);
            assertEquals(rows.length, found.loss().samples());
            assertEquals(
                    expected.loss().loss(),
                    found.loss().loss(),
                    1e-12 * expected.loss().loss());
            assertArrayEquals(expected.product().doubles(), found.product().doubles(), 1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void summaryIsThatOfOneEngineOverTheBatch(int partitions) {
        try (ShardedData data = data(50, partitions);
                SparkObjective objective = objective(ENGINES, data, 1)) {
            DerivativeSummary found = objective.evaluate(new Quantity.Summary(BOTH), new Batch.Summary(4, 0), POINT);
            int[] rows = chosen(data, sampler(data, 1, 8), 4);
            DerivativeSummary expected = alone(new Quantity.Summary(BOTH), rows);
            assertEquals(50, found.samples());
            assertEquals(expected.loss(), found.loss(), 1e-12 * expected.loss());
            assertArrayEquals(expected.g(), found.g(), 1e-12);
            for (int s = 0; s < 2; s++) {
                assertArrayEquals(expected.h()[s], found.h()[s], 1e-12);
            }
        }
    }

    @Test
    void evaluationTakesEveryRowOnceEvenOfNoData() {
        try (ShardedData data = data(50, 3);
                ShardedData none = data(0, 3);
                SparkObjective objective = objective(ENGINES, data, 1)) {
            LossSum expected = alone(new Quantity.Loss(), IntStream.range(0, 50).toArray());
            LossSum found = objective.evaluate(THETA, data);
            assertEquals(50, found.samples());
            assertEquals(expected.loss(), found.loss(), 1e-12 * expected.loss());
            assertEquals(LossSum.ZERO, objective.evaluate(THETA, none));
        }
    }

    @Test
    void allRowsAreTakenOnce() {
        try (ShardedData data = data(50, 3)) {
            DistributedPass passes = new DistributedPass(session.context(), ENGINES, DType.DOUBLE, Aggregation.DEFAULT);
            int[] rows = IntStream.range(0, 50).toArray();
            double[] gradient = alone(new Quantity.Gradient(), rows).gradient().doubles();
            GradientSum sum = passes.evaluate(new Quantity.Gradient(), data, Point.at(THETA));
            assertArrayEquals(gradient, sum.gradient().doubles(), 1e-12);
            Quantity<DerivativeSummary> summary = new Quantity.Summary(BOTH);
            DerivativeSummary found = passes.evaluate(summary, data, POINT);
            assertEquals(50, found.samples());
            assertArrayEquals(alone(summary, rows).g(), found.g(), 1e-12);
            StratifiedSampler few = sampler(data, 7, 7);
            try (SparkObjective objective = new SparkObjective(
                    passes, data, LAYOUT, new BatchRows(data.rowsPerPartition(), few, few, null, null))) {
                assertArrayEquals(
                        found.g(), objective.evaluate(summary, Batch.ALL, POINT).g());
            }
        }
    }

    @Test
    void aBatchFollowsFromItsNumbersWhateverWasAskedForBefore() {
        try (ShardedData data = data(50, 3);
                SparkObjective objective = new SparkObjective(
                        new DistributedPass(session.context(), ENGINES, DType.DOUBLE, Aggregation.DEFAULT),
                        data,
                        LAYOUT,
                        new BatchRows(data.rowsPerPartition(), sampler(data, 4, 7), null, null, null))) {
            Quantity<DerivativeSummary> summary = new Quantity.Summary(BOTH);
            int[] rows = chosen(data, sampler(data, 4, 7), 2);
            DerivativeSummary expected = alone(summary, rows);
            objective.gradient(THETA, 1);
            DerivativeSummary found = objective.evaluate(summary, new Batch.Summary(0, 2), POINT);
            assertArrayEquals(expected.g(), found.g(), 1e-12);
            LossSum first = objective.gradient(THETA, 2).loss();
            objective.gradient(THETA, 3);
            assertEquals(first.loss(), found.loss(), 1e-12 * first.loss());
            assertArrayEquals(
                    found.g(),
                    objective.evaluate(summary, new Batch.Summary(5, 2), POINT).g());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 60})
    void anEpochVisitsEveryRowExactlyOnce(int partitions) {
        int n = 41;
        try (ShardedData data = data(n, partitions);
                SparkObjective objective = objective(new CountingEngines(n), data, 6)) {
            double[] visits = new double[n];
            for (long step = 6; step < 12; step++) {
                GradientSum sum = objective.gradient(new double[n], step);
                for (int i = 0; sum != null && i < n; i++) {
                    visits[i] += sum.gradient().get(i);
                }
            }
            for (double count : visits) {
                assertEquals(1, count);
            }
        }
    }

    /** An engine whose gradient counts visits of each row of the whole set. */
    private record CountingEngines(int rows) implements EngineFactory {
        @Override
        public Engine create(Partition partition) {
            return new StubEngine() {
                @Override
                protected GradientSum gradient(Shard shard, int[] chosen) {
                    double[] counts = new double[rows];
                    for (int row : chosen) {
                        counts[(int) shard.features().get(row * FEATURES)]++;
                    }
                    return new GradientSum(new LossSum(chosen.length, 0, 0), RawArray.of(counts));
                }
            };
        }

        @Override
        public String key(Partition partition) {
            return toString();
        }

        @Override
        public void prepareThread(int cores) {}
    }

    @Test
    void broadcastsAreDestroyed() throws InterruptedException {
        int size = 200_000;
        try (ShardedData data = data(20, 2);
                SparkObjective objective = objective(new CountingEngines(20), data, 1)) {
            for (int i = 0; i < 20; i++) {
                double[] theta = new double[size];
                theta[0] = i;
                objective.gradient(theta, 0);
                // The same parameters again: they are there already.
                objective.gradient(theta, 1);
            }
            awaitBroadcasts(size, 1);
        }
        awaitBroadcasts(size, 0);
    }

    private static void awaitBroadcasts(int size, long expected) throws InterruptedException {
        long held = -1;
        for (int tries = 0; tries < 500 && held != expected; tries++) {
            Thread.sleep(10); // the blocks are dropped by another thread
            held = Broadcasts.count(size * 8L / 2);
        }
        assertEquals(expected, held);
    }

    @Test
    void parametersThatAreKeptAreThoseAskedFor() {
        double[] theta = new double[THETA.length];
        try (ShardedData data = data(50, 2);
                DistributedPass passes =
                        new DistributedPass(session.context(), ENGINES, DType.DOUBLE, Aggregation.DEFAULT)) {
            GradientSum first = passes.evaluate(new Quantity.Gradient(), data, Point.at(THETA));
            LossSum loss = passes.loss(data, THETA);
            assertEquals(first.loss(), loss);
            theta[0] = 1;
            assertNotEquals(loss, passes.loss(data, theta));
            // An array that the caller changes is other parameters.
            theta[0] = 2;
            LossSum changed = passes.loss(data, theta);
            theta[0] = 1;
            assertNotEquals(changed, passes.loss(data, theta));
        }
    }

    @Test
    void jobsAreDescribedAndTheCallersDescriptionComesBack() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart start) {
                seen.add(start.properties().getProperty("spark.job.description"));
            }
        };
        session.context().sc().addSparkListener(listener);
        try (ShardedData data = data(50, 2);
                SparkObjective objective = objective(ENGINES, data, 2)) {
            objective.gradient(THETA, 2);
            objective.evaluate(new Quantity.Summary(BOTH), new Batch.Summary(1, 0), POINT);
            objective.evaluate(THETA, data);
            session.context().sc().listenerBus().waitUntilEmpty();
            assertEquals(
                    List.of(
                            "step 3 (epoch 2): gradient on 25 rows",
                            "summary 1: S = 2 on 25 rows",
                            "evaluation on 50 rows"),
                    List.copyOf(seen));
            assertNull(session.context().getLocalProperty("spark.job.description"));
        } finally {
            session.context().sc().removeSparkListener(listener);
        }
    }

    @Test
    void timesAreThoseOfTheLastPassAndOfAll() {
        try (ShardedData data = data(50, 4);
                SparkObjective objective =
                        objective(new LeastSquaresEngine.Factory(FEATURES, DType.DOUBLE, true), data, 1)) {
            objective.gradient(THETA, 0);
            PassTimes first = objective.lastPassTimes();
            objective.gradient(THETA, 1);
            PassTimes second = objective.lastPassTimes();
            assertTrue(first.compute() > 0 && first.compute() < first.wall());
            assertEquals(
                    first.wall() + second.wall(), objective.totalPassTimes().wall(), 1e-12);
            assertEquals(
                    first.compute() + second.compute(),
                    objective.totalPassTimes().compute(),
                    1e-12);
        }
    }

    @Test
    void enginesAndThreadsAreMadeReadyOnce() {
        try (ShardedData data = data(50, 8);
                SparkObjective objective = objective(ENGINES, data, 1)) {
            objective.gradient(THETA, 0);
            int engines = LeastSquaresEngine.CREATED.get();
            int threads = LeastSquaresEngine.PREPARED.get();
            for (int i = 0; i < 5; i++) {
                objective.gradient(THETA, i);
            }
            assertTrue(LeastSquaresEngine.CREATED.get() - engines <= 1, "at most the second task's engine");
            assertTrue(LeastSquaresEngine.PREPARED.get() - threads <= 2, "at most the second task's thread");
        }
    }

    /** One pass gives what a pass for each batch gives, to the last bit. */
    @Test
    void severalBatchesComeByOnePass() {
        ShardedData data = data(60, 3);
        try (SparkObjective objective = objective(ENGINES, data, 4)) {
            List<Batch> batches = List.of(new Batch.Step(2), new Batch.Step(0), new Batch.Summary(1, 0));
            Map<Integer, DerivativeSummary> sums = objective.each(new Quantity.Summary(BOTH), batches, POINT);
            assertEquals(List.of(0, 1, 2), List.copyOf(sums.keySet()));
            for (int i = 0; i < batches.size(); i++) {
                DerivativeSummary alone = objective.evaluate(new Quantity.Summary(BOTH), batches.get(i), POINT);
                assertEquals(alone.samples(), sums.get(i).samples());
                assertArrayEquals(alone.derivatives(), sums.get(i).derivatives());
            }
        }
    }
}

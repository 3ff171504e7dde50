package io.etastar.spark.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.data.StratifiedSampler;
import io.etastar.optimizer.LocalSteps;
import io.etastar.optimizer.ParameterVectors;
import io.etastar.optimizer.TestSettings;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.PeriodSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.settings.BaseRuleSettings;
import io.etastar.spark.LeastSquaresEngine;
import io.etastar.spark.LeastSquaresSource;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passes that do more than one thing on each shard, on problems of closed form. */
class LocalStepsTest {
    private static final int FEATURES = 4;
    private static final int ROWS = 50;
    private static final int BATCH = 12;
    private static final double[] THETA = {0.5, -1, 2, 0.25};
    private static final double[] DIRECTION = {1, 0.5, -1, 2};
    private static final BaseRuleSettings MOMENTUM = TestSettings.base(TestSettings.sgd(0.9, 0, 0));

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[3]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static Partition tensors() {
        return Partitions.parse("canonical", LeastSquaresEngine.layout(FEATURES));
    }

    private static StratifiedSampler sampler(int partitions) {
        return new StratifiedSampler(ShardedData.rowsPerPartition(ROWS, partitions), BATCH, 1, 0);
    }

    private static SparkObjective objective(int partitions, Aggregation aggregation) {
        EngineFactory engines = new LeastSquaresEngine.Factory(FEATURES, DType.DOUBLE, true);
        DistributedPass passes = new DistributedPass(session.context(), engines, DType.DOUBLE, aggregation);
        ShardedData data =
                new ShardedData(session.context(), Rows.of(new LeastSquaresSource(ROWS, FEATURES)), null, partitions);
        StratifiedSampler summaries = new StratifiedSampler(ShardedData.rowsPerPartition(ROWS, partitions), 20, 1, 1);
        return new SparkObjective(
                passes,
                data,
                LeastSquaresEngine.layout(FEATURES),
                new BatchRows(data.rowsPerPartition(), sampler(partitions), summaries, null, null));
    }

    private static LocalSteps steps(int count, boolean summarise) {
        double[][] rates = new double[count][];
        for (int i = 0; i < count; i++) {
            rates[i] = new double[] {0.02 / (i + 1), 0.05};
        }
        return local(rates, new LocalSteps.Asked(summarise ? new Quantity.Summary(tensors()) : null, 0));
    }

    private static LocalSteps local(double[][] rates, LocalSteps.Asked asked) {
        LocalSteps.Move move = new LocalSteps.Rates(rates, false);
        return new LocalSteps(MOMENTUM, tensors(), move, asked);
    }

    @ParameterizedTest
    @CsvSource({"1,3", "2,4", "3,5", "7,2"})
    void parametersAreTheMeanOfWhatEachShardReachesByItself(int partitions, int count) {
        double[] theta = new double[FEATURES];
        double[] velocity = new double[FEATURES];
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += sampler(partitions).sliceOf(2 + i).size();
        }
        for (int p = 0; p < partitions; p++) {
            double[][] reached = alone(p, partitions, count);
            double share = reached[2][0] / total;
            for (int i = 0; i < FEATURES; i++) {
                theta[i] += share * reached[0][i];
                velocity[i] += share * reached[1][i];
            }
        }
        try (SparkObjective objective = objective(partitions, Aggregation.DEFAULT)) {
            PeriodSum sum = objective.localSteps(steps(count, false), THETA, Map.of(), new Batch.Summary(0, 2));
            assertEquals(count, sum.steps());
            assertArrayEquals(theta, sum.theta(), 1e-12);
            assertArrayEquals(velocity, sum.state().values().iterator().next(), 1e-12);
            assertEquals(BATCH, sum.loss(0).samples());
        }
    }

    /** Parameters, velocity and number of rows of shard {@code p}, by the definition of momentum. */
    private static double[][] alone(int p, int partitions, int count) {
        int from = p * ROWS / partitions;
        Shard shard = new LeastSquaresSource(ROWS, FEATURES).read(from, (p + 1) * ROWS / partitions);
        double[] theta = THETA.clone();
        double[] velocity = null;
        int taken = 0;
        for (int i = 0; i < count; i++) {
            int[] rows = sampler(partitions).rows(p, 2 + i);
            taken += rows.length;
            double[] gradient = new double[FEATURES];
            for (int row : rows) {
                double error = -shard.targets().get(row);
                for (int j = 0; j < FEATURES; j++) {
                    error += theta[j] * input(shard, row, j);
                }
                for (int j = 0; j < FEATURES; j++) {
                    gradient[j] += error * input(shard, row, j) / rows.length;
                }
            }
            if (rows.length > 0) {
                double[] before = velocity;
                velocity = gradient;
                for (int j = 0; j < FEATURES; j++) {
                    velocity[j] += before == null ? 0 : 0.9 * before[j];
                    theta[j] -= (j < FEATURES - 1 ? 0.02 / (i + 1) : 0.05) * velocity[j];
                }
            }
        }
        return new double[][] {theta, velocity, {taken}};
    }

    private static double input(Shard shard, int row, int j) {
        return j == FEATURES - 1 ? 1 : shard.features().get(row * FEATURES + 1 + j);
    }

    @Test
    void theSummaryHasTheDerivativesAlongEachShardsOwnDirection() {
        try (SparkObjective objective = objective(1, Aggregation.DEFAULT)) {
            GradientSum gradient = objective.gradient(THETA, 2);
            DerivativeSummary expected = objective.evaluate(
                    new Quantity.Summary(tensors()),
                    new Batch.Summary(3, 2),
                    Point.along(THETA, gradient.meanGradient()));
            PeriodSum period = objective.localSteps(steps(3, true), THETA, Map.of(), new Batch.Summary(3, 2));
            double[] u = gradient.meanGradient();
            assertArrayEquals(
                    new double[] {ParameterVectors.euclidean(u, 0, 3), Math.abs(u[3])}, period.lengths(), 1e-12);
            DerivativeSummary found = period.summary();
            assertArrayEquals(expected.g(), found.g());
            assertArrayEquals(expected.h()[0], found.h()[0]);
        }
    }

    @Test
    void theSummaryOfShardsIsTheSumOfTheirs() {
        double rate = 1e-4;
        try (SparkObjective objective = objective(3, Aggregation.DEFAULT)) {
            LocalSteps one = local(new double[][] {{0, 0}}, new LocalSteps.Asked(new Quantity.Summary(tensors()), 0));
            DerivativeSummary found = objective
                    .localSteps(one, THETA, Map.of(), new Batch.Summary(3, 2))
                    .summary();
            assertEquals(20, found.samples());
            double loss = 0;
            double[] moved = new double[2];
            for (int p = 0; p < 3; p++) {
                double[][] reached = alone(p, 3, 1);
                loss += lossOf(p, THETA, null, 0, 0);
                moved[0] += lossOf(p, THETA, reached[1], rate, 0);
                moved[1] += lossOf(p, THETA, reached[1], 0, rate);
            }
            assertEquals(loss, found.loss(), 1e-10);
            for (int s = 0; s < 2; s++) {
                double curved = rate * rate / 2 * found.h()[s][s];
                assertEquals(moved[s], loss - rate * found.g()[s] + curved, 1e-9);
            }
        }
    }

    /** The other rows of step 2 are those of the batch behind it. */
    @Test
    void slopesAreAlongEachShardsOwnDirectionOverOtherRowsOfItsOwn() {
        try (SparkObjective objective = objective(3, Aggregation.DEFAULT)) {
            LocalSteps one = local(new double[][] {{0, 0}}, new LocalSteps.Asked(new Quantity.Summary(tensors()), 10));
            DerivativeTensor found = objective
                    .localSteps(one, THETA, Map.of(), new Batch.Summary(3, 2))
                    .others();
            double[] slopes = new double[2];
            for (int p = 0; p < 3; p++) {
                double[] direction = alone(p, 3, 1)[1];
                Shard shard = new LeastSquaresSource(ROWS, FEATURES).read(p * ROWS / 3, (p + 1) * ROWS / 3);
                for (int row : sampler(3).rows(p, 3)) {
                    double error = -shard.targets().get(row);
                    for (int j = 0; j < FEATURES; j++) {
                        error += THETA[j] * input(shard, row, j);
                    }
                    for (int j = 0; j < FEATURES; j++) {
                        slopes[j < FEATURES - 1 ? 0 : 1] += error * input(shard, row, j) * direction[j];
                    }
                }
            }
            assertEquals(BATCH, found.samples());
            assertArrayEquals(slopes, found.entries(), 1e-10);
        }
    }

    /** Loss over summary batch 3 of shard {@code p} at theta less the rates times the direction. */
    private static double lossOf(int p, double[] theta, double[] direction, double weight, double bias) {
        int from = p * ROWS / 3;
        Shard shard = new LeastSquaresSource(ROWS, FEATURES).read(from, (p + 1) * ROWS / 3);
        StratifiedSampler summaries = new StratifiedSampler(ShardedData.rowsPerPartition(ROWS, 3), 20, 1, 1);
        double loss = 0;
        for (int row : summaries.rows(p, 3)) {
            double error = -shard.targets().get(row);
            for (int j = 0; j < FEATURES; j++) {
                double rate = j < FEATURES - 1 ? weight : bias;
                double at = theta[j] - (direction == null ? 0 : rate * direction[j]);
                error += at * input(shard, row, j);
            }
            loss += error * error / 2;
        }
        return loss;
    }

    @Test
    void gradientAndSummaryInOnePassAreThoseOfTwo() {
        try (SparkObjective objective = objective(3, Aggregation.DEFAULT)) {
            GradientSum gradient = objective.gradient(THETA, 4);
            Quantity<DerivativeSummary> summaries = new Quantity.Summary(tensors());
            Batch batch = new Batch.Summary(1, 4);
            Point<double[]> point = Point.along(THETA, DIRECTION);
            DerivativeSummary summary = objective.evaluate(summaries, batch, point);
            Sum.Both<GradientSum, DerivativeSummary> both =
                    objective.both(new Quantity.Gradient(), new Batch.Step(4), summaries, batch, point);
            assertArrayEquals(gradient.meanGradient(), both.first().meanGradient());
            assertArrayEquals(summary.g(), both.second().g());
            assertArrayEquals(summary.h()[1], both.second().h()[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,false", "2,true", "1,true"})
    void bitsDoNotDependOnTheAggregation(int depth, boolean onExecutor) {
        Aggregation aggregation = new Aggregation(depth, onExecutor, 0);
        try (SparkObjective expected = objective(23, Aggregation.DEFAULT);
                SparkObjective objective = objective(23, aggregation)) {
            assertArrayEquals(
                    expected.gradient(THETA, 0).meanGradient(),
                    objective.gradient(THETA, 0).meanGradient());
            PeriodSum first = expected.localSteps(steps(4, true), THETA, Map.of(), new Batch.Summary(0, 1));
            PeriodSum second = objective.localSteps(steps(4, true), THETA, Map.of(), new Batch.Summary(0, 1));
            assertArrayEquals(first.theta(), second.theta());
            assertArrayEquals(first.summary().g(), second.summary().g());
            assertEquals(first.gradientNorm(2), second.gradientNorm(2));
        }
    }

    @Test
    void roundsBringNeighboursTogetherSoThatFewResultsReachTheDriver() {
        try (SparkObjective all = objective(23, new Aggregation(1, false, 0));
                SparkObjective rounds = objective(23, new Aggregation(2, false, 0));
                SparkObjective one = objective(23, new Aggregation(2, true, 0))) {
            all.gradient(THETA, 0);
            rounds.gradient(THETA, 0);
            one.gradient(THETA, 0);
            long single = one.lastPassTimes().resultBytes();
            // 23 sums, 8 at a time: 3 come, each one node. 12 shards have a row.
            assertTrue(rounds.lastPassTimes().resultBytes() <= 3 * single);
            assertTrue(all.lastPassTimes().resultBytes() >= 12 * single);
        }
    }

    @Test
    void rawArraysTravelAsTheyAre() {
        RawArray floats = RawArray.of(new float[] {1.5f, Float.NaN, -0f, Float.MIN_VALUE});
        assertArrayEquals(
                floats.floats(), Packed.<RawArray>unpack(Packed.pack(floats)).floats());
        double[] many = new double[100_001];
        for (int i = 0; i < many.length; i++) {
            many[i] = Math.sin(i);
        }
        byte[] packed = Packed.pack(RawArray.of(many));
        assertArrayEquals(many, Packed.<RawArray>unpack(packed).doubles());
        assertTrue(packed.length < many.length * 8 * 1.01, packed.length + " bytes");
        assertEquals(
                0,
                Packed.<RawArray>unpack(Packed.pack(RawArray.of(new float[0]))).length());
    }
}

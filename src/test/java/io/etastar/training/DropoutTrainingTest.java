package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.etastar.data.StratifiedSampler;
import io.etastar.data.format.DigitsSource;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Batch;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.spark.engine.ProgramFactory;
import io.etastar.spark.pass.Aggregation;
import io.etastar.spark.pass.BatchRows;
import io.etastar.spark.pass.DistributedPass;
import io.etastar.spark.pass.SparkObjective;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.ShardedData;
import io.etastar.tensor.DType;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dropout over shards: seeded by the run and the number of the batch, off in evaluations. */
class DropoutTrainingTest {
    private static final ModelDescription MODEL = new ModelDescription(
            "{\"model\":\"perceptron\",\"layers\":[64,12,10],\"activation\":\"tanh\",\"loss\":\"nll\",\"dropout\":0.5}");
    private static final ModelDescription PLAIN =
            new ModelDescription(MODEL.json().replace(",\"dropout\":0.5", ""));

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static double[] gradient(ModelDescription model, Long seed, long step, int microBatch) {
        try (SparkObjective objective = objective(model, seed, microBatch)) {
            return objective.gradient(model.initialParameters(1), step).meanGradient();
        }
    }

    private static SparkObjective objective(ModelDescription model, Long seed, int microBatch) {
        ShardedData data = new ShardedData(session.context(), Rows.of(DigitsSource.train(1)), null, 3);
        EngineFactory engines = new ProgramFactory(model, DType.DOUBLE, microBatch, 50, 50);
        DistributedPass passes = new DistributedPass(session.context(), engines, DType.DOUBLE, Aggregation.DEFAULT);
        StratifiedSampler all = new StratifiedSampler(data.rowsPerPartition(), data.rows(), 1, 0);
        return new SparkObjective(
                passes, data, model.build().layout(), new BatchRows(data.rowsPerPartition(), all, all, null, seed));
    }

    @Test
    void theSeedAndTheStepGiveTheMasks() {
        double[] once = gradient(MODEL, 5L, 3, 50);
        assertArrayEquals(once, gradient(MODEL, 5L, 3, 50));
        assertArrayEquals(once, gradient(MODEL, 5L, 3, 7), 1e-12);
        assertFalse(Arrays.equals(once, gradient(MODEL, 5L, 4, 50)));
        assertFalse(Arrays.equals(once, gradient(MODEL, 6L, 3, 50)));
    }

    private static DerivativeSummary summary(SparkObjective objective, double[] theta, double[] u) {
        Partition trivial = Partitions.parse("trivial", MODEL.build().layout());
        return objective.evaluate(new Quantity.Summary(trivial), new Batch.Summary(2, 0), Point.along(theta, u));
    }

    @Test
    void aSummaryHasOneMaskAndItsSlopesAreThoseOfALineThroughTheLoss() {
        double[] theta = MODEL.initialParameters(1);
        double[] u = MODEL.initialParameters(2);
        try (SparkObjective objective = objective(MODEL, 5L, 50)) {
            double step = 1e-4;
            double[] losses = new double[3];
            for (int i = 0; i < 3; i++) {
                double[] moved = theta.clone();
                for (int p = 0; p < theta.length; p++) {
                    moved[p] += (i - 1) * step * u[p];
                }
                losses[i] = summary(objective, moved, u).mean().loss();
            }
            var summary = summary(objective, theta, u).mean();
            assertEquals((losses[2] - losses[0]) / (2 * step), summary.g()[0], 1e-6 * Math.abs(summary.g()[0]));
            double bend = (losses[2] - 2 * losses[1] + losses[0]) / (step * step);
            assertEquals(bend, summary.h()[0][0], 1e-4 * Math.abs(bend));
        }
    }

    @Test
    void productsHaveTheMasksOfTheGradientOfTheirStep() {
        double[] theta = MODEL.initialParameters(1);
        double[] v = MODEL.initialParameters(2);
        try (SparkObjective objective = objective(MODEL, 5L, 50)) {
            double step = 1e-4;
            double[][] gradients = new double[2][];
            for (int i = 0; i < 2; i++) {
                double[] moved = theta.clone();
                for (int p = 0; p < theta.length; p++) {
                    moved[p] += (2 * i - 1) * step * v[p];
                }
                gradients[i] = objective.gradient(moved, 3).meanGradient();
            }
            Point<double[]> point = Point.along(theta, v);
            double[] found = objective
                    .evaluate(new Quantity.HessianVector(), new Batch.Step(3), point)
                    .meanProduct();
            for (int p = 0; p < found.length; p++) {
                assertEquals((gradients[1][p] - gradients[0][p]) / (2 * step), found[p], 1e-6);
            }
        }
    }

    @Test
    void withoutASeedAndInEvaluationsNothingIsDropped() {
        double[] plain = gradient(PLAIN, 5L, 3, 50);
        assertArrayEquals(plain, gradient(MODEL, null, 3, 50), 1e-13);
        double[] theta = MODEL.initialParameters(1);
        try (SparkObjective dropping = objective(MODEL, 5L, 50);
                SparkObjective whole = objective(PLAIN, 5L, 50);
                ShardedData test = new ShardedData(session.context(), Rows.of(DigitsSource.test(1)), null, 2)) {
            double before = dropping.gradient(theta, 0).loss().meanLoss();
            double expected = whole.evaluate(theta, test).meanLoss();
            assertEquals(expected, dropping.evaluate(theta, test).meanLoss(), 1e-12 * expected);
            assertFalse(before == whole.gradient(theta, 0).loss().meanLoss());
        }
    }
}

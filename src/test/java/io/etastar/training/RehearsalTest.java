package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.TestSettings;
import io.etastar.quantity.Batch;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.SparkTestSession;
import io.etastar.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RehearsalTest {
    private static final OptimizerSpec SGD = TestSettings.fixed("sgd", TestSettings.SGD, 0.1);

    private static SparkTestSession session;

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static Rehearsal of(TrainingPlan plan) {
        return new Rehearsal(session.context(), plan, 0);
    }

    private static double[] moved(Rehearsal rehearsal, double lr, int count) {
        Rehearsal.Position end = rehearsal.after(rehearsal.start(), lr, count);
        assertNotNull(end);
        double[] moved = end.theta().clone();
        Arrays.setAll(moved, i -> moved[i] - rehearsal.start().theta()[i]);
        return moved;
    }

    private static double samples(Rehearsal rehearsal, List<Batch> batches) {
        return rehearsal.each(DType.DOUBLE, new Quantity.Loss(), batches, Point.at(new double[4])).stream()
                .mapToDouble(LossSum::samples)
                .sum();
    }

    /** One row in four at most, and eight batches at most, is not stepped on; the steps of an epoch are of the others. */
    @ParameterizedTest
    @CsvSource({"64, 1, 4", "64, 2, 16", "1000, 2, 10", "1000, 3, 1000", "40, 2, 1"})
    void rowsApartAreInNoStep(int rows, int partitions, int batch) {
        try (Rehearsal rehearsal = of(LinearPlans.plan(SGD, rows, partitions, batch))) {
            int apart = rehearsal.rowsApart();
            assertTrue(apart >= 4 && apart <= Math.min(rows / 4.0, 8.0 * batch) + partitions, "" + apart);
            assertEquals(Math.min(batch, rows - apart), rehearsal.batchRows());
            assertEquals(apart, samples(rehearsal, rehearsal.apart()));
            int steps = (rows - apart + rehearsal.batchRows() - 1) / rehearsal.batchRows();
            List<Batch> epoch = LongStream.range(0, steps)
                    .mapToObj(step -> (Batch) new Batch.Step(step))
                    .toList();
            assertEquals(rows - apart, samples(rehearsal, epoch));
            // Both together are all rows, once each.
            double all = loss(rehearsal, epoch) + loss(rehearsal, rehearsal.apart());
            try (Rehearsal whole = of(LinearPlans.plan(SGD, rows, 1, rows))) {
                double expected = loss(whole, List.of(new Batch.Step(0))) + loss(whole, whole.apart());
                assertEquals(expected, all, 1e-9 * expected);
            }
        }
    }

    private static double loss(Rehearsal rehearsal, List<Batch> batches) {
        return rehearsal.each(DType.DOUBLE, new Quantity.Loss(), batches, Point.at(new double[4])).stream()
                .mapToDouble(sum -> sum.samples() * sum.meanLoss())
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"13, 1", "8, 1", "6, 2"})
    void thereMustBeRowsToKeepApart(int rows, int partitions) {
        UserError error = assertThrows(UserError.class, () -> of(LinearPlans.plan(SGD, rows, partitions, 2)));
        assertEquals(
                "a line: found " + rows + " rows in " + partitions
                        + " shards, expected some rows to keep apart: 16 in each shard at least",
                error.getMessage());
    }

    /** A step of plain gradient descent is the gradient of its batch times the rate that was asked for, whatever the plan's is. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.01, 3, 1e-9})
    void aStepHasTheRateThatIsAskedFor(double lr) {
        try (Rehearsal rehearsal = of(LinearPlans.plan(SGD, 80, 2, 20))) {
            assertEquals(0.1, rehearsal.rate());
            double[] theta = rehearsal.start().theta().clone();
            GradientSum gradient = rehearsal
                    .each(DType.DOUBLE, new Quantity.Gradient(), List.of(new Batch.Step(0)), Point.at(theta))
                    .get(0);
            double[] expected =
                    Arrays.stream(gradient.meanGradient()).map(g -> -lr * g).toArray();
            assertArrayEquals(expected, moved(rehearsal, lr, 1), 1e-12 * lr);
            assertArrayEquals(theta, rehearsal.start().theta(), "where a step begins is kept");
        }
    }

    /** Momentum, moments, schedules and averages go along from one position to the next, near the data and not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = sgd, lr = 0.05, base.momentum = 0.9",
                "name = adam, lr = 0.05",
                "name = schedule-free-adamw, lr = 0.05",
                "name = sgd, lr = 0.05, model_average.kind = moving"
            })
    void stepsInPartsAreThoseTogether(String optimizer) {
        try (Rehearsal rehearsal = of(LinearPlans.plan(TestSettings.spec(optimizer), 100, 2, 10))) {
            Rehearsal.Position together = rehearsal.after(rehearsal.start(), 0.02, 9);
            Rehearsal.Position four = rehearsal.after(rehearsal.start(), 0.02, 4);
            Rehearsal.Position parts = rehearsal.after(four, 0.02, 5);
            assertEquals(9, parts.step());
            assertArrayEquals(together.theta(), parts.theta());
            assertArrayEquals(together.model(), parts.model());
            assertEquals(together.state().keySet(), parts.state().keySet());
            // The first part can be gone on from once more: its arrays were not changed.
            assertArrayEquals(parts.theta(), rehearsal.after(four, 0.02, 5).theta());
        }
    }

    /** Steps start where the run stands: other batches, and another rate of the schedule. */
    @Test
    void theFirstStepMayBeALaterOne() {
        TrainingPlan plan = LinearPlans.plan(SGD, 100, 1, 10);
        try (Rehearsal start = of(plan);
                Rehearsal later = new Rehearsal(session.context(), plan, 3)) {
            assertEquals(3, later.start().step());
            assertArrayEquals(start.start().theta(), later.start().theta());
            assertFalse(Arrays.equals(moved(start, 0.1, 1), moved(later, 0.1, 1)));
        }
    }

    @Test
    void stepsThatDivergeEndNowhere() {
        try (Rehearsal rehearsal = of(LinearPlans.plan(SGD, 64, 1, 16))) {
            assertNull(rehearsal.after(rehearsal.start(), 1e200, 5));
            assertNotNull(rehearsal.after(rehearsal.start(), 0.1, 5));
        }
    }

    /** Batches to judge a step on are the others of its epoch, in their order; a step on all rows has no other. */
    @Test
    void aStepIsJudgedOnOtherBatches() {
        try (Rehearsal rehearsal = of(LinearPlans.plan(SGD, 100, 1, 10))) {
            long epoch = (100 - rehearsal.rowsApart() + 9) / 10;
            assertEquals(List.of(new Batch.Step(1), new Batch.Step(2)), rehearsal.besides(0, 2));
            List<Batch> besides = rehearsal.besides(epoch + 1, 100);
            assertEquals(epoch - 1, besides.size());
            assertEquals(new Batch.Step(epoch + 2), besides.get(0));
            assertEquals(new Batch.Step(epoch), besides.get(besides.size() - 1));
            assertFalse(besides.contains(new Batch.Step(epoch + 1)));
        }
        try (Rehearsal whole = of(LinearPlans.plan(SGD, 100, 1, 100))) {
            assertEquals(List.of(new Batch.Step(7)), whole.besides(7, 8));
        }
    }

    /** Both precisions are there, whatever the plan's is. */
    @Test
    void quantitiesAreOfEitherPrecision() {
        try (Rehearsal rehearsal = of(LinearPlans.plan(SGD, 64, 2, 16))) {
            assertEquals(DType.DOUBLE, rehearsal.type());
            double[] at = {0.3, 0.1, -0.7, 0.2};
            double exact = rehearsal
                    .each(DType.DOUBLE, new Quantity.Loss(), List.of(new Batch.Step(0)), Point.at(at))
                    .get(0)
                    .meanLoss();
            double single = rehearsal
                    .each(DType.FLOAT, new Quantity.Loss(), List.of(new Batch.Step(0)), Point.at(at))
                    .get(0)
                    .meanLoss();
            assertEquals(exact, single, 1e-5 * exact);
            assertTrue(exact != single, "single precision rounds");
            assertEquals(1, rehearsal.lossUnit());
        }
    }
}

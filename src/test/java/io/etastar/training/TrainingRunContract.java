package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.optimizer.OptimizerSpec;
import io.etastar.optimizer.TestSettings;
import io.etastar.report.EpochMetrics;
import io.etastar.report.StepMetrics;
import io.etastar.spark.LeastSquaresSource;
import io.etastar.spark.SparkTestSession;
import io.etastar.spark.pass.Communication;
import io.etastar.spark.rows.Rows;
import io.etastar.spark.rows.SummaryRows;
import io.etastar.storage.Checkpoint;
import io.etastar.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of a run wherever its steps are made. */
abstract class TrainingRunContract {
    private static final Rows TRAIN = Rows.of(new LeastSquaresSource(90, KeptRun.FEATURES));
    private static final Rows TEST = Rows.of(new LeastSquaresSource(40, KeptRun.FEATURES));
    private static final int STEPS_PER_EPOCH = 5;

    private static SparkTestSession session;

    /** How the shards of the runs meet. */
    abstract Communication communication();

    @BeforeAll
    static void open() {
        session = SparkTestSession.open("local[2]");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private TrainingPlan plan(Rows test, int partitions, int batch, int hgBatch, int epochs) {
        OptimizerSpec optimizer = TestSettings.newton(TestSettings.sgd(0.5, 0, 0), 3, 1, 1, 0, false);
        return new TrainingPlan(
                new ModelDescription("{}"),
                new TrainingPlan.Data(TRAIN, test, null, partitions),
                new TrainingPlan.Method(optimizer, List.of(List.of("weight"), List.of("bias")), communication()),
                new TrainingPlan.Batches(batch, hgBatch, SummaryRows.DRAWN),
                Stopping.after(epochs, 0),
                new TrainingPlan.Checkpoints(2, 0, 3),
                new TrainingPlan.Numerics(DType.FLOAT, 0, 1));
    }

    private TrainingPlan plan() {
        return plan(TEST, 4, 18, 90, 3);
    }

    private static TrainingResult train(TrainingPlan plan, Recorder recorder, KeptRun run) {
        return train(plan, recorder, run, 1);
    }

    private static TrainingResult train(TrainingPlan plan, Recorder recorder, KeptRun run, double factor) {
        return new TrainingRun(session.context(), plan, run, recorder, KeptRun.built(factor)).run();
    }

    @Test
    void aRunReportsStepsEpochsSummariesAndCheckpoints() {
        Recorder recorder = new Recorder(0);
        KeptRun run = new KeptRun();
        TrainingResult result = train(plan(), recorder, run);
        assertEquals(15, recorder.steps.size());
        assertEquals(List.of(1L, 4L, 7L, 10L, 13L), recorder.summaries);
        assertEquals(List.of(0L, 2L, 4L, 5L, 6L, 8L, 10L, 12L, 14L, 15L), recorder.checkpoints);
        assertEquals(
                90,
                recorder.steps.stream()
                        .limit(STEPS_PER_EPOCH)
                        .mapToLong(StepMetrics::samples)
                        .sum());
        assertEquals(2, recorder.steps.get(5).epoch());
        assertTrue(recorder.steps.get(14).loss() < 0.1 * recorder.steps.get(0).loss(), "the loss fell");
        EpochMetrics last = recorder.epochs.get(2);
        assertEquals(15, last.steps());
        assertEquals(1, last.noSolution());
        assertEquals(weightedLoss(recorder.steps.subList(10, 15)), last.trainLoss(), 1e-12);
        assertTrue(Double.isNaN(last.testAccuracy()), "no classes");
        assertEquals(last.testLoss(), result.testLoss());
        assertEquals(last.trainLoss(), result.trainLoss());
        assertEquals(3, result.epochs());
        assertEquals(15, result.steps());
    }

    private static double[] theta(KeptRun run) {
        return run.model.theta().toDoubles();
    }

    private static double weightedLoss(List<StepMetrics> steps) {
        double loss = steps.stream().mapToDouble(s -> s.loss() * s.samples()).sum();
        return loss / steps.stream().mapToLong(StepMetrics::samples).sum();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 8, 10, 15})
    void aKilledRunGoesOnToTheSameBits(long killedAt) {
        Recorder whole = new Recorder(0);
        KeptRun undisturbed = new KeptRun();
        TrainingResult expected = train(plan(), whole, undisturbed);

        KeptRun run = new KeptRun();
        assertThrows(Recorder.Killed.class, () -> train(plan(), new Recorder(killedAt), run));
        assertNull(run.model);
        Recorder rest = new Recorder(0);
        TrainingResult result = train(plan(), rest, run);

        assertArrayEquals(undisturbed.last().theta(), run.last().theta());
        assertArrayEquals(theta(undisturbed), theta(run));
        assertArrayEquals(theta(undisturbed), result.kept().model().theta().toDoubles());
        assertEquals(expected.testLoss(), result.testLoss());
        assertEquals(expected.trainLoss(), result.trainLoss());
        int skipped = whole.epochs.size() - rest.epochs.size();
        for (int i = 0; i < rest.epochs.size(); i++) {
            assertEquals(withoutSeconds(whole.epochs.get(skipped + i)), withoutSeconds(rest.epochs.get(i)));
        }
    }

    private static EpochMetrics withoutSeconds(EpochMetrics m) {
        return new EpochMetrics(
                m.epoch(),
                m.steps(),
                m.trainLoss(),
                m.trainAccuracy(),
                m.testLoss(),
                m.testAccuracy(),
                m.noSolution(),
                0);
    }

    @Test
    void resumingACompleteRunWritesTheModelAgain() {
        KeptRun run = new KeptRun();
        TrainingResult first = train(plan(), new Recorder(0), run);
        double[] model = theta(run);
        run.model = null;
        Recorder recorder = new Recorder(0);
        TrainingResult second = train(plan(), recorder, run);
        assertArrayEquals(model, theta(run));
        assertEquals(List.of(), recorder.steps);
        assertEquals(first.testLoss(), second.testLoss());
        assertEquals(first.trainLoss(), second.trainLoss());
    }

    @Test
    void aDivergingRunStopsAndNamesTheLastGoodCheckpoint() {
        KeptRun run = new KeptRun();
        TrainingDiverged error = assertThrows(TrainingDiverged.class, () -> train(plan(), new Recorder(0), run, 1e12));
        Checkpoint last = run.last();
        assertEquals(KeptRun.path(last), error.checkpoint());
        assertTrue(last.step() < error.step(), error.getMessage());
        for (double p : last.theta()) {
            assertTrue(Float.isFinite((float) p), "checkpointed parameters are finite");
        }
        assertTrue(
                error.getMessage()
                        .matches("training diverged at step " + error.step()
                                + ": .*(loss|gradient norm|parameter).*(NaN|Infinity).*; the last good checkpoint is "
                                + KeptRun.path(last)),
                error.getMessage());
        assertNull(run.model);
    }

    @Test
    void morePartitionsThanRowsAndTheWholeSetAsBatch() {
        KeptRun run = new KeptRun();
        Recorder recorder = new Recorder(0);
        TrainingResult result = train(plan(null, 100, 90, 90, 2), recorder, run);
        assertEquals(2, result.steps());
        assertEquals(90, recorder.steps.get(0).samples());
        assertTrue(Double.isNaN(result.testLoss()), "no test set");
    }

    @Test
    void sizesAreCheckedBeforeAnyCheckpoint() {
        assertUserError(plan(TEST, 4, 91, 90, 3), "training.batch: found 91, expected 1 to 90");
        assertUserError(plan(TEST, 4, 0, 90, 3), "training.batch: found 0, expected 1 to 90");
        assertUserError(plan(TEST, 4, 18, 91, 3), "summary.batch: found 91, expected 1 to 90");
        assertUserError(plan(TEST, 0, 18, 90, 3), "data.partitions: found 0, expected at least 1");
        assertUserError(plan(TEST, 4, 18, 90, -1), "training.epochs: found -1, expected at least 0");
        Rows wide = Rows.of(new LeastSquaresSource(40, KeptRun.FEATURES + 1));
        assertUserError(plan(wide, 4, 18, 90, 3), "made up, 40 rows: found features of shape [6], expected [5]");
    }

    private void assertUserError(TrainingPlan plan, String start) {
        KeptRun run = new KeptRun();
        UserError error = assertThrows(UserError.class, () -> train(plan, new Recorder(0), run));
        assertTrue(error.getMessage().startsWith(start), error.getMessage());
        assertEquals(List.of(), run.checkpoints);
    }

    @Test
    void aCheckpointOfAnotherRunIsAUserError() {
        KeptRun run = new KeptRun();
        train(plan(), new Recorder(0), run);
        UserError late = assertThrows(UserError.class, () -> train(plan(TEST, 4, 18, 90, 2), new Recorder(0), run));
        assertTrue(late.getMessage().startsWith("memory-15: found step 15, expected at most 10"), late.getMessage());
    }
}

package io.etastar.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.report.EpochMetrics;
import org.junit.jupiter.api.Test;

class StoppingTest {
    private static EpochMetrics epoch(int number, double trainLoss, double testLoss) {
        return new EpochMetrics(number, number, trainLoss, Double.NaN, testLoss, Double.NaN, 0, 0);
    }

    @Test
    void aRunEndsAtItsStepsOrEpochs() {
        assertEquals(30, Stopping.after(3, 0).steps(10));
        assertEquals(25, Stopping.after(3, 25).steps(10));
        assertEquals(30, Stopping.after(3, 31).steps(10));
    }

    @Test
    void withoutEarlyStoppingTheLastEpochIsKept() {
        Stopping.Watch watch = Stopping.after(9, 0).watch(true);
        assertEquals(0, watch.keptEpoch());
        for (int i = 1; i <= 3; i++) {
            assertTrue(watch.keeps(epoch(i, 1, i)));
            assertFalse(watch.ends());
            assertEquals(i, watch.keptEpoch());
        }
    }

    @Test
    void patienceKeepsTheLowestTestLossAndEndsAfterSoManyEpochsWithoutALower() {
        Stopping.Watch watch = Stopping.after(9, 0).early(0, 2).watch(true);
        assertTrue(watch.keeps(epoch(4, 1, 5)), "the first that is seen");
        assertTrue(watch.keeps(epoch(5, 0.9, 4)));
        assertFalse(watch.keeps(epoch(6, 0.8, 4)));
        assertFalse(watch.ends());
        assertFalse(watch.keeps(epoch(7, 0.7, Double.NaN)));
        assertTrue(watch.ends());
        assertEquals(5, watch.keptEpoch());
    }

    @Test
    void patienceNeedsTestRows() {
        Stopping.Watch watch = Stopping.after(9, 0).early(0, 1).watch(false);
        for (int i = 1; i <= 3; i++) {
            assertTrue(watch.keeps(epoch(i, i, Double.NaN)));
            assertFalse(watch.ends());
        }
    }

    @Test
    void aSettledTrainingLossEndsTheRun() {
        Stopping.Watch watch = Stopping.after(9, 0).early(0.01, 0).watch(false);
        watch.keeps(epoch(1, 1, Double.NaN));
        watch.keeps(epoch(2, 0.98, Double.NaN));
        assertFalse(watch.ends());
        assertTrue(watch.keeps(epoch(3, 0.975, Double.NaN)), "the last epoch is the model");
        assertTrue(watch.ends());
    }
}

package io.etastar.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TrialTest {
    /** Losses that fall by the same part of 1 at each check, down to {@code end}, which all batches but the last have. */
    private static Trial falling(double end, double lastBatch) {
        double[] losses = new double[Trial.CHECKS + 1];
        Arrays.setAll(losses, i -> 1 - (1 - end) * i / Trial.CHECKS);
        return new Trial(1, List.of(), losses, new double[] {end, end, end, lastBatch}, null);
    }

    private static Trial diverged() {
        double[] losses = DoubleStream.iterate(1, last -> Double.POSITIVE_INFINITY)
                .limit(11)
                .toArray();
        double[] last = new double[4];
        Arrays.fill(last, Double.POSITIVE_INFINITY);
        return new Trial(1, List.of(), losses, last, null);
    }

    /** The mean of the last three: 1 - 0.9 (1 - end). */
    @Test
    void theLossAtTheEndIsAMean() {
        assertEquals(0.55, falling(0.5, 0.5).finalLoss(), 1e-12);
        assertEquals(0.5, falling(0.1, 0.1).part(falling(0.52, 0.52)), 1e-12);
        assertEquals(1, falling(0.5, 0.5).part(falling(0.1, 0.1)), 1e-12);
    }

    @Test
    void aBetterRunIsSoonerAndLowerOnMostBatches() {
        assertTrue(falling(0.1, 0.1).beats(falling(0.5, 0.5)));
        assertFalse(falling(0.5, 0.5).beats(falling(0.1, 0.1)));
        assertFalse(falling(0.5, 0.5).beats(falling(0.5, 0.5)));
        // Reached after nine checks of ten.
        assertFalse(falling(0.48, 0.48).beats(falling(0.5, 0.5)));
        assertTrue(falling(0.48, 0.48).isLower(falling(0.5, 0.5)));
        assertFalse(falling(0.5, 0.5).isLower(falling(0.48, 0.48)));
        // One batch of four is worse by more than the others are better.
        assertFalse(falling(0.4, 3).beats(falling(0.45, 0.5)));
    }

    @Test
    void whatDivergesIsNeverBetter() {
        assertFalse(diverged().beats(falling(0.5, 0.5)));
        assertFalse(diverged().beats(diverged()));
        assertTrue(falling(0.5, 0.5).beats(diverged()));
    }
}

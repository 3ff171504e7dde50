package io.etastar.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.optimizer.SummaryResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private static StepMetrics step(long step, double accuracy) {
        return new StepMetrics(
                step,
                1,
                0.5,
                accuracy,
                2.0,
                10,
                new StepMetrics.Seconds(0.4, 0.1, 0.01, 0.02, 0.03, 0.14, 0.05),
                1000,
                200);
    }

    private static SummaryResult summary(String solverCase) {
        SummaryResult.Solution solution = new SummaryResult.Solution(null, 1, solverCase, 0);
        return new SummaryResult(0, null, null, solution, new double[] {0.5, 0, 2}, Double.NaN);
    }

    @Test
    void aLineEveryFiveSecondsAndAtTheEndOfAnEpoch() {
        AtomicLong seconds = new AtomicLong(100);
        try (ProgressDisplay display = ProgressDisplay.lines(out, 9, () -> seconds.get() * 1_000_000_000L)) {
            display.step(step(1, 0.5));
            seconds.addAndGet(5);
            display.step(step(2, 0.5));
            display.step(step(3, 0.5));
            display.summary(4, summary("interior"));
            display.epoch(new EpochMetrics(1, 4, 0.5, Double.NaN, 0.25, 0.75, 0, 12.34));
            seconds.addAndGet(6);
            display.step(step(5, Double.NaN));
        }
        assertEquals("""
            step 2/9 epoch 1 loss 0.50000 accuracy 0.5000
            epoch 1 train_loss 0.50000 test_loss 0.25000 accuracy 0.7500 eta 0.00e+00..2.00e+00 12.3 s
            step 5/9 epoch 1 loss 0.50000 eta 0.00e+00..2.00e+00
            """, bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aBarShowsStepsLossRatesAndTestAccuracy() {
        try (ProgressDisplay display = ProgressDisplay.bar(out, 4)) {
            display.summary(1, summary("cubic"));
            display.epoch(new EpochMetrics(1, 2, 0.5, Double.NaN, 0.25, 0.75, 0, 12.34));
            display.step(step(3, 0.5));
            display.close();
        }
        String shown = bytes.toString(StandardCharsets.UTF_8);
        String last = shown.substring(shown.lastIndexOf('\r') + 1).strip();
        assertTrue(
                last.matches("75% \\[.*] 3/4 \\(.*\\) +loss 0\\.5000 eta 0\\.0e\\+00\\.\\.2\\.0e\\+00 test 0\\.750"),
                last);
        assertTrue(last.length() <= 80, last);
    }

    @Test
    void resultLinesHaveNoLocale() {
        assertEquals(
                "result test_accuracy=0.9731 test_loss=0.0912346 train_loss=NaN epochs=3 steps=45 seconds=1.2",
                ResultLine.training(0.97306, 0.09123456, Double.NaN, 3, 45, 1.23));
        assertEquals("result test_accuracy=NaN test_loss=12.5000", ResultLine.evaluation(Double.NaN, 12.5, Double.NaN));
    }
}

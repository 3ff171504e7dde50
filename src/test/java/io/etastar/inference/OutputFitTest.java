package io.etastar.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.tensor.RawArray;
import org.junit.jupiter.api.Test;

class OutputFitTest {
    private static OutputFit fit(double[] outputs, float[] targets, double[] weights, int classes) {
        Shard rows = new Shard(weights.length, RawArray.of(new float[weights.length]), RawArray.of(targets), weights);
        return OutputFit.of(rows, RawArray.of(outputs), classes);
    }

    @Test
    void calibrationErrorIsTheMeanGapOfTheBins() {
        // Probabilities 0.8, 0.8, 0.6: two of one bin of which one is right, one of another that is right.
        double a = Math.log(4);
        double b = Math.log(1.5);
        OutputFit fit = fit(new double[] {a, 0, a, 0, 0, b}, new float[] {0, 1, 1}, new double[] {1, 1, 2}, 2);
        assertEquals(0.75, fit.accuracy(), 1e-12);
        assertEquals((2 * 0.3 + 2 * 0.4) / 4, fit.calibrationError(), 1e-12);
        assertEquals(-(Math.log(0.8) + Math.log(0.2) + 2 * Math.log(0.6)) / 4, fit.meanLoss(), 1e-12);
    }

    @Test
    void numbersHaveTheirMeanSquare() {
        OutputFit fit = fit(new double[] {1, 2, 3, 4}, new float[] {1, 0, 0, 4}, new double[] {1, 3}, 0);
        assertEquals((1 * 2.0 + 3 * 4.5) / 4, fit.meanLoss(), 1e-12);
        OutputFit twice = fit.plus(fit);
        assertEquals(fit.meanLoss(), twice.meanLoss(), 1e-12);
    }
}

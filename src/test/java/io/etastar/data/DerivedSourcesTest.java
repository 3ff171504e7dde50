package io.etastar.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.format.DigitsSource;
import io.etastar.data.format.RegressionSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DerivedSourcesTest {
    @Test
    void featuresAsTargetsStayAsStored() {
        DataSource source = DerivedSource.featureTargets(DigitsSource.train(1));
        assertEquals(0, source.shape().classes());
        assertArrayEquals(new int[] {1, 8, 8}, source.shape().targets());
        Shard shard = source.read(10, 20);
        float[] stored = DigitsSource.train(1).read(10, 20).features().floats();
        assertArrayEquals(stored, shard.targets().floats());
        source.inspect().applyInPlace(shard, source.shape().features());
        assertArrayEquals(stored, shard.targets().floats(), "not standardised");
        assertTrue(shard.features().get(0) != stored[0]);
    }

    @Test
    void splitsLeaveNoRowOutAndMeasureTheirOwn() {
        DataSource all = DigitsSource.train(1);
        DataSource train = RowRange.split(all, 0.2, true);
        DataSource test = RowRange.split(all, 0.2, false);
        assertEquals(1200, train.rows());
        assertEquals(300, test.rows());
        assertArrayEquals(
                all.read(1199, 1201).features().floats(), concatenated(train.read(1199, 1200), test.read(0, 1)));
        assertEquals("digits (embedded), train, rows 1200 to 1499", test.shape().description());
        assertEquals(Standardisation.of(train.read(0, 1200).features(), new int[] {1, 8, 8}), train.inspect());
        assertEquals(1, RowRange.split(all, 1e-6, false).rows());
        assertEquals(1, RowRange.split(all, 0.999999, true).rows());
    }

    private static float[] concatenated(Shard a, Shard b) {
        float[] both = Arrays.copyOf(a.features().floats(), 128);
        System.arraycopy(b.features().floats(), 0, both, 64, 64);
        return both;
    }

    @Test
    void theRegressionIsLinearButForItsNoise() {
        DataSource train = RegressionSource.open(3, true);
        DataSource test = RegressionSource.open(3, false);
        assertEquals(1000, train.rows());
        assertEquals(200, test.rows());
        double[] weights = leastSquares(train.read(0, 1000));
        // The same weights for both; what is left over is the noise.
        assertEquals(0.1, residual(weights, train.read(0, 1000)), 0.01);
        assertEquals(0.1, residual(weights, test.read(0, 200)), 0.02);
        assertArrayEquals(
                train.read(5, 6).features().floats(),
                RegressionSource.open(3, true).read(5, 6).features().floats());
        assertTrue(train.read(0, 1).targets().get(0)
                != RegressionSource.open(4, true).read(0, 1).targets().get(0));
    }

    private static double residual(double[] weights, Shard shard) {
        double sum = 0;
        for (int row = 0; row < shard.rows(); row++) {
            double rest = shard.targets().get(row);
            for (int i = 0; i < 10; i++) {
                rest -= weights[i] * shard.features().get(row * 10 + i);
            }
            sum += rest * rest;
        }
        return Math.sqrt(sum / shard.rows());
    }

    /** By Gauss-Seidel on the normal equations, which are nearly diagonal. */
    private static double[] leastSquares(Shard shard) {
        double[] weights = new double[10];
        for (int sweep = 0; sweep < 50; sweep++) {
            for (int i = 0; i < 10; i++) {
                double numerator = 0;
                double denominator = 0;
                for (int row = 0; row < shard.rows(); row++) {
                    double rest = shard.targets().get(row);
                    for (int j = 0; j < 10; j++) {
                        rest -= j == i ? 0 : weights[j] * shard.features().get(row * 10 + j);
                    }
                    double x = shard.features().get(row * 10 + i);
                    numerator += rest * x;
                    denominator += x * x;
                }
                weights[i] = numerator / denominator;
            }
        }
        return weights;
    }
}

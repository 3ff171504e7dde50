package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.data.Shard;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A row of weight w counts w times. */
class RowWeightsTest {
    private static final int TRIES = 30;

    /** Sums over rows: loss, gradient, summary. */
    private record Sums(LossSum loss, GradientSum gradient, DerivativeSummary summary) {}

    private static Sums sums(RandomCase random, double[] weights, int... rows) {
        Shard plain = random.data;
        Shard shard = new Shard(plain.rows(), plain.features(), plain.targets(), weights);
        try (Program program = Program.compile(random.model, DType.DOUBLE, 3, random.partition)) {
            program.setParameters(RawArray.of(random.theta));
            program.setDirection(RawArray.of(random.direction));
            return new Sums(program.loss(shard, rows), program.gradient(shard, rows), program.summary(shard, rows));
        }
    }

    @Property(seed = "31", tries = TRIES)
    void weightTwoIsTheRowTwice(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        int[] rows = random.rows();
        int twice = random.random.nextInt(rows.length);
        double[] weights = ones(rows.length);
        weights[twice] = 2;
        int[] repeated = Arrays.copyOf(rows, rows.length + 1);
        repeated[rows.length] = twice;
        close(sums(random, null, repeated), sums(random, weights, rows));
    }

    @Property(seed = "32", tries = TRIES)
    void weightZeroIsTheRowAbsent(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        int[] rows = random.rows();
        int absent = random.random.nextInt(rows.length);
        double[] weights = ones(rows.length);
        weights[absent] = 0;
        int[] others = IntStream.of(rows).filter(row -> row != absent).toArray();
        close(sums(random, null, others), sums(random, weights, rows));
    }

    @Property(seed = "33", tries = TRIES)
    void sumsAreLinearInTheWeights(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        double[] weights = random.random.doubles(random.data.rows(), 0, 3).toArray();
        double[] tripled = Arrays.stream(weights).map(weight -> 3 * weight).toArray();
        Sums once = sums(random, weights, random.rows());
        Sums thrice = sums(random, tripled, random.rows());
        assertEquals(Arrays.stream(weights).sum(), once.loss.samples(), 1e-12);
        assertEquals(once.loss.meanLoss(), thrice.loss.meanLoss(), 1e-12);
        assertEquals(once.loss.accuracy(), thrice.loss.accuracy(), 1e-12);
        assertArrayEquals(once.gradient.meanGradient(), thrice.gradient.meanGradient(), 1e-11);
        close(once.summary.mean(), thrice.summary.mean());
    }

    @Test
    void aRowOfWeightZeroMayHaveAnInfiniteLoss() {
        RandomCase random = new RandomCase(5);
        double[] features = random.data.features().toDoubles();
        Arrays.fill(features, 0, random.data.featureLength(), 1e300);
        Shard shard = new Shard(
                random.data.rows(), RawArray.of(features), random.data.targets(), firstZero(random.data.rows()));
        try (Program program = Program.compile(random.model, DType.FLOAT, 3, null)) {
            program.setParameters(RawArray.of(random.theta));
            assertEquals(
                    true, Double.isFinite(program.loss(shard, random.rows()).meanLoss()));
        }
    }

    private static double[] firstZero(int rows) {
        double[] weights = ones(rows);
        weights[0] = 0;
        return weights;
    }

    private static double[] ones(int rows) {
        double[] weights = new double[rows];
        Arrays.fill(weights, 1);
        return weights;
    }

    private static void close(Sums a, Sums b) {
        assertEquals(a.loss.samples(), b.loss.samples(), 1e-12);
        assertEquals(a.loss.loss(), b.loss.loss(), 1e-10 * Math.abs(a.loss.loss()));
        assertEquals(a.loss.correct(), b.loss.correct(), 1e-12);
        double[] gradient = a.gradient.gradient().toDoubles();
        assertArrayEquals(gradient, b.gradient.gradient().toDoubles(), tolerance(gradient));
        close(a.summary, b.summary);
    }

    private static void close(DerivativeSummary a, DerivativeSummary b) {
        assertEquals(a.samples(), b.samples(), 1e-12);
        assertArrayEquals(a.g(), b.g(), tolerance(a.g()));
        assertArrayEquals(a.order3(), b.order3(), tolerance(a.order3()));
        for (int s = 0; s < a.size(); s++) {
            assertArrayEquals(
                    a.h()[s],
                    b.h()[s],
                    tolerance(
                            Arrays.stream(a.h()).flatMapToDouble(Arrays::stream).toArray()));
        }
    }

    private static double tolerance(double... values) {
        return 1e-10 * Math.max(1, Arrays.stream(values).map(Math::abs).max().orElse(0));
    }
}

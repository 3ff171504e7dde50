package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.taylor.graph.Dropout;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;

/** Masks, and the derivatives of a network with two dropouts. */
class DropoutTest {
    private static final int ROWS = 7;
    private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6};
    private static final Model MODEL = model(0.7);
    private static final Partition PARTITION = Partitions.parse("canonical", MODEL.layout());

    private final Random random = new Random(3);
    private final double[] theta = normal(MODEL.layout().size(), 0.2);
    private final double[] direction = normal(theta.length, 0.1);
    private final Shard data = new Shard(
            ROWS,
            RawArray.of(normal(ROWS * TestGraphs.FEATURES, 1)),
            RawArray.of(normal(ROWS * TestGraphs.TARGETS, 1)));

    private static Model model(double keep) {
        TestGraphs t = new TestGraphs(false);
        SDVariable h = t.graph.math.tanh(t.dense(t.graph.nn.dropout(t.flat(), keep), "a", TestGraphs.FEATURES, 6));
        SDVariable z = t.dense(t.graph.nn.dropout(t.graph.math.tanh(t.dense(h, "b", 6, 5)), keep), "c", 5, 3);
        return t.squared(t.graph.math.tanh(z));
    }

    private double[] normal(int length, double scale) {
        return random.doubles(length).map(v -> scale * random.nextGaussian()).toArray();
    }

    private Program program(int microBatch, double... at) {
        Program program = Program.compile(MODEL, DType.DOUBLE, microBatch, PARTITION);
        program.setParameters(RawArray.of(at));
        program.setDirection(RawArray.of(direction));
        return program;
    }

    private DerivativeSummary summary(int microBatch, long seed, double... at) {
        try (Program program = program(microBatch, at)) {
            program.setSeed(seed);
            return program.summary(data, ALL);
        }
    }

    @Test
    void withoutASeedAndInEvaluationItIsTheIdentity() {
        try (Program program = program(4, theta)) {
            double plain = program.gradient(data, ALL).loss().loss();
            assertEquals(plain, program.loss(data, ALL).loss());
            program.setSeed(5);
            assertNotEquals(plain, program.gradient(data, ALL).loss().loss());
            assertEquals(plain, program.loss(data, ALL).loss());
            double[] outputs = program.outputs(data, ALL).toDoubles();
            program.gradient(data, ALL);
            assertArrayEquals(outputs, program.outputs(data, ALL).toDoubles());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10})
    void masksDoNotDependOnTheMicroBatch(int microBatch) {
        DerivativeSummary whole = summary(ROWS, 11, theta);
        DerivativeSummary parts = summary(microBatch, 11, theta);
        assertEquals(whole.loss(), parts.loss(), 1e-13);
        assertArrayEquals(whole.g(), parts.g(), 1e-13);
        assertArrayEquals(whole.order3(), parts.order3(), 1e-13);
        assertNotEquals(whole.loss(), summary(ROWS, 12, theta).loss());
    }

    @Test
    void masksBelongToRowsOfTheShard() {
        try (Program program = program(3, theta)) {
            program.setSeed(11);
            double sum = 0;
            for (int row : ALL) {
                sum += program.gradient(data, new int[] {row}).loss().loss();
            }
            int[] mixed = {5, 0, 6, 2, 1, 4, 3};
            GradientSum all = program.gradient(data, mixed);
            assertEquals(sum, all.loss().loss(), 1e-13);
            assertEquals(all.loss().loss(), program.summary(data, ALL).loss(), 1e-13);
        }
    }

    @Test
    void derivativesAreThoseOfTheMaskedNetwork() {
        double[][] h = summary(3, 11, theta).h();
        double[] order3 = summary(3, 11, theta).order3();
        double step = 1e-4;
        for (int s = 0; s < h.length; s++) {
            DerivativeSummary above = summary(4, 11, shifted(s, step));
            DerivativeSummary below = summary(4, 11, shifted(s, -step));
            for (int t = 0; t < h.length; t++) {
                assertEquals((above.g()[t] - below.g()[t]) / (2 * step), h[s][t], 1e-6);
            }
            assertEquals((above.h()[s][s] - below.h()[s][s]) / (2 * step), order3[s], 1e-6);
            assertEquals(
                    (above.loss() - below.loss()) / (2 * step),
                    summary(4, 11, theta).g()[s],
                    1e-6);
        }
    }

    private double[] shifted(int subset, double step) {
        double[] moved = theta.clone();
        int offset = MODEL.layout().offset(subset);
        for (int p = offset; p < offset + MODEL.layout().length(subset); p++) {
            moved[p] += step * direction[p];
        }
        return moved;
    }

    @Test
    void elementsAreKeptWithTheirProbabilityAndScaled() {
        int rows = 50;
        try (Kernels kernels = Backend.installed().kernels(DType.DOUBLE)) {
            Tensor mask = kernels.allocate(rows, 400);
            Dropout dropout = new Dropout(kernels, rows);
            int[] numbers = IntStream.range(0, rows).toArray();
            dropout.next();
            dropout.rows(numbers);
            dropout.seed(1);
            dropout.switchOn(true);
            dropout.mask(kernels, 0, 0.3, false, mask).run();
            double kept = 0;
            for (double value : mask.toDoubles()) {
                assertTrue(value == 0 || value == 1 / 0.3);
                kept += value == 0 ? 0 : 1;
            }
            assertEquals(0.3, kept / mask.length(), 5 * Math.sqrt(0.3 * 0.7 / mask.length()));
            double[] first = mask.toDoubles();
            dropout.mask(kernels, 1, 0.3, false, mask).run();
            assertFalse(Arrays.equals(first, mask.toDoubles()));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.5})
    void aProbabilityOutOfRangeIsRefused(double keep) {
        Model model = model(keep);
        String message = assertThrows(UserError.class, () -> Program.compile(model, DType.DOUBLE, 2, null))
                .getMessage();
        assertTrue(message.contains("'dropout'") && message.contains("" + keep), message);
    }
}

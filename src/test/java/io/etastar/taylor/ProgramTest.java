package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.LossSum;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs, losses, correct and edges of a program that is small enough to compute by hand: z = x W + b, cross-entropy. */
class ProgramTest {
    private static final int ROWS = 5;
    private static final Model MODEL = new ModelDescription(
                    "{\"model\":\"perceptron\",\"layers\":[3,2],\"activation\":\"tanh\",\"loss\":\"nll\"}")
            .build();

    private final double[] theta = new Random(1).doubles(8, -1, 1).toArray();
    private final double[] x = new Random(2).doubles(3 * ROWS, -1, 1).toArray();
    private final double[] labels = {0, 1, 1, 0, 1};

    private Program program(DType type, int microBatch) {
        Partition partition = Partitions.parse("canonical", MODEL.layout());
        Program program = Program.compile(MODEL, type, microBatch, partition);
        program.setParameters(RawArray.of(theta));
        program.setDirection(RawArray.of(theta));
        return program;
    }

    private Shard data() {
        return new Shard(ROWS, RawArray.of(x), RawArray.of(labels));
    }

    private double logit(int row, int c) {
        double z = theta[6 + c];
        for (int i = 0; i < 3; i++) {
            z += x[3 * row + i] * theta[2 * i + c];
        }
        return z;
    }

    @ParameterizedTest
    @EnumSource
    void outputsLossAndHits(DType type) {
        int[] rows = {4, 0, 2};
        double[] outputs = new double[6];
        double loss = 0;
        int correct = 0;
        for (int i = 0; i < rows.length; i++) {
            double a = logit(rows[i], 0);
            double b = logit(rows[i], 1);
            outputs[2 * i] = a;
            outputs[2 * i + 1] = b;
            loss += Math.log(Math.exp(a) + Math.exp(b)) - (labels[rows[i]] == 0 ? a : b);
            correct += b > a == (labels[rows[i]] == 1) ? 1 : 0;
        }
        double tolerance = type == DType.FLOAT ? 1e-5 : 1e-12;
        for (int microBatch : new int[] {1, 2, 3, 50}) {
            try (Program program = program(type, microBatch)) {
                assertEquals(microBatch, program.microBatch());
                assertArrayEquals(outputs, program.outputs(data(), rows).toDoubles(), tolerance);
                LossSum sum = program.loss(data(), rows);
                assertEquals(3, sum.samples());
                assertEquals(loss, sum.loss(), tolerance);
                assertEquals(correct, sum.correct());
                assertEquals(sum, program.gradient(data(), rows).loss());
            }
        }
    }

    @Test
    void noRowsGiveZeros() {
        try (Program program = program(DType.DOUBLE, 2)) {
            assertEquals(LossSum.ZERO, program.loss(data(), new int[0]));
            assertEquals(0, program.outputs(data(), new int[0]).length());
            GradientSum gradient = program.gradient(data(), new int[0]);
            assertArrayEquals(new double[8], gradient.gradient().toDoubles());
            DerivativeSummary summary = program.summary(data(), new int[0]);
            assertEquals(0, summary.samples());
            assertArrayEquals(new double[2], summary.g());
        }
    }

    @Test
    void lossesOfLogitsThatAreFarApartAreFinite() {
        double[] far = {1000, -1000, 0, 0, 0, 0, 0, 0};
        Shard one = new Shard(1, RawArray.of(new double[] {1, 0, 0}), RawArray.of(new double[] {1}));
        for (DType type : DType.values()) {
            try (Program program = program(type, 1)) {
                program.setParameters(RawArray.of(far));
                assertEquals(2000, program.loss(one, new int[] {0}).loss(), 1e-3);
                double[] gradient =
                        program.gradient(one, new int[] {0}).gradient().toDoubles();
                assertArrayEquals(new double[] {1, -1, 0, 0, 0, 0, 1, -1}, gradient, 1e-12);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 9})
    void arraysOfAnotherLengthAreRefused(int length) {
        RawArray wrong = RawArray.of(new double[length]);
        try (Program program = program(DType.DOUBLE, 2)) {
            assertThrows(IllegalArgumentException.class, () -> program.setParameters(wrong));
            assertThrows(IllegalArgumentException.class, () -> program.setDirection(wrong));
            Shard wide = new Shard(1, wrong, RawArray.of(new double[1]));
            assertThrows(IllegalArgumentException.class, () -> program.loss(wide, new int[] {0}));
        }
    }

    @Test
    void aSummaryNeedsAPartition() {
        try (Program program = Program.compile(MODEL, DType.DOUBLE, 2, null)) {
            assertThrows(IllegalStateException.class, () -> program.summary(data(), new int[] {0}));
        }
    }

    @Test
    void anAutomaticMicroBatchSplitsTheRowsEvenly() {
        for (int rows : new int[] {0, 1, 7, 512, 513, 1000, 5000}) {
            int batch = Program.automaticBatch(MODEL, DType.FLOAT, null, rows);
            int times = (Math.max(rows, 1) + batch - 1) / batch;
            assertTrue(batch >= 1 && batch <= 512, rows + " rows: " + batch);
            assertTrue(times * batch - Math.max(rows, 1) < times, rows + " rows in " + times + " of " + batch);
        }
    }
}

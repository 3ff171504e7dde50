package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.TaylorTerms;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors of every order against the derivative summary, against differences, against a polynomial. */
class SeriesProgramTest {
    private static final Map<String, Model> MODELS = TestGraphs.all();
    private static final int ROWS = 5;

    static Set<String> names() {
        return MODELS.keySet();
    }

    static Set<String> differentiable() {
        return GraphData.differentiable(names());
    }

    /** A point, a direction and data for a model. */
    private record Case(Model model, double[] theta, double[] direction, Shard data, Partition partition) {
        static Case of(String name, String partition) {
            Model model = MODELS.get(name);
            Random random = new Random(7);
            double[] y = GraphData.targets(model, random, ROWS);
            double[] theta = GraphData.normal(random, model.layout().size(), 0.2);
            double[] direction = GraphData.normal(random, model.layout().size(), 0.1);
            double[] x = GraphData.features(model, random, ROWS);
            Shard data = new Shard(ROWS, RawArray.of(x), RawArray.of(y));
            return new Case(model, theta, direction, data, Partitions.parse(partition, model.layout()));
        }

        static Case of(RandomCase random) {
            return new Case(random.model, random.theta, random.direction, random.data, random.partition);
        }

        int[] rows() {
            return IntStream.range(0, data.rows()).toArray();
        }

        int microBatch() {
            return GraphData.microBatch(model, 3, data.rows());
        }

        DerivativeSummary summary(double... at) {
            try (Program program = Program.compile(model, DType.DOUBLE, microBatch(), partition)) {
                program.setParameters(RawArray.of(at));
                program.setDirection(RawArray.of(direction));
                return program.summary(data, rows());
            }
        }

        SeriesProgram program(DType type, int microBatch, int order) {
            SeriesProgram program = SeriesProgram.compile(model, type, microBatch, partition, order);
            program.setParameters(RawArray.of(theta));
            program.setDirection(RawArray.of(direction));
            return program;
        }

        DerivativeTensor tensor(int order) {
            try (SeriesProgram program = program(DType.DOUBLE, microBatch(), order)) {
                return program.derivatives(data, rows());
            }
        }

        /** theta moved along u_s. */
        double[] shifted(int subset, double step) {
            double[] moved = theta.clone();
            for (int i = 0; i < model.layout().count(); i++) {
                int from = model.layout().offset(i);
                for (int p = from;
                        partition.subsetOf(i) == subset
                                && p < from + model.layout().length(i);
                        p++) {
                    moved[p] += step * direction[p];
                }
            }
            return moved;
        }
    }

    private static void agree(Case of, String what) {
        DerivativeSummary summary = of.summary(of.theta);
        int size = summary.size();
        DerivativeTensor first = of.tensor(1);
        assertEquals(summary.samples(), first.samples());
        assertEquals(summary.loss(), first.loss(), 1e-12 * Math.abs(summary.loss()));
        close(summary.g(), first.entries(), 1e-11, what + " g");
        DerivativeTensor second = of.tensor(2);
        double[] h = Arrays.stream(summary.h()).flatMapToDouble(Arrays::stream).toArray();
        double[] found = IntStream.range(0, size * size)
                .mapToDouble(i -> second.get(i / size, i % size))
                .toArray();
        close(h, found, 1e-11, what + " H");
        DerivativeTensor third = of.tensor(3);
        double[] diagonal =
                IntStream.range(0, size).mapToDouble(s -> third.get(s, s, s)).toArray();
        double scale = Math.max(largest(summary.order3()), 1e-3 * largest(third.entries()));
        close(summary.order3(), diagonal, scale, 1e-10, what + " order3");
    }

    @ParameterizedTest
    @MethodSource("names")
    void lowOrdersAreTheSummarys(String name) {
        agree(Case.of(name, "canonical"), name);
        agree(Case.of(name, "trivial"), name);
    }

    @Property(seed = "43", tries = 40)
    void lowOrdersAreTheSummarysOfAnyNetworkAndPartition(@ForAll long seed) {
        agree(Case.of(new RandomCase(seed)), "seed " + seed);
    }

    /** Entries [s, s, s, t] against differences of order3 along u_t, for every op. */
    @ParameterizedTest
    @MethodSource("differentiable")
    void order4IsTheSlopeOfOrder3(String name) {
        Case of = Case.of(name, "canonical");
        DerivativeTensor fourth = of.tensor(4);
        double scale = Math.max(largest(fourth.entries()), largest(of.tensor(3).entries()));
        double step = 5e-4;
        int size = of.partition().size();
        for (int t = 0; t < size; t++) {
            double[] far = of.summary(of.shifted(t, 2 * step)).order3();
            double[] near = of.summary(of.shifted(t, step)).order3();
            double[] back = of.summary(of.shifted(t, -step)).order3();
            double[] farBack = of.summary(of.shifted(t, -2 * step)).order3();
            for (int s = 0; s < size; s++) {
                double slope = (8 * (near[s] - back[s]) - far[s] + farBack[s]) / (12 * step);
                assertEquals(slope, fourth.get(s, s, s, t), 1e-7 * scale, name + " " + s + " " + t);
            }
        }
    }

    @Property(seed = "44", tries = 20)
    void neitherMicroBatchNorSplitNorOrderOfTheRowsMatters(@ForAll long seed) {
        RandomCase random = new RandomCase(seed);
        Case of = Case.of(random);
        double[] expected = of.tensor(3).entries();
        int[] rows = random.shuffledRows();
        int cut = random.random.nextInt(rows.length + 1);
        for (int microBatch : new int[] {0, 1, 4}) {
            try (SeriesProgram program = of.program(DType.DOUBLE, microBatch, 3)) {
                DerivativeTensor left = program.derivatives(of.data, Arrays.copyOfRange(rows, 0, cut));
                DerivativeTensor right = program.derivatives(of.data, Arrays.copyOfRange(rows, cut, rows.length));
                close(expected, left.merge(right).entries(), 1e-11, "micro-batch " + microBatch);
            }
        }
    }

    @Property(seed = "45", tries = 20)
    void singlePrecisionAgreesWithDouble(@ForAll long seed) {
        Case of = Case.of(new RandomCase(seed));
        try (SeriesProgram program = of.program(DType.FLOAT, 4, 3)) {
            close(
                    of.tensor(3).entries(),
                    program.derivatives(of.data, of.rows()).entries(),
                    1e-3,
                    "seed " + seed);
        }
    }

    /** Parts whose lengths differ by 24 orders of magnitude, beyond the range of a product of four floats. */
    @Test
    void partsOfVeryDifferentLengthsDoNotDisturbEachOther() {
        Case plain = Case.of("tanh", "canonical");
        double[] lengths = {0x1p-40, 1, 0x1p40, 0x1p-20};
        double[] direction = plain.direction.clone();
        for (int i = 0; i < lengths.length; i++) {
            for (int p = 0; p < plain.model.layout().length(i); p++) {
                direction[plain.model.layout().offset(i) + p] *= lengths[plain.partition.subsetOf(i)];
            }
        }
        Case scaled = new Case(plain.model, plain.theta, direction, plain.data, plain.partition);
        for (DType type : DType.values()) {
            try (SeriesProgram one = plain.program(type, 3, 4);
                    SeriesProgram other = scaled.program(type, 3, 4)) {
                DerivativeTensor expected = one.derivatives(plain.data, plain.rows());
                DerivativeTensor found = other.derivatives(plain.data, plain.rows());
                int[] index = expected.indices().first();
                do {
                    double factor =
                            Arrays.stream(index).mapToDouble(s -> lengths[s]).reduce(1, (a, b) -> a * b);
                    assertEquals(expected.get(index) * factor, found.get(index), 0, Arrays.toString(index));
                } while (expected.indices().next(index));
            }
        }
    }

    /** Rosenbrock's function is a quartic: the terms up to 4 are all there are. */
    @Test
    void termsOfAQuarticGiveItBack() {
        Model model = new ModelDescription(
                        "{\"model\": \"rosenbrock\", \"d\": 3, \"a\": 0.8, \"b\": 10, \"loss\": \"none\"}")
                .build(DType.DOUBLE);
        double[] theta = new Random(5).doubles(6, -1, 1).toArray();
        double[] u = new Random(6).doubles(6, -1, 1).toArray();
        Shard one = new Shard(1, RawArray.zeros(DType.DOUBLE, 1), RawArray.zeros(DType.DOUBLE, 1));
        try (SeriesProgram series = SeriesProgram.compile(model, DType.DOUBLE, 0, null, 6);
                Program program = Program.compile(model, DType.DOUBLE, 0, null)) {
            series.setParameters(RawArray.of(theta));
            series.setDirection(RawArray.of(u));
            TaylorTerms terms = series.terms(one, new int[] {0});
            assertEquals(0, terms.derivative(5));
            assertEquals(0, terms.derivative(6));
            for (double t : new double[] {-2, -0.3, 0, 0.7, 5}) {
                double[] moved = IntStream.range(0, 6)
                        .mapToDouble(p -> theta[p] + t * u[p])
                        .toArray();
                program.setParameters(RawArray.of(moved));
                double loss = program.loss(one, new int[] {0}).loss();
                assertEquals(loss, terms.at(t), 1e-12 * Math.max(1, loss), "t = " + t);
            }
            assertThrows(IllegalStateException.class, () -> series.derivatives(one, new int[] {0}));
        }
    }

    @Test
    void termsAreTheTensorsOfOneSubset() {
        Case of = Case.of("sparse_softmax_cross_entropy_loss_with_logits", "trivial");
        Case split = Case.of("sparse_softmax_cross_entropy_loss_with_logits", "canonical");
        try (SeriesProgram program = of.program(DType.DOUBLE, 2, 4);
                SeriesProgram parts = split.program(DType.DOUBLE, 2, 4)) {
            TaylorTerms terms = program.terms(of.data, of.rows());
            assertEquals(of.data.rows(), terms.samples());
            assertEquals(of.summary(of.theta).loss(), terms.derivative(0), 1e-13);
            for (int k = 1; k <= 4; k++) {
                double entry = of.tensor(k).entries()[0];
                assertEquals(entry, terms.derivative(k), 1e-12 * Math.max(1, Math.abs(entry)));
            }
            close(terms.derivatives(), parts.terms(split.data, split.rows()).derivatives(), 1e-12, "along all parts");
        }
    }

    @Test
    void noRowsGiveZeros() {
        Case of = Case.of("tanh", "canonical");
        try (SeriesProgram program = of.program(DType.DOUBLE, 2, 2)) {
            DerivativeTensor none = program.derivatives(of.data, new int[0]);
            assertEquals(0, none.samples());
            assertArrayEquals(new double[10], none.entries());
        }
    }

    @Test
    void ordersAndLengthsThatDoNotFitAreRefused() {
        Case of = Case.of("tanh", "canonical");
        assertThrows(UserError.class, () -> of.tensor(0));
        assertThrows(UserError.class, () -> of.tensor(300));
        try (SeriesProgram program = of.program(DType.DOUBLE, 2, 1)) {
            RawArray wrong = RawArray.of(new double[3]);
            assertThrows(IllegalArgumentException.class, () -> program.setParameters(wrong));
            assertThrows(IllegalArgumentException.class, () -> program.setDirection(wrong));
        }
    }

    private static double largest(double... values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static void close(double[] expected, double[] found, double tolerance, String what) {
        close(expected, found, largest(expected), tolerance, what);
    }

    private static void close(double[] expected, double[] found, double scale, double tolerance, String what) {
        assertEquals(expected.length, found.length, what);
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - found[i]);
            assertTrue(
                    difference <= tolerance * Math.max(scale, 1e-9),
                    what + " " + i + ": found " + found[i] + ", expected " + expected[i] + ", scale " + scale);
        }
    }
}

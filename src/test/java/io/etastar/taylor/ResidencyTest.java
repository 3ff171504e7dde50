package io.etastar.taylor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.tensor.Backend;
import io.etastar.tensor.DType;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.GuardBackend;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs reach no memory of the backend between "loaded" and "read back": they run on {@link GuardBackend}, where that is a mistake,
 * give the bits that they give without it, and wait for kernels once a pass.
 */
class ResidencyTest {
    private static final Map<String, Model> MODELS = TestGraphs.all();
    private static final GuardBackend GUARD = new GuardBackend(Backend.installed());
    private static final int ROWS = 5;

    static Set<String> graphs() {
        return MODELS.keySet();
    }

    static List<String> golden() throws IOException {
        return GoldenCase.names();
    }

    static List<String> models() throws IOException {
        return ModelGoldenTest.names();
    }

    /** A model at a point, with its rows. */
    private record Case(Model model, Partition partition, RawArray theta, RawArray direction, Shard data, int batch) {
        static Case of(GoldenCase golden, int batch) {
            return new Case(golden.model, golden.partition, golden.parameters, golden.direction, golden.data, batch);
        }

        int[] rows() {
            return IntStream.range(0, data.rows()).toArray();
        }

        /** What programs find, of {@code all} kinds or one, number by number; a summary waits {@code waits} times for the guard. */
        List<double[]> results(DType type, boolean all, int waits) {
            List<double[]> found = new ArrayList<>();
            program(type, waits, found);
            if (all) {
                product(type, found);
                series(type, found);
                factors(type, true, found);
                factors(type, false, found);
            }
            return found;
        }

        private void program(DType type, int waits, List<double[]> found) {
            try (Program program = Program.compile(model, type, batch, partition)) {
                program.setParameters(theta);
                program.setDirection(direction);
                program.setSeed(3);
                found.add(new double[] {program.loss(data, rows()).loss()});
                found.add(program.outputs(data, rows()).toDoubles());
                GradientSum gradient = program.gradient(data, rows());
                found.add(gradient.gradient().toDoubles());
                found.add(new double[] {
                    gradient.loss().samples(),
                    gradient.loss().loss(),
                    gradient.loss().correct()
                });
                GUARD.takeSynchronised();
                DerivativeSummary summary = program.summary(data, rows());
                assertEquals(waits, GUARD.takeSynchronised(), "how often a summary waits");
                found.add(summary.g());
                found.addAll(Arrays.asList(summary.h()));
                found.add(summary.order3());
            }
        }

        private void product(DType type, List<double[]> found) {
            try (HessianProgram program = HessianProgram.compile(model, type, batch, data.rows())) {
                program.setParameters(theta);
                program.setDirection(direction);
                found.add(program.hessianVector(data, rows()).product().toDoubles());
            }
        }

        private void series(DType type, List<double[]> found) {
            try (SeriesProgram program = SeriesProgram.compile(model, type, batch, null, 3)) {
                program.setParameters(theta);
                program.setDirection(direction);
                found.add(program.terms(data, rows()).derivatives());
            }
        }

        private void factors(DType type, boolean sampled, List<double[]> found) {
            try {
                FactorProgram.check(model, sampled);
            } catch (UserError e) {
                return;
            }
            try (FactorProgram program = FactorProgram.compile(model, type, batch, data.rows(), sampled)) {
                program.setParameters(theta);
                KroneckerFactors factors = program.factors(data, rows());
                for (int i = 0; i < factors.layers().size(); i++) {
                    found.add(factors.a(i).toDoubles());
                    found.add(factors.s(i).toDoubles());
                }
            }
        }
    }

    private static void check(DType type, boolean all, Case of) {
        List<double[]> expected = of.results(type, all, 0);
        List<double[]> found = GUARD.during(() -> of.results(type, all, 1));
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), found.get(i), "result " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void everyOp(String name) throws IOException {
        Model model = MODELS.get(name);
        Random random = new Random(name.hashCode());
        int size = model.layout().size();
        Shard data = new Shard(
                ROWS,
                RawArray.of(GraphData.features(model, random, ROWS)),
                RawArray.of(GraphData.targets(model, random, ROWS)));
        OracleRow row = OracleRow.read(name, model);
        RawArray theta = row == null ? RawArray.of(GraphData.normal(random, size, 0.3)) : row.theta;
        RawArray direction = row == null ? RawArray.of(GraphData.normal(random, size, 0.2)) : row.direction;
        Shard rows = row == null ? data : row.data;
        Partition partition = Partitions.parse("canonical", model.layout());
        int batch = GraphData.microBatch(model, 2, rows.rows());
        check(DType.DOUBLE, true, new Case(model, partition, theta, direction, rows, batch));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void goldenNetworks(String name) throws IOException {
        GoldenCase golden = GoldenCase.read(name);
        check(DType.FLOAT, false, Case.of(golden, GraphData.microBatch(golden.model, 3, golden.data.rows())));
    }

    @ParameterizedTest
    @MethodSource("models")
    void modelsOfTheZoo(String name) throws IOException {
        Path directory = GoldenCase.root().resolveSibling("golden-models").resolve(name);
        GoldenCase golden = GoldenCase.at(directory);
        check(DType.FLOAT, false, Case.of(golden, golden.data.rows()));
    }

    @Test
    void theGuardRefusesReadsBeforeKernelsRan() {
        try (Kernels kernels = GUARD.kernels(DType.DOUBLE)) {
            Tensor tensor = kernels.allocate(2);
            Doubles sums = kernels.allocateDoubles(1);
            assertThrows(IllegalStateException.class, () -> tensor.get(0));
            assertThrows(IllegalStateException.class, () -> tensor.fill(0, 1, 3));
            kernels.fill(tensor, 3).run();
            Tensor row = tensor.view(1, 2);
            kernels.rowDots(1, row, row, sums, 0).run();
            assertThrows(IllegalStateException.class, tensor::toDoubles);
            assertThrows(IllegalStateException.class, sums::toDoubles);
            kernels.synchronise();
            assertArrayEquals(new double[] {3, 3}, tensor.toDoubles());
            assertArrayEquals(new double[] {18}, sums.toDoubles());
        }
    }

    /** A number that is no word is found when results are read; the program then goes on. */
    @Test
    void wordsOutOfRangeAreNamed() {
        Model model = MODELS.get("gather");
        int size = model.layout().size();
        RawArray x = RawArray.of(GraphData.features(model, new Random(1), ROWS));
        double[] y = GraphData.targets(model, new Random(2), ROWS);
        int[] rows = IntStream.range(0, ROWS).toArray();
        GUARD.during(() -> {
            try (Program program = Program.compile(model, DType.DOUBLE, 2, null)) {
                program.setParameters(RawArray.of(GraphData.normal(new Random(3), size, 1)));
                double before =
                        program.loss(new Shard(ROWS, x, RawArray.of(y)), rows).loss();
                double[] wrong = y.clone();
                wrong[2] = 99;
                String message = assertThrows(
                                IllegalArgumentException.class,
                                () -> program.loss(new Shard(ROWS, x, RawArray.of(wrong)), rows))
                        .getMessage();
                assertTrue(message.startsWith("found index 99.0 for '"), message);
                assertEquals(
                        before,
                        program.loss(new Shard(ROWS, x, RawArray.of(y)), rows).loss());
            }
            return null;
        });
    }
}

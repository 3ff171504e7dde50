package io.etastar.spark.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.cuda.Emulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Engines on an emulated device that keeps shards: the bits of one that does not, and what travels. */
class ResidentShardsTest {
    private static final int ROWS = 23;
    private static final int BATCH = 7;
    private static final String DROPOUT = ", \"dropout\": 0.25";
    private static final ModelDescription MODEL = model("");

    private BackendChoice backend;

    @BeforeEach
    void open() {
        EnginePool.clear();
        backend = new BackendChoice("cuda", Emulator.libraries().toString());
        Emulator.recover();
    }

    @AfterEach
    void close() {
        EnginePool.clear();
        Emulator.assertNoViolations();
        Emulator.recover();
    }

    private static ModelDescription model(String more) {
        return new ModelDescription(
                "{\"model\": \"perceptron\", \"layers\": [30, 8, 5], \"activation\": \"tanh\", \"loss\": \"nll\"" + more
                        + "}");
    }

    private Engine engine(DType type, Partition partition) {
        return new ProgramFactory(MODEL.recipe(), type, BATCH, ROWS, ROWS, backend).create(partition);
    }

    private static Shard shard(DType stored, boolean weighted, long seed) {
        Random random = new Random(seed);
        return new Shard(
                ROWS,
                RawArray.copyOf(stored, random.doubles(30 * ROWS).toArray()),
                RawArray.copyOf(stored, random.ints(ROWS, 0, 5).asDoubleStream().toArray()),
                weighted
                        ? random.ints(ROWS, 0, 4)
                                .asDoubleStream()
                                .map(w -> w / 3)
                                .toArray()
                        : null);
    }

    /** The same rows in new arrays, which a device has not seen. */
    private static Shard copy(Shard shard) {
        double[] weights = shard.weights();
        return new Shard(
                ROWS,
                RawArray.copyOf(shard.features().type(), shard.features().toDoubles()),
                RawArray.copyOf(shard.targets().type(), shard.targets().toDoubles()),
                weights == null ? null : weights.clone());
    }

    private static double[] numbers(LossSum sum) {
        return new double[] {sum.samples(), sum.loss(), sum.correct()};
    }

    /** Everything that an engine computes over some rows. */
    private static double[] all(Engine engine, Partition partition, Shard shard, int[] rows, Point<RawArray> point) {
        List<double[]> parts = new ArrayList<>();
        parts.add(numbers(engine.evaluate(new Quantity.Loss(), shard, rows, point)));
        GradientSum gradient = engine.evaluate(new Quantity.Gradient(), shard, rows, point);
        parts.add(numbers(gradient.loss()));
        parts.add(gradient.gradient().toDoubles());
        DerivativeSummary summary =
                engine.evaluate(new Quantity.Summary(partition, Curvature.HESSIAN), shard, rows, point);
        parts.add(summary.g());
        parts.add(summary.order3());
        parts.addAll(Arrays.asList(summary.h()));
        parts.add(engine.evaluate(new Quantity.HessianVector(), shard, rows, point)
                .product()
                .toDoubles());
        KroneckerFactors factors = engine.evaluate(new Quantity.Factors(true), shard, rows, point);
        parts.add(factors.a(0).toDoubles());
        parts.add(factors.s(1).toDoubles());
        parts.add(engine.evaluate(new Quantity.Outputs(), shard, rows, point)
                .values()
                .toDoubles());
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private static int[] shuffled(long seed, int count) {
        List<Integer> rows = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
        Collections.shuffle(rows, new Random(seed));
        return rows.stream().limit(count).mapToInt(Integer::intValue).toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT, FLOAT, false",
        "FLOAT, DOUBLE, true",
        "DOUBLE, FLOAT, true",
        "DOUBLE, DOUBLE, false",
        "DOUBLE, DOUBLE, true"
    })
    void bitsAreThoseOfShardsThatTravel(DType type, DType stored, boolean weighted) {
        Model graph = MODEL.build(type);
        Partition partition = Partitions.parse("canonical", graph.layout());
        Random random = new Random(5);
        Point<RawArray> point = Point.along(
                RawArray.of(MODEL.initialParameters(1)),
                RawArray.of(random.doubles(graph.layout().size()).toArray()));
        Shard[] shards = {shard(stored, weighted, 1), shard(stored, weighted, 2)};
        int[] counts = {ROWS, BATCH, ROWS - 1, 3, 2 * BATCH};
        try (Engine resident = engine(type, partition);
                Engine travelling = engine(type, partition)) {
            for (int i = 0; i < counts.length; i++) {
                for (Shard shard : shards) {
                    int[] rows = shuffled(i, counts[i]);
                    double[] expected = all(travelling, partition, copy(shard), rows, point);
                    assertArrayEquals(expected, all(resident, partition, shard, rows, point), 0, "pass " + i);
                }
            }
        }
    }

    /** Bytes that a gradient over all rows, in micro-batches, sends. */
    private static long sent(Engine engine, Shard shard, int[] rows, Point<RawArray> point) {
        long before = Emulator.sent();
        engine.evaluate(new Quantity.Gradient(), shard, rows, point);
        return Emulator.sent() - before;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, false", "DOUBLE, false", "DOUBLE, true"})
    void rowNumbersAloneTravelOnceAShardIsThere(DType type, boolean weighted) {
        Shard shard = shard(DType.FLOAT, weighted, 1);
        Point<RawArray> point = Point.at(RawArray.of(MODEL.initialParameters(1)));
        int batches = (ROWS + BATCH - 1) / BATCH;
        // Which of the rows of a micro-batch are there: two tensors and, without weights, a third; for the last one and
        // the first.
        long masks = 2L * BATCH * type.bytes() * (weighted ? 2 : 3);
        try (Engine engine = engine(type, null)) {
            long rows = (long) batches * BATCH * (30 + 1 + (weighted ? 1 : 0)) * type.bytes();
            assertTrue(sent(engine, shard, shuffled(1, ROWS), point) >= rows);
            sent(engine, shard, shuffled(2, ROWS), point);
            assertEquals(masks + (long) batches * BATCH * Integer.BYTES, sent(engine, shard, shuffled(3, ROWS), point));
            int[] full = shuffled(4, 3 * BATCH);
            sent(engine, shard, full, point);
            assertEquals(3L * BATCH * Integer.BYTES, sent(engine, shard, full, point));
        }
    }

    @Test
    void dropoutIsThatOfShardsThatTravel() {
        ProgramFactory factory = new ProgramFactory(model(DROPOUT).recipe(), DType.FLOAT, BATCH, ROWS, ROWS, backend);
        Shard shard = shard(DType.FLOAT, false, 1);
        Point<RawArray> point =
                Point.at(RawArray.of(MODEL.initialParameters(1))).withSeed(7L);
        try (Engine resident = factory.create(null);
                Engine travelling = factory.create(null)) {
            for (int i = 0; i < 4; i++) {
                int[] rows = shuffled(i, ROWS);
                RawArray expected = travelling
                        .evaluate(new Quantity.Gradient(), copy(shard), rows, point)
                        .gradient();
                RawArray found = resident.evaluate(new Quantity.Gradient(), shard, rows, point)
                        .gradient();
                assertArrayEquals(expected.toDoubles(), found.toDoubles(), 0);
            }
        }
    }

    @Test
    void aShardMakesRoomForAnEngine() {
        Shard shard = shard(DType.DOUBLE, false, 1);
        Point<RawArray> point = Point.at(RawArray.of(MODEL.initialParameters(1)));
        int[] rows = shuffled(1, ROWS);
        long before = Emulator.held().get(0);
        try (Engine first = engine(DType.DOUBLE, null)) {
            double[] expected = first.evaluate(new Quantity.Gradient(), shard, rows, point)
                    .gradient()
                    .toDoubles();
            long engine = Emulator.held().get(0);
            sent(first, shard, rows, point);
            long shards = Emulator.held().get(0) - engine;
            assertTrue(shards >= 8L * 30 * ROWS);
            try (Engine second = engine(DType.DOUBLE, null)) {
                Emulator.capacity(2 * engine - before + 100);
                assertArrayEquals(
                        expected,
                        second.evaluate(new Quantity.Gradient(), shard, rows, point)
                                .gradient()
                                .toDoubles(),
                        0);
            }
        }
    }
}

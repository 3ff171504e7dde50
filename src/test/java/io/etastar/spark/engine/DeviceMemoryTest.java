package io.etastar.spark.engine;

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
import io.etastar.quantity.Curvature;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.spark.SparkTestSession;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.DType;
import io.etastar.tensor.DeviceFailure;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.cuda.Emulator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Engines on an emulated device that has little memory. */
class DeviceMemoryTest {
    private static final int ROWS = 20;
    private static final int[] ALL = IntStream.range(0, ROWS).toArray();
    private static final ModelDescription MODEL = new ModelDescription(
            "{\"model\": \"perceptron\", \"layers\": [30, 40, 5], \"activation\": \"tanh\", \"loss\": \"nll\"}");
    private static final Point<RawArray> POINT = Point.at(RawArray.of(MODEL.initialParameters(1)));
    private static final Shard SHARD = new Shard(
            ROWS,
            RawArray.of(new Random(2).doubles(30 * ROWS).toArray()),
            RawArray.of(new Random(3).ints(ROWS, 0, 5).asDoubleStream().toArray()));

    private BackendChoice backend;

    @BeforeEach
    void open() {
        EnginePool.clear();
        backend = new BackendChoice("cuda", Emulator.libraries().toString());
        Emulator.recover();
    }

    @AfterEach
    void close() {
        Emulator.recover();
        EnginePool.clear();
    }

    private EngineFactory factory(int microBatch) {
        return new ProgramFactory(MODEL.recipe(), DType.DOUBLE, microBatch, ROWS, ROWS, backend);
    }

    private static double[] gradient(Engine engine) {
        return engine.evaluate(new Quantity.Gradient(), SHARD, ALL, POINT)
                .gradient()
                .toDoubles();
    }

    /** An engine that has worked, and is idle. */
    private double[] use(EngineFactory factory) {
        Engine engine = EnginePool.borrow(factory, null);
        double[] gradient = gradient(engine);
        EnginePool.giveBack(factory, null, engine);
        return gradient;
    }

    @Test
    void arraysOnADeviceAreNotTheHosts() {
        EngineFactory cpu = new ProgramFactory(MODEL.recipe(), DType.DOUBLE, 1000, ROWS, ROWS);
        EngineFactory cuda = factory(1000);
        long parameters = 8L * (31 * 40 + 41 * 5);
        assertEquals(parameters, cuda.bytes(null));
        assertEquals(cpu.bytes(null), cuda.deviceBytes(null) - backend.backend().bytesOfKernels());
        assertTrue(backend.backend().bytesOfKernels() > 0);
        assertTrue(cpu.bytes(null) > 1000 * 8 * (40 + 5));
        assertEquals(0, cpu.deviceBytes(null));
    }

    @Test
    void whatADeviceHoldsIsNoLessThanWasSaid() {
        EngineFactory factory = factory(20);
        long nothing = Emulator.held().get(0);
        use(factory);
        assertTrue(Emulator.held().get(0) - nothing >= factory.deviceBytes(null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            800 | -
            799 | memory is tight: gpu: x: found 799m free for the engines of 4 tasks at once, expected 400m or more
            400 | memory is tight: gpu: x: found 400m free for the engines of 4 tasks at once, expected 400m or more
            399 | gpu: x: found 399m free for the engines of 4 tasks at once, expected 400m or more, or fewer tasks a device\
             (3 would fit: spark.task.resource.gpu.amount, or local[3]), or a smaller training.micro_batch
            99  | gpu: x: found 99m free for the engines of 4 tasks at once, expected 400m or more,\
             or a smaller training.micro_batch, or no other program on the device
            """)
    void whatIsFreeIsSharedByTheTasksOfADevice(int free, String expected) {
        DeviceMemory.Need need = new DeviceMemory.Need(100L << 20, 4);
        assertEquals(expected, need.problem("gpu: x: ", (long) free << 20));
    }

    @Test
    void memoryOfIdleEnginesCountsAsFree() {
        try (SparkTestSession session = SparkTestSession.open("local[2]")) {
            long nothing = Emulator.held().get(0);
            use(factory(3));
            long one = Emulator.held().get(0) - nothing;
            Emulator.capacity(nothing + one + 1000);
            DeviceMemory.check(session.context(), backend, one / 2, 2);
            assertEquals(nothing, Emulator.held().get(0));
            String line = assertThrows(UserError.class, () -> DeviceMemory.check(session.context(), backend, one, 2))
                    .getMessage();
            assertTrue(line.startsWith("gpu: executor driver: device 0: found "), line);
            assertTrue(line.contains(" free for the engines of 2 tasks at once, expected "), line);
            assertTrue(line.contains("(1 would fit: "), line);
            DeviceMemory.check(session.context(), backend, one, 1);
            DeviceMemory.check(session.context(), BackendChoice.INSTALLED, Long.MAX_VALUE / 4, 2);
        }
        Emulator.assertNoViolations();
    }

    /** Passes for gradients and for summaries come one after the other. */
    @Test
    void enginesThatAreNotUsedTogetherNeedNotFitTogether() {
        Model graph = MODEL.build(DType.DOUBLE);
        Partition partition = Partitions.parse("canonical", graph.layout());
        ProgramFactory factory = new ProgramFactory(MODEL.recipe(), DType.DOUBLE, 3, ROWS, ROWS, backend);
        Quantity.Summary summary = new Quantity.Summary(partition, Curvature.HESSIAN);
        Point<RawArray> along = Point.along(
                POINT.theta(),
                RawArray.of(new Random(4).doubles(graph.layout().size()).toArray()));
        long nothing = Emulator.held().get(0);
        Engine first = EnginePool.borrow(factory, partition);
        double[] expected = first.evaluate(summary, SHARD, ALL, along).g();
        long larger = Emulator.held().get(0) - nothing;
        first.close();
        EnginePool.clear();
        Emulator.capacity(nothing + larger);
        assertTrue(factory.deviceBytes(null) + factory.deviceBytes(partition) > larger);
        try (SparkTestSession session = SparkTestSession.open("local[1]")) {
            DeviceMemory.check(session.context(), factory, partition, 1);
        }
        use(factory);
        Engine second = EnginePool.borrow(factory, partition);
        assertArrayEquals(expected, second.evaluate(summary, SHARD, ALL, along).g(), 0);
        second.close();
        Emulator.assertNoViolations();
    }

    @Test
    void aLostDeviceIsToldBeforeTheFirstPass() {
        try (SparkTestSession session = SparkTestSession.open("local[1]")) {
            Emulator.fail("cuMemGetInfo", 999, 0);
            String line = assertThrows(UserError.class, () -> DeviceMemory.check(session.context(), backend, 1, 1))
                    .getMessage();
            assertTrue(
                    line.startsWith("gpu: executor driver: found device 0: cuMemGetInfo for its free memory: 999 "),
                    line);
        }
    }

    @Test
    void idleEnginesMakeRoomForAnother() {
        long nothing = Emulator.held().get(0);
        double[] expected = use(factory(3));
        long one = Emulator.held().get(0) - nothing;
        use(factory(4));
        Emulator.capacity(nothing + 2 * one + one / 2);
        double[] found = use(factory(5));
        assertArrayEquals(expected, found, 1e-14);
        assertTrue(Emulator.held().get(0) - nothing < 2 * one, "idle engines are closed");
        Emulator.assertNoViolations();
    }

    @Test
    void anEngineThatDoesNotFitHoldsNothing() {
        List<Long> nothing = Emulator.held();
        use(factory(3));
        long one = Emulator.held().get(0) - nothing.get(0);
        Emulator.capacity(nothing.get(0) + one / 2);
        EngineFactory factory = factory(4);
        Engine engine = EnginePool.borrow(factory, null);
        DeviceFailure failure = assertThrows(DeviceFailure.class, () -> gradient(engine));
        assertTrue(failure.outOfMemory());
        engine.close();
        assertEquals(nothing, Emulator.held());
        Emulator.assertNoViolations();
    }

    @Test
    void enginesInUseAndOtherFailuresCloseNothing() {
        EngineFactory idle = factory(3);
        use(idle);
        List<Long> held = Emulator.held();
        Emulator.fail("cuMemAlloc", 1, 2);
        Engine engine = EnginePool.borrow(factory(4), null);
        assertThrows(DeviceFailure.class, () -> gradient(engine));
        engine.close();
        assertEquals(held, Emulator.held());
        Engine used = EnginePool.borrow(idle, null);
        Emulator.capacity(held.get(0) + 1);
        Engine another = EnginePool.borrow(factory(4), null);
        assertThrows(DeviceFailure.class, () -> gradient(another));
        assertEquals(held, Emulator.held());
        used.close();
        another.close();
        Emulator.assertNoViolations();
    }
}

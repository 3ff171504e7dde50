package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which arrays a device keeps, when copies go, and that nobody sees a difference. */
class ArrayCacheTest {
    private static final int ROWS = 6;
    private static final int WIDTH = 1000;
    private static final int[] FIRST = {4, 0, 2};
    private static final int[] SECOND = {1, 5, 3};
    private static final long NUMBERS = 2L * FIRST.length * Integer.BYTES;

    private final List<Kernels> open = new ArrayList<>();

    @BeforeEach
    void empty() {
        Emulator.recover();
        Emulator.devices();
        Cuda.freeCopies();
    }

    @AfterEach
    void close() {
        open.forEach(Kernels::close);
        Cuda.freeCopies();
        Emulator.assertNoViolations();
        Emulator.recover();
    }

    private static RawArray array(DType type) {
        return RawArray.copyOf(type, new Random(1).doubles(ROWS * WIDTH).toArray());
    }

    private Tensor target(int device, DType type) {
        Kernels kernels = new CudaKernels(Emulator.devices().get(device), type);
        open.add(kernels);
        return kernels.allocate(FIRST.length, WIDTH);
    }

    private Tensor target() {
        return target(0, DType.DOUBLE);
    }

    private static void check(Tensor target, RawArray source, DType type, int... rows) {
        target.writeRows(source, rows, WIDTH);
        double[] expected = new double[rows.length * WIDTH];
        for (int i = 0; i < expected.length; i++) {
            double value = source.get(rows[i / WIDTH] * WIDTH + i % WIDTH);
            expected[i] = type == DType.FLOAT ? (float) value : value;
        }
        assertArrayEquals(expected, target.toDoubles(), 0);
    }

    /** All rows once, in two parts; the bytes that travelled. */
    private static long pass(Tensor target, RawArray source) {
        return pass(target, source, DType.DOUBLE);
    }

    private static long pass(Tensor target, RawArray source, DType type) {
        long before = Emulator.sent();
        check(target, source, type, FIRST);
        check(target, source, type, SECOND);
        return Emulator.sent() - before;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, FLOAT", "FLOAT, DOUBLE", "DOUBLE, FLOAT", "DOUBLE, DOUBLE"})
    void anArrayThatIsReadAgainTravelsOnce(DType type, DType stored) {
        Tensor target = target(0, type);
        RawArray source = array(stored);
        long all = (long) source.length() * type.bytes();
        assertEquals(all, pass(target, source, type), "rows");
        assertEquals(all + NUMBERS, pass(target, source, type), "the copy");
        assertEquals(NUMBERS, pass(target, source, type));
        RawArray same = stored == DType.FLOAT ? RawArray.of(source.floats()) : RawArray.of(source.doubles());
        assertEquals(NUMBERS, pass(target, same, type), "another wrapper of the array");
        Tensor other = target(0, type);
        assertEquals(NUMBERS, pass(other, source, type), "another program");
    }

    @Test
    void numbersThatTheDeviceHasAreNotSentAgain() {
        Tensor target = target();
        RawArray source = array(DType.FLOAT);
        pass(target, source);
        check(target, source, DType.DOUBLE, FIRST);
        long before = Emulator.sent();
        check(target, source, DType.DOUBLE, FIRST);
        assertEquals(before, Emulator.sent());
    }

    @Test
    void arraysThatAreReadOnceTakeNoMemory() {
        Tensor target = target();
        pass(target, array(DType.FLOAT));
        List<Long> before = Emulator.held();
        for (int i = 0; i < 20; i++) {
            pass(target, array(DType.FLOAT));
        }
        assertEquals(before, Emulator.held());
    }

    @Test
    void copiesGoWithTheirArrays() throws InterruptedException {
        Tensor target = target();
        RawArray kept = array(DType.DOUBLE);
        pass(target, kept);
        pass(target, kept);
        long before = Emulator.held().get(0);
        ReferenceQueue<Object> gone = new ReferenceQueue<>();
        Reference<?> passing = twice(target, gone);
        assertTrue(Emulator.held().get(0) > before);
        Reference<?> found = null;
        for (int i = 0; i < 100 && found == null; i++) {
            System.gc();
            found = gone.remove(100);
        }
        assertSame(passing, found);
        // All references to an array are cleared at once, but come into their queues one after the other.
        for (int i = 0; i < 10_000 && Emulator.held().get(0) > before; i++) {
            pass(target, kept);
        }
        assertEquals(before, Emulator.held().get(0));
    }

    /** A reference to an array that has a copy, and that nobody else refers to. */
    private static Reference<?> twice(Tensor target, ReferenceQueue<Object> gone) {
        RawArray passing = array(DType.DOUBLE);
        pass(target, passing);
        pass(target, passing);
        return new WeakReference<Object>(passing.doubles(), gone);
    }

    @Test
    void copiesMakeRoomForProgramsThoseUsedLeastLatelyFirst() {
        Tensor target = target();
        RawArray old = array(DType.DOUBLE);
        RawArray recent = array(DType.DOUBLE);
        for (RawArray source : List.of(old, old, recent, recent)) {
            pass(target, source);
        }
        long free = 10_000;
        Emulator.capacity(Emulator.held().get(0) + free);
        open.get(0).allocate((int) (free + 30_000) / Double.BYTES);
        assertEquals(NUMBERS, pass(target, recent));
        assertTrue(pass(target, old) > NUMBERS);
        open.get(0).allocate((ROWS * WIDTH) - 3000);
        assertTrue(pass(target, recent) > NUMBERS);
        assertThrows(CudaException.class, () -> open.get(0).allocate(ROWS * WIDTH));
    }

    /** A copy takes as long to be made as its array to travel; a program that lacks its memory meanwhile waits for it. */
    @Test
    void aCopyThatIsBeingMadeMakesRoomOnceItIsThere() throws Exception {
        target();
        RawArray large = RawArray.of(new double[8 << 20]);
        long all = (long) large.length() * Double.BYTES;
        CudaDevice device = Emulator.devices().get(0);
        long before = Emulator.held().get(0);
        Emulator.capacity(before + 2 * all + (1 << 20));
        try (CudaQueue queue = new CudaQueue(device)) {
            assertFalse(device.cache().has(large, DType.DOUBLE, large.length(), queue));
            FutureTask<Boolean> copied =
                    new FutureTask<>(() -> device.cache().has(large, DType.DOUBLE, large.length(), queue));
            new Thread(copied).start();
            while (Emulator.held().get(0) < before + all && !copied.isDone()) {
                Thread.onSpinWait();
            }
            open.get(0).allocate(large.length() / 2 * 3);
            assertTrue(copied.get());
            assertEquals(before + all / 2 * 3, Emulator.held().get(0));
        }
    }

    @Test
    void whatIsMoreThanAShareIsSent() {
        Tensor target = target();
        RawArray source = array(DType.DOUBLE);
        long all = (long) source.length() * Double.BYTES;
        Emulator.capacity(Emulator.held().get(0) + 2 * all - 1);
        for (int i = 0; i < 5; i++) {
            assertEquals(all, pass(target, source));
        }
        Emulator.capacity(Emulator.held().get(0) + 2 * all);
        pass(target, source);
        pass(target, source);
        assertEquals(NUMBERS, pass(target, source));
    }

    /** Where two are read by turns and there is room for one, one stays; one that nobody reads any more goes. */
    @Test
    void anArrayTakesTheMemoryOfOneThatIsNoLongerRead() {
        Tensor target = target();
        RawArray first = array(DType.DOUBLE);
        RawArray second = array(DType.DOUBLE);
        long all = (long) first.length() * Double.BYTES;
        Emulator.capacity(Emulator.held().get(0) + 3 * all);
        pass(target, first);
        pass(target, first);
        for (int i = 0; i < 4; i++) {
            assertEquals(NUMBERS, pass(target, first));
            assertEquals(all, pass(target, second));
        }
        pass(target, second);
        pass(target, second);
        assertEquals(NUMBERS, pass(target, second));
        assertEquals(all, pass(target, first));
    }

    @ParameterizedTest
    @CsvSource({"cuMemAlloc, 0", "cuMemAlloc, 1"})
    void withoutMemoryRowsAreSent(String call, int after) {
        Tensor target = target();
        RawArray source = array(DType.DOUBLE);
        pass(target, source);
        Emulator.fail(call, 2, after);
        pass(target, source);
        pass(target, source);
        pass(target, source);
        assertEquals(NUMBERS, pass(target, source));
    }

    @Test
    void aDeviceThatFailsWhileACopyIsMadeHoldsNothingOfIt() {
        Tensor target = target();
        RawArray source = array(DType.DOUBLE);
        pass(target, source);
        List<Long> before = Emulator.held();
        Emulator.fail("cuMemcpyHtoDAsync", 1, 0);
        assertThrows(CudaException.class, () -> pass(target, source));
        assertEquals(before, Emulator.held());
        pass(target, source);
        pass(target, source);
        assertEquals(NUMBERS, pass(target, source));
    }

    @Test
    void devicesHaveCopiesOfTheirOwn() {
        Tensor here = target(0, DType.DOUBLE);
        Tensor there = target(1, DType.DOUBLE);
        RawArray source = array(DType.DOUBLE);
        pass(here, source);
        pass(here, source);
        assertEquals(NUMBERS, pass(here, source));
        assertTrue(pass(there, source) > NUMBERS);
    }

    @Test
    void aRowThatIsNotThereIsNoAccessOutsideTheCopy() {
        Tensor target = target();
        RawArray source = array(DType.DOUBLE);
        pass(target, source);
        pass(target, source);
        assertThrows(IndexOutOfBoundsException.class, () -> target.writeRows(source, new int[] {0, ROWS, 1}, WIDTH));
        assertThrows(IndexOutOfBoundsException.class, () -> target.writeRows(source, new int[] {0, -1, 1}, WIDTH));
    }

    @Test
    void clearingFreesAllCopies() {
        Tensor target = target();
        List<Long> before = Emulator.held();
        RawArray source = array(DType.DOUBLE);
        pass(target, source);
        pass(target, source);
        Cuda.freeCopies();
        assertTrue(Emulator.held().get(0) - before.get(0) <= NUMBERS);
        assertTrue(pass(target, source) > NUMBERS);
    }
}

package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.etastar.tensor.DType;
import io.etastar.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The emulator finds what it is there to find: kernels and calls that are broken on purpose. */
class EmulatorTest {
    private static final int N = 128;
    private static long module;

    private CudaArena arena;
    private Tensor in;
    private Tensor out;

    @BeforeEach
    void open() {
        CudaDevice device = Emulator.devices().get(0);
        arena = new CudaArena(device, DType.DOUBLE);
        in = arena.tensor(N, N);
        out = arena.tensor(N, N);
        in.write(0, IntStream.range(0, N).mapToDouble(i -> 1 / (i + 3.0)).toArray(), N);
        if (module == 0) {
            module = load(broken());
        }
    }

    @AfterEach
    void close() {
        Emulator.control().emulatorViolations();
        arena.close();
        Emulator.assertNoViolations();
    }

    private static String broken() {
        try {
            return Files.readString(Path.of("src/test/cuda/broken.cu"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long load(String source) {
        byte[] code = new Compiler("12", 80).compile("broken.cu", source, List.of());
        long[] loaded = new long[1];
        CudaLibrary.DRIVER.check(LibCuda.cuModuleLoadData(loaded, code), "cuModuleLoadData", "broken.cu");
        return loaded[0];
    }

    private void launch(String name, int blocks, int threads, Object... arguments) {
        launch(module, name, blocks, threads, arguments);
    }

    private void launch(long module, String name, int blocks, int threads, Object... arguments) {
        long[] handle = new long[1];
        CudaLibrary.DRIVER.check(LibCuda.cuModuleGetFunction(handle, module, name), "cuModuleGetFunction", name);
        new Launch(arena.queue(), new Modules.Function(name, handle[0]), blocks, 1, threads, "a test", arguments).run();
    }

    private String violations() {
        return Emulator.control().emulatorViolations();
    }

    @Test
    void aRightKernelPasses() {
        launch("reversed", 1, N, in, out);
        double[] expected =
                IntStream.range(0, N).mapToDouble(i -> 1 / (N + 2.0 - i)).toArray();
        assertArrayEquals(expected, out.toDoubles());
        assertEquals("", violations());
    }

    @ParameterizedTest
    @CsvSource({
        "reversedWithoutBarrier, threads in another order give other bits",
        "barrierOfSome, threads do not reach",
        "writesOneTooFar, wrote outside an allocation of 1024 bytes",
        "writesBeforeTheStart, wrote outside an allocation of 1024 bytes",
        "sumInOrderOfArrival, threads in another order give other bits"
    })
    void mistakesOfKernelsAreFound(String kernel, String expected) {
        launch(kernel, 1, N, in, out);
        arena.queue().synchronise();
        String found = violations();
        assertTrue(found.contains(expected), kernel + ": " + found);
    }

    @Test
    void blocksThatReadEachOthersResultsAreFound() {
        launch("neighbourOfAnotherBlock", N, 1, in);
        arena.queue().synchronise();
        assertTrue(violations().contains("threads in another order give other bits"));
    }

    @Test
    void readsFarOutsideAnAllocationAreFoundWhateverBecomesOfThem() {
        launch("readsFarPastTheEnd", 1, N, in, out);
        assertThrows(CudaException.class, arena.queue()::synchronise);
        String found = violations();
        assertTrue(found.contains("an access to an address that is nobody's"), found);
    }

    @Test
    void readsOutsideAnAllocationAndOfFreshMemoryAreNotNumbers() {
        launch("readsOneTooFar", 1, N, in, out);
        assertTrue(Double.isNaN(out.get(N - 1)));
        launch("sharedNotSet", 1, N, out);
        assertTrue(Arrays.stream(out.toDoubles()).allMatch(Double::isNaN));
    }

    @ParameterizedTest
    @CsvSource({"indexOutsideShared, 716", "misaligned, 716", "nobodysAddress, 700"})
    void faultsComeBackWhenTheHostWaits(String kernel, int code) {
        launch(kernel, 1, N, kernel.equals("nobodysAddress") ? new Object[] {out} : new Object[] {in, out});
        CudaException found =
                assertThrows(CudaException.class, () -> arena.queue().synchronise());
        assertEquals(code, found.code());
        assertTrue(found.getMessage().contains(kernel + ", a test"), found.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "1, 1025"})
    void launchesOutsideTheLimitsAreRefused(int blocks, int threads) {
        assertThrows(CudaException.class, () -> launch("reversed", blocks, threads, in, out));
    }

    @Test
    void tooMuchSharedMemoryIsRefused() {
        String kernel = "extern \"C\" __global__ void large(double *out) { __shared__ double part[6145];"
                + " part[threadIdx.x] = 0; out[threadIdx.x] = part[threadIdx.x]; }";
        long large = load(kernel);
        assertThrows(CudaException.class, () -> launch(large, "large", 1, N, out));
    }

    @Test
    void theHostReadsStaleNumbersUntilItWaits() {
        Memory host = new Memory((long) N * Double.BYTES);
        host.setDouble(0, 5);
        long stream = arena.queue().stream();
        launch("reversed", 1, N, in, out);
        int code =
                LibCuda.cuMemcpyDtoHAsync_v2(Pointer.nativeValue(host), CudaMemory.address(out), host.size(), stream);
        assertEquals(0, code);
        assertEquals(5, host.getDouble(0), "before the host waits");
        arena.queue().synchronise();
        assertEquals(1 / (N + 2.0), host.getDouble(0));
    }

    @Test
    void codesThatNobodyAsksAboutAreFound() {
        LibCuda.cuMemAlloc_v2(new long[1], 0);
        assertTrue(violations().contains("cuMemAlloc returned 1, which nobody asked about"));
    }

    /** Tasks of one executor are threads of one process. */
    @Test
    void programsOfSeveralThreadsOpenAndCloseAtOnce() throws InterruptedException {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(EmulatorTest::openAndCloseProducts))
                .toList();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    private static void openAndCloseProducts() {
        CudaDevice device = Emulator.devices().get(0);
        CudaQueue queue = new CudaQueue(device);
        long workspace = device.allocate(CudaArena.WORKSPACE);
        for (int i = 0; i < 5000; i++) {
            new Products(queue, DType.DOUBLE, workspace, CudaArena.WORKSPACE).close();
        }
        device.free(workspace, "a test");
        queue.close();
    }
}

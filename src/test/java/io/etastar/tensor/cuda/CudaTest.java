package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries are found, failures of calls are told, compiled kernels are kept. */
class CudaTest {
    /** They would make room for what is to find none. */
    @BeforeEach
    void withoutCopiesOfArrays() {
        Emulator.recover();
        Cuda.freeCopies();
    }

    @Test
    void librariesOfTheDriversMajorVersionComeFirst() {
        assertEquals(List.of(".13", ".12", ".11"), Cuda.suffixes(13, false));
        assertEquals(List.of(".12", ".11.2", ".11.1", ".11.0"), Cuda.suffixes(12, true));
        assertEquals(List.of(".11"), Cuda.suffixes(11, false));
    }

    @Test
    void wheelsOfAPythonEnvironmentAreLookedInto(@TempDir Path folder) throws IOException {
        Path wheel = folder.resolve("lib/python3.12/site-packages/nvidia/cublas/lib");
        Files.createDirectories(wheel);
        for (Map<String, String> environment : List.of(
                Map.of("VIRTUAL_ENV", folder.toString()),
                Map.of("CONDA_PREFIX", folder.toString()),
                Map.of("PYSPARK_PYTHON", folder.resolve("bin/python").toString()))) {
            List<String> candidates = new LibraryPath(null, environment).candidates("cublas", List.of(".12"));
            assertEquals("libcublas.so.12", candidates.get(0));
            assertTrue(candidates.contains(wheel.resolve("libcublas.so.12").toString()), candidates.toString());
        }
    }

    @Test
    void aNamedFolderIsTheOnlyOne(@TempDir Path folder) {
        List<String> candidates = new LibraryPath(folder, Map.of()).candidates("cuda", List.of(".1"));
        assertEquals(List.of(folder.resolve("libcuda.so.1").toString()), candidates);
    }

    @Test
    void everyNameTriedStandsInTheError(@TempDir Path folder) {
        LibraryPath path = new LibraryPath(folder, Map.of());
        String message = assertThrows(
                        io.etastar.UserError.class,
                        () -> Cuda.bind(Unbound.class, "cublas", List.of(".13", ".12"), path))
                .getMessage();
        assertTrue(message.contains(folder.resolve("libcublas.so.13").toString()), message);
        assertTrue(message.contains(folder.resolve("libcublas.so.12").toString()), message);
    }

    @Test
    void whatIsWrongWithALibraryThatIsThereIsTold(@TempDir Path folder) throws IOException {
        Path spoilt = Files.writeString(folder.resolve("libcublas.so.13"), "no library");
        LibraryPath path = new LibraryPath(folder, Map.of());
        String message = assertThrows(
                        io.etastar.UserError.class,
                        () -> Cuda.bind(Unbound.class, "cublas", List.of(".13", ".12"), path))
                .getMessage();
        String reason = " \\(" + spoilt + ": [^,()]+\\)";
        assertTrue(
                message.matches("engine.backend cuda: found no library cublas; tried " + spoilt + reason + ", "
                        + folder.resolve("libcublas.so.12") + ", expected one of these files"),
                message);
    }

    /** Functions of a library that is not there. */
    private static final class Unbound {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cuMemAlloc",
                "cuMemHostAlloc",
                "cuMemcpyHtoDAsync",
                "cuMemcpyDtoHAsync",
                "cuMemcpyDtoDAsync",
                "cuMemsetD8Async",
                "cuLaunchKernel",
                "cuStreamSynchronize",
                "cuModuleGetFunction",
                "cuStreamCreate",
                "cuMemFreeHost",
                "cuMemFree",
                "cuStreamDestroy"
            })
    void failuresNameTheCallAndTheCode(String call) {
        CudaDevice device = Emulator.devices().get(0);
        Emulator.control().emulatorInject(call, 2, 0);
        CudaException found = assertThrows(CudaException.class, () -> {
            Kernels kernels = new CudaKernels(device, DType.DOUBLE);
            Tensor tensor = kernels.allocate(3);
            kernels.fill(tensor, 2).run();
            kernels.copy(tensor, kernels.allocate(3)).run();
            tensor.write(0, new double[] {1, 2, 3}, 3);
            tensor.get(0);
            kernels.close();
        });
        assertTrue(found.getMessage().startsWith("device 0: " + call + " for "), found.getMessage());
        assertTrue(found.getMessage().contains("2 CUDA_ERROR_OUT_OF_MEMORY"), found.getMessage());
        assertEquals(!call.equals("cuMemHostAlloc"), found.outOfMemory());
        Emulator.assertNoViolations();
    }

    @Test
    void codesAreThoseOfTheirLibrary() {
        CudaDevice device = Emulator.devices().get(0);
        Emulator.fail("cublasCreate", 3, 0);
        CudaException blas = assertThrows(CudaException.class, () -> new CudaKernels(device, DType.FLOAT));
        assertEquals("device 0: cublasCreate for a program: 3 CUBLAS_STATUS_ALLOC_FAILED", blas.getMessage());
        assertTrue(blas.outOfMemory());
        assertEquals("unknown", CudaLibrary.BLAS.name(99));
        assertEquals("unknown", CudaLibrary.BLAS.name(-1));
        assertEquals("unknown", CudaLibrary.DRIVER.name(12345));
        assertFalse(CudaLibrary.BLAS.outOfMemory(2));
        assertFalse(CudaLibrary.COMPILER.outOfMemory(2));
        assertTrue(CudaLibrary.DRIVER.outOfMemory(2));
        Emulator.recover();
    }

    @ParameterizedTest
    @CsvSource({
        "DRIVER, 2, training.micro_batch",
        "DRIVER, 700, report",
        "DRIVER, 999, nvidia-smi",
        "DRIVER, 214, --resume",
        "DRIVER, 222, engine.cuda_libraries",
        "HOST_MEMORY, 2, ulimit",
        "HOST_MEMORY, 700, report",
        "BLAS, 3, training.micro_batch",
        "BLAS, 13, --resume",
        "COMPILER, 5, architecture",
        "COMPILER, 7, libnvrtc-builtins"
    })
    void everyCodeHasARemedy(CudaLibrary library, int code, String words) {
        assertTrue(library.remedy(code).contains(words), library.remedy(code));
    }

    @Test
    void whatComesAfterAFaultNamesTheFault() {
        CudaDevice device = Emulator.devices().get(0);
        Kernels kernels = new CudaKernels(device, DType.DOUBLE);
        Tensor tensor = kernels.allocate(3);
        Emulator.fail("cuStreamSynchronize", 719, 0);
        assertThrows(CudaException.class, tensor::toDoubles);
        CudaException later = assertThrows(CudaException.class, () -> kernels.allocate(3));
        assertTrue(
                later.getMessage()
                        .matches("device 0: cuStreamSynchronize for .*: 719 CUDA_ERROR_LAUNCH_FAILED .*, and so"
                                + " device 0: cuMemAlloc for 24 bytes: 719 CUDA_ERROR_LAUNCH_FAILED .*"),
                later.getMessage());
        Emulator.recover();
        assertArrayEquals(new double[3], tensor.toDoubles());
        kernels.close();
        Emulator.assertNoViolations();
    }

    @ParameterizedTest
    @CsvSource({"cuStreamCreate, 2", "cuMemAlloc, 2", "cublasCreate, 3", "cublasSetStream, 14", "cublasSetMathMode, 14"
    })
    void kernelsThatCannotBeMadeHoldNothing(String call, int code) {
        CudaDevice device = Emulator.devices().get(0);
        List<Long> before = Emulator.held();
        Emulator.fail(call, code, 0);
        CudaException failure = assertThrows(CudaException.class, () -> new CudaKernels(device, DType.FLOAT));
        assertEquals(code, failure.code());
        assertEquals(before, Emulator.held());
        Emulator.assertNoViolations();
    }

    @ParameterizedTest
    @CsvSource({
        "cuStreamSynchronize, 1, 0",
        "cuMemFree, 1, 1",
        "cuMemFreeHost, 1, 0",
        "cuStreamDestroy, 1, 0",
        "cublasDestroy, 14, 0"
    })
    void closingGoesOnAfterAFailure(String call, int code, int lost) {
        CudaDevice device = Emulator.devices().get(0);
        List<Long> before = Emulator.held();
        CudaKernels kernels = new CudaKernels(device, DType.FLOAT);
        kernels.allocate(1000).write(0, new double[1000], 1000);
        kernels.synchronise();
        Emulator.fail(call, code, lost);
        CudaException failure = assertThrows(CudaException.class, kernels::close);
        assertTrue(failure.getMessage().startsWith("device 0: " + call), failure.getMessage());
        List<Long> after = Emulator.held();
        List<String> resources = List.of("cuMemFree", "cuStreamDestroy", "cuMemFreeHost", "cublasDestroy");
        for (int i = 0; i < after.size(); i++) {
            if (resources.get(i).equals(call)) {
                assertEquals(i == 0 ? 4000 : 1, after.get(i) - before.get(i), call);
            } else {
                assertEquals(before.get(i), after.get(i), resources.get(i) + " after a failure of " + call);
            }
        }
        Emulator.assertNoViolations();
    }

    /** Each of many buffers fails to be freed; what came first is told, and few of the others. */
    @Test
    void closingAfterAFaultDoesNotHideIt() {
        CudaDevice device = Emulator.devices().get(0);
        CudaKernels kernels = new CudaKernels(device, DType.FLOAT);
        Tensor tensor = kernels.allocate(3);
        for (int i = 0; i < 100; i++) {
            kernels.allocate(3);
        }
        Emulator.fail("cuStreamSynchronize", 700, 0);
        RuntimeException told = assertThrows(CudaException.class, () -> {
            try {
                tensor.toDoubles();
            } catch (CudaException failure) {
                throw Closing.after(failure, kernels::close);
            }
        });
        assertTrue(told.getMessage().startsWith("device 0: cuStreamSynchronize"), told.getMessage());
        assertEquals(1, told.getSuppressed().length);
        assertTrue(told.getSuppressed()[0].getSuppressed().length < 10);
        Emulator.recover();
    }

    @Test
    void memoryThatCouldNotGrowIsNoLarger() {
        CudaArena arena = new CudaArena(Emulator.devices().get(0), DType.DOUBLE);
        long small = arena.scratch(1000);
        Emulator.fail("cuMemAlloc", 2, 0);
        assertThrows(CudaException.class, () -> arena.scratch(5000));
        assertEquals(small, arena.scratch(1000));
        long before = Emulator.held().get(0);
        arena.scratch(5000);
        assertEquals(before + 5000, Emulator.held().get(0));
        arena.close();
        Emulator.assertNoViolations();
    }

    @Test
    void memoryIsGivenBack() {
        CudaDevice device = Emulator.devices().get(0);
        long free = device.freeBytes();
        Kernels kernels = new CudaKernels(device, DType.FLOAT);
        kernels.allocate(1000);
        assertTrue(device.freeBytes() < free - 4000);
        kernels.close();
        assertEquals(free, device.freeBytes());
    }

    @Test
    void programsOnTwoDevicesDoNotDisturbEachOther() {
        List<CudaDevice> devices = Emulator.devices();
        Kernels first = new CudaKernels(devices.get(0), DType.DOUBLE);
        Kernels second = new CudaKernels(devices.get(1), DType.DOUBLE);
        Tensor a = first.allocate(3);
        Tensor b = second.allocate(3);
        first.fill(a, 1).run();
        second.fill(b, 2).run();
        first.affine(a, 3, 4, a).run();
        assertArrayEquals(new double[] {7, 7, 7}, a.toDoubles());
        assertArrayEquals(new double[] {2, 2, 2}, b.toDoubles());
        first.close();
        second.close();
        Emulator.assertNoViolations();
    }

    @Test
    void compiledKernelsAreKept(@TempDir Path folder) throws IOException {
        CodeCache cache = new CodeCache(folder);
        byte[] code = {1, 2, 3};
        assertArrayEquals(code, cache.get("a", "sm_80", () -> code));
        assertArrayEquals(code, cache.get("a", "sm_80", () -> new byte[] {9}));
        assertArrayEquals(new byte[] {4}, cache.get("a", "sm_90", () -> new byte[] {4}), "another architecture");
        assertArrayEquals(new byte[] {5}, cache.get("b", "sm_80", () -> new byte[] {5}), "another source");
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                byte[] all = Files.readAllBytes(file);
                all[0] ^= 1;
                Files.write(file, all);
            }
        }
        assertArrayEquals(new byte[] {6}, cache.get("a", "sm_80", () -> new byte[] {6}), "a file that was spoilt");
    }

    @Test
    void kernelsThatCannotBeKeptLeaveNothingBehind(@TempDir Path folder) throws IOException {
        CodeCache cache = new CodeCache(folder);
        byte[] code = {1, 2, 3};
        cache.get("a", "sm_80", () -> code);
        Path file = onlyFile(folder);
        Files.delete(file);
        Files.createDirectories(file.resolve("inTheWay"));
        assertArrayEquals(code, cache.get("a", "sm_80", () -> code));
        assertEquals(file, onlyFile(folder));
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }

    @Test
    void sourcesThatDoNotCompileAreToldWithTheLog() {
        CudaDevice device = Emulator.devices().get(0);
        Compiler compiler = new Compiler("12", device.architecture());
        String message = assertThrows(
                        CudaException.class,
                        () -> compiler.compile("a.cu", "#line 7 \"a.cu\"\nint f() { gone(); }", List.of()))
                .getMessage();
        assertTrue(message.contains("a.cu:7") && message.contains("gone"), message);
    }
}

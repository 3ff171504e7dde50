package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries are found, failures of calls are told, compiled kernels are kept. */
class CudaTest {
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
        assertTrue(found.getMessage().startsWith(call + " for "), found.getMessage());
        assertTrue(found.getMessage().contains("2 CUDA_ERROR_OUT_OF_MEMORY"), found.getMessage());
        assertTrue(found.outOfMemory());
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

package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.etastar.UserError;
import io.etastar.taylor.function.CFunctionTest;
import io.etastar.tensor.CFunction;
import io.etastar.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** NVIDIA's own compiler takes all kernels, for every architecture from Turing to Blackwell; it needs no GPU. */
class ArchitecturesTest {
    private static final int[] ARCHITECTURES = {75, 80, 86, 89, 90, 100, 120};
    private static final Path SOURCES = Path.of("src/main/resources/io/etastar/tensor/cuda");
    private static final String NONE = "no NVRTC";
    private static final String COMPILED = "compiled ";

    /** In a process of its own: in that of the tests, the compiler is the emulator's. */
    public static void main(String... args) throws IOException {
        try {
            Cuda.bind(LibNvrtc.class, "nvrtc", Cuda.suffixes(13, true), new LibraryPath(null, System.getenv()));
        } catch (UserError e) {
            System.out.println(NONE);
            return;
        }
        int count = 0;
        for (int architecture : ARCHITECTURES) {
            for (String file : files()) {
                for (DType type : DType.values()) {
                    String before = file.equals("scalar.cu") ? ScalarKernels.inC(all()) : "";
                    String source = Modules.source("common.cuh") + before + Modules.source(file);
                    new Compiler("", architecture).compile(file, source, List.of("REAL=" + type.key()));
                    count++;
                }
            }
        }
        System.out.println(COMPILED + count);
    }

    /** Every expression of all functions that state themselves in C, one behind another. */
    private static CFunction all() {
        List<CFunction> functions =
                CFunctionTest.functions().map(f -> f.inC().orElseThrow()).toList();
        return new CFunction(
                sum(functions, CFunction::value),
                sum(functions, CFunction::first),
                sum(functions, CFunction::second),
                sum(functions, CFunction::third));
    }

    private static String sum(List<CFunction> functions, Function<CFunction, String> part) {
        return functions.stream()
                .map(part)
                .map(expression -> "(" + expression + ")")
                .collect(Collectors.joining(" + "));
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cu"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyKernelCompilesForEveryArchitecture() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ArchitecturesTest.class.getName());
        Path environment = Path.of("target/nvrtc").toAbsolutePath();
        if (Files.isDirectory(environment)) {
            builder.environment().putAll(Map.of("VIRTUAL_ENV", environment.toString()));
        }
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        Assumptions.assumeFalse(said.endsWith(NONE), NONE);
        assertEquals(COMPILED + files().size() * ARCHITECTURES.length * DType.values().length, said);
    }
}

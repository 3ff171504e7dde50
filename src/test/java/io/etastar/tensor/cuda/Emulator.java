package io.etastar.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Assumptions;

/**
 * CUDA's libraries of our own, built by g++ from {@code src/test/cuda/emulator}: kernels run on the CPU, and what a device
 * would not forgive, or not tell, is a violation.
 */
public final class Emulator {
    /** What the emulated driver has beside CUDA's functions. */
    interface Control extends Library {
        /** What was done since the last call that no device forgives, a line each. */
        String emulatorViolations();

        /** The call that comes after {@code after} others of its name returns {@code code}. */
        void emulatorInject(String call, int code, int after);

        /** Kernels used, launches, checks, bytes in use. */
        void emulatorCounts(long[] out);
    }

    private static final Path SOURCES = Path.of("src/test/cuda/emulator").toAbsolutePath();
    private static final String COMPILER = "g++ -std=c++20 -O1 -fPIC -shared -Wall -Wextra -Werror -o ";
    private static Control control;
    private static int skipped;

    private Emulator() {}

    /** The emulated devices; skips the test where there is no g++. */
    static synchronized List<CudaDevice> devices() {
        Path folder = build();
        List<CudaDevice> devices = Cuda.open(folder).devices();
        if (control == null) {
            control = Native.load(folder.resolve("libcuda.so.1").toString(), Control.class);
        }
        return devices;
    }

    static Control control() {
        devices();
        return control;
    }

    /** Fails if anything was done that no device forgives. */
    static void assertNoViolations() {
        assertEquals("", control().emulatorViolations());
    }

    /** What the tests did on emulated devices; empty if nothing. */
    public static synchronized String report() {
        if (control == null) {
            return skipped == 0 ? "" : "emulated kernels=0: " + skipped + " tests skipped, there is no g++";
        }
        long[] counts = new long[4];
        control.emulatorCounts(counts);
        return "emulated kernels=" + counts[0] + " launches=" + counts[1] + " checks=" + counts[2];
    }

    private static boolean compilerIsThere() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
    }

    /** The folder of the libraries, named by what they are built from. */
    private static Path build() {
        if (!compilerIsThere()) {
            skipped++;
            Assumptions.abort("no g++");
        }
        long hash = hash() & 0x7fffffff;
        Path folder = Path.of("target/cuda-emulator", Long.toHexString(hash)).toAbsolutePath();
        System.setProperty("etastar.cuda.cache", folder.resolve("cache").toString());
        if (!Files.exists(folder.resolve("libcublas.so.12"))) {
            folder.toFile().mkdirs();
            run(folder, COMPILER + "libcuda.so.1 " + sources("driver", "memory", "execution") + " -ldl -lpthread");
            run(
                    folder,
                    COMPILER + "libnvrtc.so.12 -DEMULATOR_HASH=" + hash + " -DEMULATOR_SOURCE=\"" + SOURCES + "\" "
                            + sources("nvrtc"));
            run(
                    folder,
                    COMPILER + "libcublas.so.12 -O3 -fassociative-math -fno-signed-zeros -fno-trapping-math "
                            + sources("cublas") + " -L. -l:libcuda.so.1 -Wl,-rpath,$ORIGIN");
        }
        return folder;
    }

    private static String sources(String... names) {
        return String.join(
                " ",
                Stream.of(names)
                        .map(name -> SOURCES.resolve(name + ".cpp").toString())
                        .toList());
    }

    private static long hash() {
        CRC32 hash = new CRC32();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.sorted().toList()) {
                hash.update(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hash.getValue();
    }

    private static void run(Path folder, String command) {
        try {
            Process process = new ProcessBuilder(new ArrayList<>(List.of(command.split(" "))))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), command + "\n" + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

        /** The call that comes after {@code after} others of its name returns {@code code}, and so do all later calls if no device recovers from it. */
        void emulatorInject(String call, int code, int after);

        /** Bytes of memory that there are from now on; 0 for the usual ones. */
        void emulatorCapacity(long bytes);

        /** Bytes, streams, blocks of pinned memory and handles of cuBLAS that are not given back. */
        void emulatorHeld(long[] out);

        /** Launches and checks. */
        void emulatorCounts(long[] out);

        /** Bytes copied from the host so far. */
        long emulatorSent();

        /** Names of the kernels used, with blanks between. */
        String emulatorKernels();

        /** Writes a launch of each kernel and precision with its memory to a file; their number. */
        int emulatorRecord(String path);
    }

    private static final Path SOURCES = Path.of("src/test/cuda/emulator").toAbsolutePath();
    private static final String LINE = "on the emulator: ";
    private static Control control;
    private static int skipped;
    private static AssertionError broken;
    /** What other processes did. */
    private static final Set<String> KERNELS = new TreeSet<>();

    private static long launches;
    private static long checks;

    private Emulator() {}

    /**
     * Whether devices are emulated. They are the machine's own where the environment says {@code ETASTAR_CUDA=device}, for
     * {@code benchmarks/gpu}: what no device forgives is then not known.
     */
    static boolean emulated() {
        return !"device".equals(System.getenv("ETASTAR_CUDA"));
    }

    /** The folder of the emulated libraries, for {@code engine.cuda_libraries}; skips the test if there is no g++. */
    public static synchronized Path libraries() {
        return build();
    }

    /** The devices; skips the test where they are emulated and there is no g++. */
    static synchronized List<CudaDevice> devices() {
        if (!emulated()) {
            return Cuda.open(null).devices();
        }
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

    /** Has the call that comes after {@code after} others of its name fail with {@code code}, in this process. */
    public static void fail(String call, int code, int after) {
        control().emulatorInject(call, code, after);
    }

    /** Makes devices hold {@code bytes} together from now on; 0 for the usual two GiB. */
    public static void capacity(long bytes) {
        control().emulatorCapacity(bytes);
    }

    /** What programs have not given back: bytes, streams, blocks of pinned memory, handles of cuBLAS. */
    public static List<Long> held() {
        long[] held = new long[4];
        control().emulatorHeld(held);
        return Arrays.stream(held).boxed().toList();
    }

    /** Bytes copied from the host so far. */
    public static long sent() {
        return control().emulatorSent();
    }

    /** Launches in this process so far. */
    public static long launches() {
        long[] counts = new long[2];
        control().emulatorCounts(counts);
        return counts[0];
    }

    /** Ends a fault that spoilt the context, and a failure that has not come. */
    public static void recover() {
        control().emulatorInject("", 0, 0);
        capacity(0);
        control().emulatorViolations();
    }

    /** Fails if anything was done that no device forgives. */
    public static void assertNoViolations() {
        assertEquals("", emulated() ? control().emulatorViolations() : "");
    }

    /** What the tests did on emulated devices, in this process and in those it {@linkplain #add added}; empty if nothing. */
    public static synchronized String report() {
        Counts all = counts();
        if (all.launches == 0) {
            return skipped == 0 ? "" : "emulated kernels=0: " + skipped + " tests skipped, there is no g++";
        }
        return "emulated kernels=" + all.kernels.size() + " launches=" + all.launches + " checks=" + all.checks;
    }

    private record Counts(Set<String> kernels, long launches, long checks) {}

    private static Counts counts() {
        Set<String> kernels = new TreeSet<>(KERNELS);
        long[] own = new long[2];
        if (control != null) {
            control.emulatorCounts(own);
            kernels.addAll(List.of(control.emulatorKernels().split(" ")));
            kernels.remove("");
        }
        return new Counts(kernels, launches + own[0], checks + own[1]);
    }

    /** What this process did, for {@link #add} in the process that started it. */
    static synchronized String line() {
        Counts own = counts();
        return LINE + own.launches + " " + own.checks + " " + String.join(" ", own.kernels);
    }

    /** Adds what a process did that said its {@link #line}; other lines count for nothing. */
    static synchronized void add(String line) {
        if (line.startsWith(LINE)) {
            String[] words = line.substring(LINE.length()).split(" ");
            launches += Long.parseLong(words[0]);
            checks += Long.parseLong(words[1]);
            KERNELS.addAll(Arrays.asList(words).subList(2, words.length));
        }
    }

    private static boolean compilerIsThere() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "g++")));
    }

    /** The folder of the libraries, named by what they are built from, unless the property {@code etastar.cuda.emulator} names one. */
    private static Path build() {
        String built = System.getProperty("etastar.cuda.emulator");
        if (built != null) {
            return Path.of(built);
        }
        if (!compilerIsThere()) {
            skipped++;
            Assumptions.abort("no g++");
        }
        long hash = hash() & 0x7fffffff;
        Path folder = Path.of("target/cuda-emulator", Long.toHexString(hash)).toAbsolutePath();
        System.setProperty("etastar.cuda.cache", folder.resolve("cache").toString());
        if (!Files.exists(folder.resolve("libcublas.so.12"))) {
            if (broken != null) {
                throw broken;
            }
            run(SOURCES.resolve("build.sh").toString(), folder.toString(), String.valueOf(hash));
        }
        return folder;
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

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                broken = new AssertionError(String.join(" ", command) + "\n" + said);
                throw broken;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

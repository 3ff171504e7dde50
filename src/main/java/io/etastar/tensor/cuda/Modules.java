package io.etastar.tensor.cuda;

import io.etastar.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernels of one device: sources are compiled, or found on disk, and loaded at their first use. */
final class Modules {
    /** A kernel on the device, by its handle. */
    record Function(String name, long handle) {}

    private static final String COMMON = "common.cuh";
    private static final Map<String, String> SOURCES = new HashMap<>();

    private final CudaDevice device;
    private final Compiler compiler;
    private final CodeCache cache = new CodeCache(folder());
    private final Map<String, Long> modules = new HashMap<>();

    Modules(CudaDevice device, Compiler compiler) {
        this.device = device;
        this.compiler = compiler;
    }

    /** Where compiled kernels are kept: the property {@code etastar.cuda.cache}, else the user's folder of caches. */
    private static Path folder() {
        String caches = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Path.of(System.getProperty("etastar.cuda.cache", caches + "/etastar/cuda"));
    }

    /**
     * A kernel of one of the files of this package.
     *
     * @param file without its ending
     * @param type what {@code real} is
     */
    Function function(String file, DType type, String name) {
        return function(file, "", type, name);
    }

    /** A kernel of one of the files of this package, behind a text that the file needs, such as functions. */
    synchronized Function function(String file, String before, DType type, String name) {
        device.makeCurrent();
        String source = source(COMMON) + before + source(file + ".cu");
        List<String> defines = List.of("REAL=" + type.key());
        long module = modules.computeIfAbsent(type + source, key -> load(file + ".cu", source, defines));
        long[] handle = new long[1];
        device.check(LibCuda.cuModuleGetFunction(handle, module, name), "cuModuleGetFunction", file + ".cu: " + name);
        return new Function(name, handle[0]);
    }

    private long load(String name, String source, List<String> defines) {
        byte[] code = cache.get(source, compiler.identity(defines), () -> compiler.compile(name, source, defines));
        long[] module = new long[1];
        device.check(LibCuda.cuModuleLoadData(module, code), "cuModuleLoadData", name);
        return module[0];
    }

    /** The text of a file of this package. */
    static synchronized String source(String file) {
        return SOURCES.computeIfAbsent(file, Modules::read);
    }

    private static String read(String file) {
        try (InputStream in = Modules.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + file);
            }
            return "#line 1 \"" + file + "\"\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

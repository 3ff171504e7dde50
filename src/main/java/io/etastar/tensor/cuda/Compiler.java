package io.etastar.tensor.cuda;

import com.sun.jna.StringArray;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Compiles CUDA C to machine code of one architecture by NVRTC; no device takes part. */
final class Compiler {
    private final String version;
    private final int architecture;

    /**
     * @param version of NVRTC
     * @param architecture ten times the compute capability
     */
    Compiler(String version, int architecture) {
        this.version = version;
        this.architecture = architecture;
    }

    /** What decides the machine code beside the source. */
    String identity(List<String> defines) {
        return "nvrtc " + version + " " + options(defines);
    }

    private List<String> options(List<String> defines) {
        List<String> options = new java.util.ArrayList<>();
        options.add("--gpu-architecture=sm_" + architecture);
        options.add("--std=c++17");
        defines.forEach(define -> options.add("--define-macro=" + define));
        return options;
    }

    /**
     * The machine code of a source.
     *
     * @param name of the source, for messages
     * @param defines macros, NAME=value each
     * @throws CudaException if it does not compile; the compiler's log is in the message
     */
    byte[] compile(String name, String source, List<String> defines) {
        long[] program = new long[1];
        CudaLibrary.COMPILER.check(
                LibNvrtc.nvrtcCreateProgram(program, source, name, 0, 0, 0), "nvrtcCreateProgram", name);
        try {
            String[] options = options(defines).toArray(String[]::new);
            int code = LibNvrtc.nvrtcCompileProgram(program[0], options.length, new StringArray(options));
            String purpose = code == 0 ? name : name + " " + List.of(options) + "\n" + log(program[0], name);
            CudaLibrary.COMPILER.check(code, "nvrtcCompileProgram", purpose);
            return code(program[0], name);
        } finally {
            LibNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static byte[] code(long program, String name) {
        long[] size = new long[1];
        CudaLibrary.COMPILER.check(LibNvrtc.nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize", name);
        byte[] cubin = new byte[Math.toIntExact(size[0])];
        CudaLibrary.COMPILER.check(LibNvrtc.nvrtcGetCUBIN(program, cubin), "nvrtcGetCUBIN", name);
        return cubin;
    }

    private static String log(long program, String name) {
        long[] size = new long[1];
        CudaLibrary.COMPILER.check(LibNvrtc.nvrtcGetProgramLogSize(program, size), "nvrtcGetProgramLogSize", name);
        byte[] log = new byte[Math.toIntExact(size[0])];
        CudaLibrary.COMPILER.check(LibNvrtc.nvrtcGetProgramLog(program, log), "nvrtcGetProgramLog", name);
        return new String(log, StandardCharsets.UTF_8).split("\0", 2)[0];
    }
}

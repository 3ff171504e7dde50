package io.etastar.tensor.cuda;

import com.sun.jna.StringArray;

/** Functions of NVRTC, the compiler of CUDA C, bound by {@link Cuda}; conventions are those of {@link LibCuda}. */
final class LibNvrtc {
    private LibNvrtc() {}

    static native int nvrtcVersion(int[] major, int[] minor);

    static native long nvrtcGetErrorString(int code);

    static native int nvrtcCreateProgram(
            long[] program, String source, String name, int headers, long headerTexts, long headerNames);

    static native int nvrtcCompileProgram(long program, int count, StringArray options);

    static native int nvrtcGetProgramLogSize(long program, long[] size);

    static native int nvrtcGetProgramLog(long program, byte[] log);

    static native int nvrtcGetCUBINSize(long program, long[] size);

    static native int nvrtcGetCUBIN(long program, byte[] cubin);

    static native int nvrtcDestroyProgram(long[] program);
}

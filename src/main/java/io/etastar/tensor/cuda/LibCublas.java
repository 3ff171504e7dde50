package io.etastar.tensor.cuda;

/** Functions of cuBLAS, bound by {@link Cuda}; conventions are those of {@link LibCuda}. Matrices are column-major. */
final class LibCublas {
    private LibCublas() {}

    static native int cublasCreate_v2(long[] handle);

    static native int cublasDestroy_v2(long handle);

    static native int cublasSetStream_v2(long handle, long stream);

    static native int cublasSetWorkspace_v2(long handle, long address, long bytes);

    static native int cublasSetAtomicsMode(long handle, int mode);

    static native int cublasSetMathMode(long handle, int mode);

    static native int cublasSgemm_v2(
            long handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            long alpha,
            long a,
            int lda,
            long b,
            int ldb,
            long beta,
            long c,
            int ldc);

    static native int cublasDgemm_v2(
            long handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            long alpha,
            long a,
            int lda,
            long b,
            int ldb,
            long beta,
            long c,
            int ldc);

    static native int cublasSgemmStridedBatched(
            long handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            long alpha,
            long a,
            int lda,
            long strideA,
            long b,
            int ldb,
            long strideB,
            long beta,
            long c,
            int ldc,
            long strideC,
            int count);

    static native int cublasDgemmStridedBatched(
            long handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            long alpha,
            long a,
            int lda,
            long strideA,
            long b,
            int ldb,
            long strideB,
            long beta,
            long c,
            int ldc,
            long strideC,
            int count);
}

package io.etastar.tensor.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Tensor;

/**
 * Matrix products by cuBLAS, in one program's queue, with a workspace of its own and without atomics, so that the same
 * device gives the same bits. TF32 is off.
 *
 * <p>cuBLAS is column-major: a row-major product is the product of the operands in the other order.
 */
final class Products implements AutoCloseable {
    /**
     * Row-major matrices in the device's memory.
     *
     * @param address of the first one
     * @param columns numbers of a row
     * @param step from one matrix to the next, in numbers; 0 uses one for all
     * @param transposed whether the product takes the transpose
     */
    record Matrices(long address, int columns, long step, boolean transposed) {
        /** A matrix, or a stack of matrices along a first axis. */
        static Matrices of(Tensor tensor, boolean transposed) {
            int columns = tensor.size(tensor.rank() - 1);
            int step = tensor.rank() == 2 ? 0 : columns * tensor.size(tensor.rank() - 2);
            return new Matrices(CudaMemory.address(tensor), columns, step, transposed);
        }

        private int operation() {
            return transposed ? 1 : 0;
        }
    }

    /** Sizes of a product [m, k] [k, n], and how many there are. */
    record Size(int m, int n, int k, int count) {}

    private static final int ATOMICS_NOT_ALLOWED = 0;
    private static final int DEFAULT_MATH = 0;
    private static final Memory ONES = constants();

    private final CudaQueue queue;
    private final DType type;
    private final long handle;

    /** @param workspace address of {@code workspaceBytes} on the device, which the caller frees after this was closed */
    Products(CudaQueue queue, DType type, long workspace, long workspaceBytes) {
        this.queue = queue;
        this.type = type;
        queue.device().makeCurrent();
        long[] created = new long[1];
        check(LibCublas.cublasCreate_v2(created), "cublasCreate", "a program");
        handle = created[0];
        try {
            configure(workspace, workspaceBytes);
        } catch (RuntimeException e) {
            throw Closing.after(e, this::close);
        }
    }

    private void configure(long workspace, long workspaceBytes) {
        check(LibCublas.cublasSetStream_v2(handle, queue.stream()), "cublasSetStream", "a program");
        check(LibCublas.cublasSetWorkspace_v2(handle, workspace, workspaceBytes), "cublasSetWorkspace", "a program");
        check(LibCublas.cublasSetAtomicsMode(handle, ATOMICS_NOT_ALLOWED), "cublasSetAtomicsMode", "a program");
        check(LibCublas.cublasSetMathMode(handle, DEFAULT_MATH), "cublasSetMathMode", "a program");
    }

    /** 0 and 1 in single precision, then in double precision. */
    private static Memory constants() {
        Memory memory = new Memory(2 * Float.BYTES + 2 * Double.BYTES);
        memory.setFloat(0, 0);
        memory.setFloat(Float.BYTES, 1);
        memory.setDouble(2 * Float.BYTES, 0);
        memory.setDouble(2 * Float.BYTES + Double.BYTES, 1);
        return memory;
    }

    private long constant(boolean one) {
        long at = type == DType.FLOAT ? 0 : 2 * Float.BYTES;
        return Pointer.nativeValue(ONES) + at + (one ? type.bytes() : 0);
    }

    /** out = left right, or out += left right. */
    Kernel product(Size size, Matrices left, Matrices right, Matrices out, boolean accumulate, String purpose) {
        long one = constant(true);
        long beta = constant(accumulate);
        return () -> {
            queue.enqueue(purpose);
            int code = size.count() == 1
                    ? one(size, left, right, out, one, beta)
                    : many(size, left, right, out, one, beta);
            check(code, "cuBLAS gemm", purpose);
        };
    }

    private int one(Size s, Matrices left, Matrices right, Matrices out, long alpha, long beta) {
        int first = right.operation();
        int second = left.operation();
        long a = right.address();
        long b = left.address();
        long c = out.address();
        int lda = right.columns();
        int ldb = left.columns();
        int ldc = out.columns();
        return type == DType.FLOAT
                ? LibCublas.cublasSgemm_v2(
                        handle, first, second, s.n(), s.m(), s.k(), alpha, a, lda, b, ldb, beta, c, ldc)
                : LibCublas.cublasDgemm_v2(
                        handle, first, second, s.n(), s.m(), s.k(), alpha, a, lda, b, ldb, beta, c, ldc);
    }

    private int many(Size s, Matrices left, Matrices right, Matrices out, long alpha, long beta) {
        int first = right.operation();
        int second = left.operation();
        long a = right.address();
        long b = left.address();
        long c = out.address();
        int lda = right.columns();
        int ldb = left.columns();
        int ldc = out.columns();
        long skipA = right.step();
        long skipB = left.step();
        long skipC = out.step();
        return type == DType.FLOAT
                ? LibCublas.cublasSgemmStridedBatched(
                        handle, first, second, s.n(), s.m(), s.k(), alpha, a, lda, skipA, b, ldb, skipB, beta, c, ldc,
                        skipC, s.count())
                : LibCublas.cublasDgemmStridedBatched(
                        handle, first, second, s.n(), s.m(), s.k(), alpha, a, lda, skipA, b, ldb, skipB, beta, c, ldc,
                        skipC, s.count());
    }

    private void check(int code, String call, String purpose) {
        if (code != 0) {
            queue.device().check(CudaLibrary.BLAS, code, call, purpose);
        }
    }

    @Override
    public void close() {
        queue.device().makeCurrent();
        check(LibCublas.cublasDestroy_v2(handle), "cublasDestroy", "a program");
    }
}

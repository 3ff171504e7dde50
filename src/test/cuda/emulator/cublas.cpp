// The emulated cuBLAS: column-major products in loops, enqueued like kernels. Sizes and leading dimensions are checked
// as cuBLAS does, and that operands lie in one allocation, which it does not.
#include "emulator.h"
#include <algorithm>
#include <cstdio>
#include <set>

namespace {
enum { NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13 };
struct Handle { void *stream = nullptr; void *workspace = nullptr; };
std::set<Handle *> handles;

template <class T>
struct Gemm {
    int flipA, flipB, m, n, k;
    T alpha, beta;
    const T *a, *b;
    T *c;
    int lda, ldb, ldc;
    long stepA, stepB, stepC;
    int count;

    bool valid() const {
        if (m < 0 || n < 0 || k < 0 || count < 0) return false;
        return lda >= std::max(1, flipA ? k : m) && ldb >= std::max(1, flipB ? n : k) && ldc >= std::max(1, m);
    }
    static size_t extent(int rows, int columns, int ld, long step, int count) {
        return sizeof(T) * ((size_t)step * (count - 1) + (size_t)ld * (columns - 1) + rows);
    }
    void checkMemory() const {
        bool inside = emulatorOwns(a, extent(flipA ? k : m, flipA ? m : k, lda, stepA, count)) &&
                      emulatorOwns(b, extent(flipB ? n : k, flipB ? k : n, ldb, stepB, count)) &&
                      emulatorOwns(c, extent(m, n, ldc, stepC, count));
        if (!inside) emulatorViolation("an operand of a product lies outside its allocation");
    }
    void run() const {
        for (int i = 0; i < count; i++) one(a + i * stepA, b + i * stepB, c + i * stepC);
    }
    // Rows of op(A) and columns of op(B) come to lie one behind the other; sums are taken in double precision.
    void one(const T *a, const T *b, T *c) const {
        std::vector<double> rows((size_t)m * k), columns((size_t)n * k);
        for (int j = 0; j < k; j++) {
            for (int row = 0; row < m; row++) {
                rows[(size_t)row * k + j] = flipA ? a[(size_t)row * lda + j] : a[(size_t)j * lda + row];
            }
            for (int column = 0; column < n; column++) {
                columns[(size_t)column * k + j] = flipB ? b[(size_t)j * ldb + column] : b[(size_t)column * ldb + j];
            }
        }
        for (int column = 0; column < n; column++) {
            for (int row = 0; row < m; row++) {
                const double *left = &rows[(size_t)row * k], *right = &columns[(size_t)column * k];
                double sum = 0;
                for (int j = 0; j < k; j++) sum += left[j] * right[j];
                T &out = c[(size_t)column * ldc + row];
                out = beta == 0 ? alpha * (T)sum : alpha * (T)sum + beta * out;
            }
        }
    }
};

template <class T>
int enqueue(const char *call, Handle *handle, Gemm<T> gemm) {
    auto lock = emulatorLock();
    if (int code = emulatorInjected(call)) return code;
    if (emulatorIsLost()) return EXECUTION_FAILED;
    if (!handles.count(handle) || !handle->stream || !handle->workspace) return NOT_INITIALIZED;
    if (!emulatorHasContext() || !gemm.valid()) return INVALID_VALUE;
    gemm.checkMemory();
    std::function<void()> work = [gemm] { gemm.run(); };
    return emulatorEnqueue(handle->stream, &work) ? 0 : INVALID_VALUE;
}
}  // namespace

extern "C" {
int cublasCreate_v2(Handle **handle) {
    auto lock = emulatorLock();
    if (int code = emulatorInjected("cublasCreate")) return code;
    if (!emulatorHasContext() || emulatorIsLost()) return NOT_INITIALIZED;
    handles.insert(*handle = new Handle);
    emulatorHandle(1);
    return 0;
}
int cublasDestroy_v2(Handle *handle) {
    auto lock = emulatorLock();
    if (int code = emulatorInjected("cublasDestroy")) return code;
    if (!handles.erase(handle)) return NOT_INITIALIZED;
    emulatorHandle(-1);
    delete handle;
    return 0;
}
int cublasSetStream_v2(Handle *handle, void *stream) {
    auto lock = emulatorLock();
    if (int code = emulatorInjected("cublasSetStream")) return code;
    handle->stream = stream;
    handle->workspace = nullptr;
    return 0;
}
int cublasSetWorkspace_v2(Handle *handle, void *workspace, size_t bytes) {
    auto lock = emulatorLock();
    if (!emulatorOwns(workspace, bytes)) emulatorViolation("a workspace outside its allocation");
    handle->workspace = workspace;
    return 0;
}
int cublasSetAtomicsMode(Handle *, int mode) { return mode == 0 ? 0 : INVALID_VALUE; }
int cublasSetMathMode(Handle *, int mode) {
    auto lock = emulatorLock();
    if (int code = emulatorInjected("cublasSetMathMode")) return code;
    return mode == 0 ? 0 : INVALID_VALUE;
}
int cublasSgemm_v2(Handle *h, int fa, int fb, int m, int n, int k, const float *alpha, const float *a, int lda,
                   const float *b, int ldb, const float *beta, float *c, int ldc) {
    return enqueue<float>("cublasSgemm", h, {fa, fb, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, 0, 0, 0, 1});
}
int cublasDgemm_v2(Handle *h, int fa, int fb, int m, int n, int k, const double *alpha, const double *a, int lda,
                   const double *b, int ldb, const double *beta, double *c, int ldc) {
    return enqueue<double>("cublasDgemm", h, {fa, fb, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, 0, 0, 0, 1});
}
int cublasSgemmStridedBatched(Handle *h, int fa, int fb, int m, int n, int k, const float *alpha, const float *a, int lda,
                              long sa, const float *b, int ldb, long sb, const float *beta, float *c, int ldc, long sc,
                              int count) {
    return enqueue<float>("cublasSgemmStridedBatched", h,
                          {fa, fb, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, sa, sb, sc, count});
}
int cublasDgemmStridedBatched(Handle *h, int fa, int fb, int m, int n, int k, const double *alpha, const double *a, int lda,
                              long sa, const double *b, int ldb, long sb, const double *beta, double *c, int ldc, long sc,
                              int count) {
    return enqueue<double>("cublasDgemmStridedBatched", h,
                           {fa, fb, m, n, k, *alpha, *beta, a, b, c, lda, ldb, ldc, sa, sb, sc, count});
}
}

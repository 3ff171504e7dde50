// CUDA C for g++: stands before the text of every kernel that the emulated NVRTC compiles.
//
// A block's threads run one after another on fibers of the emulated driver; only __syncthreads() changes from one to another.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <utility>

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; };

// Where the running thread stands; the driver sets it before it hands control over.
struct EmulatedThread {
    uint3 thread, block;
    dim3 threads, blocks;
    void (*barrier)(int line);
};

extern "C" {
EmulatedThread *emulatedThread;
extern char __start_emulated_shared[] __attribute__((weak));
extern char __stop_emulated_shared[] __attribute__((weak));
char *emulatedSharedStart() { return __start_emulated_shared; }
char *emulatedSharedStop() { return __stop_emulated_shared; }
}

#define threadIdx (emulatedThread->thread)
#define blockIdx (emulatedThread->block)
#define blockDim (emulatedThread->threads)
#define gridDim (emulatedThread->blocks)

#define __global__
#define __device__
#define __constant__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ static __attribute__((section("emulated_shared")))
#define __syncthreads() emulatedThread->barrier(__LINE__)

using std::exp;
using std::expm1;
using std::log;
using std::log1p;
using std::tanh;
using std::atan;
using std::erf;
using std::fabs;
using std::sqrt;
using std::pow;
using std::sin;
using std::cos;
using std::cosh;
using std::sinh;
using std::isnan;

template <class T> T atomicExch(T *at, T value) { T old = *at; *at = value; return old; }
template <class T> T atomicAdd(T *at, T value) { T old = *at; *at = old + value; return old; }
template <class T> T atomicMin(T *at, T value) { T old = *at; if (value < old) *at = value; return old; }
template <class T> T atomicMax(T *at, T value) { T old = *at; if (value > old) *at = value; return old; }

template <class... A, std::size_t... I>
void emulatedCall(void (*kernel)(A...), void **values, std::index_sequence<I...>) {
    kernel(*(std::remove_reference_t<A> *)values[I]...);
}

// What the driver needs of a kernel: a call by addresses of its arguments, and their sizes, 0 behind the last; and whether
// threads in any order must give the same bits.
#define EMULATED_KERNEL(name, ordered)                                                               \
    extern "C" const bool emulatedOrdered_##name = ordered;                                          \
    extern "C" void emulatedCall_##name(void **values) {                                             \
        [&]<class... A>(void (*kernel)(A...)) {                                                      \
            emulatedCall(kernel, values, std::index_sequence_for<A...>());                           \
        }(name);                                                                                     \
    }                                                                                                \
    extern "C" const std::size_t *emulatedSizes_##name() {                                           \
        return []<class... A>(void (*)(A...)) {                                                      \
            static const std::size_t sizes[] = {sizeof(A)..., 0};                                    \
            return sizes;                                                                            \
        }(name);                                                                                     \
    }

// Small kernels, right ones and what each kind of mistake makes of them: the emulator must find every broken one.

const int N = 128;

extern "C" __global__ void reversed(const double *in, double *out) {
    __shared__ double part[N];
    part[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    out[threadIdx.x] = part[N - 1 - threadIdx.x];
}

extern "C" __global__ void reversedWithoutBarrier(const double *in, double *out) {
    __shared__ double part[N];
    part[threadIdx.x] = in[threadIdx.x];
    out[threadIdx.x] = part[N - 1 - threadIdx.x];
}

extern "C" __global__ void barrierOfSome(const double *in, double *out) {
    if (threadIdx.x < N / 2) __syncthreads();
    out[threadIdx.x] = in[threadIdx.x];
}

extern "C" __global__ void writesOneTooFar(const double *in, double *out) { out[threadIdx.x + 1] = in[threadIdx.x]; }

extern "C" __global__ void readsOneTooFar(const double *in, double *out) { out[threadIdx.x] = in[threadIdx.x + 1]; }

extern "C" __global__ void readsFarPastTheEnd(const double *in, double *out) {
    *(const volatile double *)(in + threadIdx.x + 8 * N);
    out[threadIdx.x] = in[threadIdx.x];
}

extern "C" __global__ void writesBeforeTheStart(const double *in, double *out) {
    out[(int)threadIdx.x - 1] = in[threadIdx.x];
}

extern "C" __global__ void sumInOrderOfArrival(const double *in, double *out) { atomicAdd(out, in[threadIdx.x]); }

extern "C" __global__ void neighbourOfAnotherBlock(double *inOut) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i > 0) inOut[i] += inOut[i - 1];
}

extern "C" __global__ void indexOutsideShared(const double *in, double *out) {
    __shared__ double part[N];
    part[threadIdx.x + 1] = in[threadIdx.x];
    out[threadIdx.x] = in[threadIdx.x];
}

extern "C" __global__ void sharedNotSet(double *out) {
    __shared__ double part[N];
    out[threadIdx.x] = part[threadIdx.x];
}

extern "C" __global__ void misaligned(const char *in, double *out) { out[threadIdx.x] = *(const double *)(in + 1); }

extern "C" __global__ void nobodysAddress(double *out) { *(double *)(size_t)64 = out[0]; }

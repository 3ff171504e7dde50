// What all kernels share. REAL is float or double. A kernel computes one element of its output a thread unless it says
// otherwise; sums are taken in double precision, in an order that depends on shapes alone.

typedef REAL real;

// Marks a kernel whose output depends on the order of threads; those that read it must not.
#define UNORDERED

const int MAX_RANK = 8;
const int REDUCTION = 128;  // threads of a block that sums

// Strides of up to two operands along the axes of a result; 0 repeats.
struct Axes {
    int rank;
    int side[MAX_RANK];
    int left[MAX_RANK];
    int right[MAX_RANK];
};

// Geometry of a window over planes [height, width]; (down, right) is where window (0, 0) starts, at most 0.
struct Windows {
    int height, width;
    int outHeight, outWidth;
    int kernelHeight, kernelWidth;
    int strideDown, strideRight;
    int dilationDown, dilationRight;
    int down, right;
};

__device__ __forceinline__ unsigned thread() { return blockIdx.x * blockDim.x + threadIdx.x; }

// The sum of a block's values, in every thread, by a tree over threads; REDUCTION threads.
__device__ double blockSum(double value) {
    __shared__ double part[REDUCTION];
    part[threadIdx.x] = value;
    __syncthreads();
    for (int half = REDUCTION / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            part[threadIdx.x] += part[threadIdx.x + half];
        }
        __syncthreads();
    }
    double sum = part[0];
    __syncthreads();
    return sum;
}

// The largest of a block's values, in every thread; REDUCTION threads.
__device__ double blockMax(double value) {
    __shared__ double part[REDUCTION];
    part[threadIdx.x] = value;
    __syncthreads();
    for (int half = REDUCTION / 2; half > 0; half /= 2) {
        if (threadIdx.x < half && part[threadIdx.x + half] > part[threadIdx.x]) {
            part[threadIdx.x] = part[threadIdx.x + half];
        }
        __syncthreads();
    }
    double largest = part[0];
    __syncthreads();
    return largest;
}

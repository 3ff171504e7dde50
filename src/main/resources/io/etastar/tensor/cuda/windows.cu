// What lies under the windows of convolutions and poolings over images [N, C, H, W].

// The row or column that element "tap" of window "position" reads.
__device__ __forceinline__ int down(const Windows &w, int position, int tap) {
    return position * w.strideDown + tap * w.dilationDown + w.down;
}

__device__ __forceinline__ int right(const Windows &w, int position, int tap) {
    return position * w.strideRight + tap * w.dilationRight + w.right;
}

// out[n imageStride + row rowStride + p] = what element "row" of the window at position p meets in image n; padding is 0.
// Rows count channels, then the window's rows and columns. A thread does one (n, row, p). Each image is multiplied by its
// factor, if there are any, which "each" neighbours share: one with factor 0 is not read.
extern "C" __global__ void unfold(const real *images, const double *factors, int each, real *out, Windows w,
                                  int channels, int imageStride, int rowStride, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int x = i % w.outWidth;
    unsigned rest = i / w.outWidth;
    int y = rest % w.outHeight;
    rest /= w.outHeight;
    int rows = channels * w.kernelHeight * w.kernelWidth;
    int row = rest % rows;
    int image = rest / rows;
    int tapX = row % w.kernelWidth;
    int tapY = row / w.kernelWidth % w.kernelHeight;
    int channel = row / (w.kernelWidth * w.kernelHeight);
    int h = down(w, y, tapY);
    int v = right(w, x, tapX);
    bool inside = h >= 0 && h < w.height && v >= 0 && v < w.width;
    size_t to = (size_t)image * imageStride + (size_t)row * rowStride + y * w.outWidth + x;
    double factor = factors ? factors[image / each] : 1;
    real value = inside && factor != 0 ? images[(((size_t)image * channels + channel) * w.height + h) * w.width + v] : 0;
    out[to] = (real)(factor * value);
}

// The window along one axis that reads "at" by its element "tap", or -1.
__device__ __forceinline__ int position(int at, int tap, int stride, int dilation, int start, int count) {
    int from = at - tap * dilation - start;
    if (from < 0 || from % stride != 0 || from / stride >= count) return -1;
    return from / stride;
}

// The adjoint of unfold: every element of the images adds up what the windows that read it hold, columns [N, rows, positions].
extern "C" __global__ void fold(const real *columns, real *images, Windows w, int channels, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int v = i % w.width;
    int h = i / w.width % w.height;
    int channel = i / (w.width * w.height) % channels;
    int image = i / (w.width * w.height) / channels;
    int positions = w.outHeight * w.outWidth;
    size_t first = ((size_t)image * channels + channel) * w.kernelHeight * w.kernelWidth * positions;
    double sum = 0;
    for (int tapY = 0; tapY < w.kernelHeight; tapY++) {
        int y = position(h, tapY, w.strideDown, w.dilationDown, w.down, w.outHeight);
        if (y < 0) continue;
        for (int tapX = 0; tapX < w.kernelWidth; tapX++) {
            int x = position(v, tapX, w.strideRight, w.dilationRight, w.right, w.outWidth);
            if (x < 0) continue;
            sum += columns[first + (size_t)(tapY * w.kernelWidth + tapX) * positions + y * w.outWidth + x];
        }
    }
    images[i] = (real)sum;
}

// out[b, a, p] = in[a, b, p]: the first two axes of [A, B, P] change places.
extern "C" __global__ void swapAxes(const real *in, real *out, int a, int b, int p, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int at = i % p;
    int first = i / p % a;
    int second = i / p / a;
    out[i] = in[((size_t)first * b + second) * p + at];
}

// Elements of the image under the window at (y, x).
__device__ __forceinline__ int covered(const Windows &w, int y, int x) {
    int rows = 0;
    for (int tap = 0; tap < w.kernelHeight; tap++) {
        int h = down(w, y, tap);
        rows += h >= 0 && h < w.height;
    }
    int columns = 0;
    for (int tap = 0; tap < w.kernelWidth; tap++) {
        int v = right(w, x, tap);
        columns += v >= 0 && v < w.width;
    }
    return rows * columns;
}

// out = mean over each window; divisor 0 stands for the elements that are not padding. Planes count N and C.
extern "C" __global__ void averagePool(const real *images, real *out, Windows w, int divisor, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int x = i % w.outWidth;
    int y = i / w.outWidth % w.outHeight;
    const real *plane = images + (size_t)(i / (w.outWidth * w.outHeight)) * w.height * w.width;
    double sum = 0;
    for (int tapY = 0; tapY < w.kernelHeight; tapY++) {
        int h = down(w, y, tapY);
        if (h < 0 || h >= w.height) continue;
        for (int tapX = 0; tapX < w.kernelWidth; tapX++) {
            int v = right(w, x, tapX);
            if (v >= 0 && v < w.width) sum += plane[h * w.width + v];
        }
    }
    out[i] = (real)(sum / (divisor ? divisor : covered(w, y, x)));
}

// The adjoint of averagePool, for one element of the images.
extern "C" __global__ void averagePoolAdjoint(const real *adjoint, real *images, Windows w, int divisor, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int v = i % w.width;
    int h = i / w.width % w.height;
    const real *plane = adjoint + (size_t)(i / (w.width * w.height)) * w.outHeight * w.outWidth;
    double sum = 0;
    for (int tapY = 0; tapY < w.kernelHeight; tapY++) {
        int y = position(h, tapY, w.strideDown, w.dilationDown, w.down, w.outHeight);
        if (y < 0) continue;
        for (int tapX = 0; tapX < w.kernelWidth; tapX++) {
            int x = position(v, tapX, w.strideRight, w.dilationRight, w.right, w.outWidth);
            if (x >= 0) sum += plane[y * w.outWidth + x] / (double)(divisor ? divisor : covered(w, y, x));
        }
    }
    images[i] = (real)sum;
}

// Each channel c of images by its own M kernels, weight [kH, kW, C, M]: channel c M + m of out.
extern "C" __global__ void depthwise(const real *images, const real *weight, real *out, Windows w, int channels, int times,
                                     int n) {
    unsigned i = thread();
    if (i >= n) return;
    int x = i % w.outWidth;
    int y = i / w.outWidth % w.outHeight;
    unsigned plane = i / (w.outWidth * w.outHeight);
    int filter = plane % (channels * times);
    const real *image = images + (size_t)(plane / times) * w.height * w.width;
    double sum = 0;
    for (int tapY = 0; tapY < w.kernelHeight; tapY++) {
        int h = down(w, y, tapY);
        if (h < 0 || h >= w.height) continue;
        for (int tapX = 0; tapX < w.kernelWidth; tapX++) {
            int v = right(w, x, tapX);
            if (v < 0 || v >= w.width) continue;
            sum += (double)image[h * w.width + v] *
                   weight[(tapY * w.kernelWidth + tapX) * channels * times + filter];
        }
    }
    out[i] = (real)sum;
}

// The adjoint of depthwise, for one element of the images.
extern "C" __global__ void depthwiseImageAdjoint(const real *adjoint, const real *weight, real *images, Windows w,
                                                 int channels, int times, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int v = i % w.width;
    int h = i / w.width % w.height;
    unsigned plane = i / (w.width * w.height);
    int channel = plane % channels;
    double sum = 0;
    for (int m = 0; m < times; m++) {
        const real *from = adjoint + ((size_t)plane * times + m) * w.outHeight * w.outWidth;
        for (int tapY = 0; tapY < w.kernelHeight; tapY++) {
            int y = position(h, tapY, w.strideDown, w.dilationDown, w.down, w.outHeight);
            if (y < 0) continue;
            for (int tapX = 0; tapX < w.kernelWidth; tapX++) {
                int x = position(v, tapX, w.strideRight, w.dilationRight, w.right, w.outWidth);
                if (x < 0) continue;
                sum += (double)from[y * w.outWidth + x] *
                       weight[((tapY * w.kernelWidth + tapX) * channels + channel) * times + m];
            }
        }
    }
    images[i] = (real)sum;
}

// The adjoint of depthwise, for one element of the weight: a block each, over images and positions.
extern "C" __global__ void depthwiseWeightAdjoint(const real *images, const real *adjoint, real *weight, Windows w,
                                                  int count, int channels, int times) {
    int filter = blockIdx.x % (channels * times);
    int tap = blockIdx.x / (channels * times);
    int tapX = tap % w.kernelWidth;
    int tapY = tap / w.kernelWidth;
    int positions = w.outHeight * w.outWidth;
    double sum = 0;
    for (int j = threadIdx.x; j < count * positions; j += REDUCTION) {
        int image = j / positions;
        int h = down(w, j % positions / w.outWidth, tapY);
        int v = right(w, j % w.outWidth, tapX);
        if (h < 0 || h >= w.height || v < 0 || v >= w.width) continue;
        size_t plane = (size_t)image * channels + filter / times;
        sum += (double)images[(plane * w.height + h) * w.width + v] *
               adjoint[((size_t)image * channels * times + filter) * positions + j % positions];
    }
    sum = blockSum(sum);
    if (threadIdx.x == 0) {
        weight[blockIdx.x] = (real)sum;
    }
}

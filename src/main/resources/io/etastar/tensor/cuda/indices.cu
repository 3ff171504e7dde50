// Elements that are chosen by an index. Floating-point atomics are not used: a sum's order would be that of arrival.

// out = largest element of each window, winners = its index in all images, the first of equal ones.
extern "C" __global__ void maxPool(const real *images, real *out, int *winners, Windows w, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int x = i % w.outWidth;
    int y = i / w.outWidth % w.outHeight;
    int plane = i / (w.outWidth * w.outHeight) * w.height * w.width;
    int winner = -1;
    for (int tapY = 0; tapY < w.kernelHeight; tapY++) {
        int h = y * w.strideDown + tapY * w.dilationDown + w.down;
        if (h < 0 || h >= w.height) continue;
        for (int tapX = 0; tapX < w.kernelWidth; tapX++) {
            int v = x * w.strideRight + tapX * w.dilationRight + w.right;
            if (v < 0 || v >= w.width) continue;
            int at = plane + h * w.width + v;
            if (winner < 0 || images[at] > images[winner]) winner = at;
        }
    }
    winners[i] = winner;
    out[i] = images[winner];
}

// out[k, i] = in[k, winners[i]], of "from" and "count" elements a row.
extern "C" __global__ void gather(const real *in, const int *winners, real *out, int from, int count, int n) {
    unsigned i = thread();
    if (i < n) out[i] = in[(size_t)(i / count) * from + winners[i % count]];
}

// out = rows of a table, by their numbers, of "width" elements each.
extern "C" __global__ void copyRows(const real *table, const int *rows, real *out, int width, int n) {
    unsigned i = thread();
    if (i < n) out[i] = table[(size_t)rows[i / width] * width + i % width];
}

// Puts each element into the list of its target: heads, -1 before, and the next of each element. Lists are in any order.
extern "C" UNORDERED __global__ void link(const int *winners, int *heads, int *next, int n) {
    unsigned i = thread();
    if (i < n) next[i] = atomicExch(&heads[winners[i]], (int)i);
}

// out[target] = sum of in over the target's list, by rising index.
extern "C" __global__ void collect(const real *in, const int *heads, const int *next, real *out, int n) {
    unsigned i = thread();
    if (i >= n) return;
    double sum = 0;
    int last = -1;
    while (true) {
        int smallest = 0x7fffffff;
        for (int at = heads[i]; at >= 0; at = next[at]) {
            if (at > last && at < smallest) smallest = at;
        }
        if (smallest == 0x7fffffff) break;
        sum += in[smallest];
        last = smallest;
    }
    out[i] = (real)sum;
}

// out[row, c] = whether c is the row's label.
extern "C" __global__ void oneHot(const real *labels, real *out, int classes, int n) {
    unsigned i = thread();
    if (i < n) out[i] = labels[i / classes] == i % classes;
}

// out[i width + j] = numbers[i] width + j; a number that is no row, of which checkNumbers tells, stands for the first one.
extern "C" __global__ void pickRows(const real *numbers, int *out, int rows, int width, int n) {
    unsigned i = thread();
    if (i >= n) return;
    real row = numbers[i / width];
    out[i] = (row >= 0 && row < rows ? (int)row : 0) * width + i % width;
}

// found[0] = the first position whose number is none of 0 .. limit - 1, found[1] = that number, unless found[0] >= 0. One block.
extern "C" __global__ void checkNumbers(const real *numbers, double *found, int limit, int n) {
    double first = -n;
    for (int i = threadIdx.x; i < n; i += REDUCTION) {
        real x = numbers[i];
        if (!(x >= 0 && x < limit && x == floor(x))) {
            first = -i;
            break;
        }
    }
    first = -blockMax(first);
    if (threadIdx.x == 0 && first < n && found[0] < 0) {
        found[0] = first;
        found[1] = numbers[(int)first];
    }
}

// out = rows [N, width], each times its factor, or one column more that becomes the factors; a row with factor 0 is not read.
extern "C" __global__ void scaleRows(const real *rows, const double *factors, int each, real *out, int width,
                                     int outWidth, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int c = i % outWidth;
    int row = i / outWidth;
    double factor = factors[row / each];
    out[i] = (real)(c == width ? factor : factor == 0 ? 0 : factor * rows[(size_t)row * width + c]);
}

// out[i] = factor of image i / count: the last row of unfolded images.
extern "C" __global__ void repeatFactors(const double *factors, int each, real *out, int count, int n) {
    unsigned i = thread();
    if (i < n) out[i] = (real)factors[i / count / each];
}

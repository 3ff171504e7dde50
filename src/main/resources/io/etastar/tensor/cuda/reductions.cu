// Sums. Axes are those of the input: side, its stride ("left"), and the stride in the output ("right"), 0 where it is summed.

// Where the input's elements of an output start ("kept" axes), and where term j of its sum lies from there ("summed" axes).
__device__ int offset(const Axes &axes, unsigned i) {
    int at = 0;
    for (int axis = axes.rank - 1; axis >= 0; axis--) {
        at += i % axes.side[axis] * axes.left[axis];
        i /= axes.side[axis];
    }
    return at;
}

// One output a thread: for short sums, and sums of columns.
extern "C" __global__ void sumShort(const real *in, real *out, Axes kept, Axes summed, int n, int terms) {
    unsigned i = thread();
    if (i >= n) return;
    const real *from = in + offset(kept, i);
    double sum = 0;
    for (int j = 0; j < terms; j++) {
        sum += from[offset(summed, j)];
    }
    out[i] = (real)sum;
}

// One output a block along y, one part of its sum a block along x: parts [n, gridDim.x].
extern "C" __global__ void sumParts(const real *in, double *parts, Axes kept, Axes summed, int terms, int part) {
    int from = blockIdx.x * part;
    int to = from + part < terms ? from + part : terms;
    const real *row = in + offset(kept, blockIdx.y);
    double sum = 0;
    for (int j = from + threadIdx.x; j < to; j += REDUCTION) {
        sum += row[offset(summed, j)];
    }
    sum = blockSum(sum);
    if (threadIdx.x == 0) {
        parts[blockIdx.y * gridDim.x + blockIdx.x] = sum;
    }
}

// out[i] = sum of row i of parts [n, count].
extern "C" __global__ void addParts(const double *parts, real *out, int n, int count) {
    unsigned i = thread();
    if (i >= n) return;
    double sum = 0;
    for (int j = 0; j < count; j++) {
        sum += parts[i * count + j];
    }
    out[i] = (real)sum;
}

// out = log softmax of rows of in, a block each.
extern "C" __global__ void logSoftmax(const real *in, real *out, int classes) {
    const real *z = in + (size_t)blockIdx.x * classes;
    double largest = z[0];
    for (int c = threadIdx.x; c < classes; c += REDUCTION) {
        if (z[c] > largest) largest = z[c];
    }
    largest = blockMax(largest);
    double total = 0;
    for (int c = threadIdx.x; c < classes; c += REDUCTION) {
        total += exp((double)z[c] - largest);
    }
    double logTotal = log(blockSum(total));
    for (int c = threadIdx.x; c < classes; c += REDUCTION) {
        out[(size_t)blockIdx.x * classes + c] = (real)(z[c] - largest - logTotal);
    }
}

// sums[at[k]] += factor * sum of left[k, i] right[k, i], a block each; rightStep 0 uses one row of right for all.
extern "C" __global__ void rowDots(const real *left, const real *right, double *sums, const int *at, double factor, int width,
                                   int rightStep) {
    const real *l = left + (size_t)blockIdx.x * width;
    const real *r = right + (size_t)blockIdx.x * rightStep;
    double sum = 0;
    for (int j = threadIdx.x; j < width; j += REDUCTION) {
        sum += (double)l[j] * r[j];
    }
    sum = blockSum(sum);
    if (threadIdx.x == 0) sums[at[blockIdx.x]] += factor * sum;
}

// sums[at[i]] += values[i], places all different.
extern "C" __global__ void addAt(const real *values, const int *at, double *sums, int n) {
    unsigned i = thread();
    if (i < n) sums[at[i]] += values[i];
}

// sums[k] += weights[i] stack[k, i] for i = 0, 1, ..., in this order; a thread for each k.
extern "C" __global__ void weightedSums(const real *weights, const real *stack, double *sums, int rows, int n) {
    unsigned k = thread();
    if (k >= n) return;
    double sum = sums[k];
    for (int i = 0; i < rows; i++) {
        if (weights[i] != 0) sum += (double)weights[i] * stack[(size_t)k * rows + i];
    }
    sums[k] = sum;
}

// total[i] += in[i].
extern "C" __global__ void accumulate(const real *in, real *total, int n) {
    unsigned i = thread();
    if (i < n) total[i] += in[i];
}

// sums += weights, weighted losses, weights of rows whose largest output, the first of equal ones, is their class. One block.
extern "C" __global__ void sampleSums(const real *weights, const real *losses, const real *outputs, const real *targets,
                                      double *sums, int classes, int width, int rows) {
    double samples = 0, loss = 0, correct = 0;
    for (int i = threadIdx.x; i < rows; i += REDUCTION) {
        double weight = weights[i];
        samples += weight;
        if (weight != 0) loss += weight * losses[i];
        if (!classes) continue;
        const real *row = outputs + (size_t)i * width;
        int best = 0;
        for (int c = 1; c < width; c++) {
            if (row[c] > row[best]) best = c;
        }
        if (best == (int)targets[i]) correct += weight;
    }
    samples = blockSum(samples);
    loss = blockSum(loss);
    correct = blockSum(correct);
    if (threadIdx.x == 0) {
        sums[0] += samples;
        sums[1] += loss;
        sums[2] += correct;
    }
}

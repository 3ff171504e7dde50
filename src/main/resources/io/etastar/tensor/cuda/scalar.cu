// The chain rule through an elementwise function y = f(x). Before this text stand valueAt(x), firstAt(x, y), secondAt(x, y) and
// thirdAt(x, y): f and its derivatives, templates on the type of their arguments.

const int GROUP = 16;  // directions of one side of a block of H
const int TILE = 32;   // elements that a block of H holds at once

// out = f(in); out may be in.
extern "C" __global__ void scalarValue(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = valueAt(in[i]);
}

// out = in f'(x); out may be in.
extern "C" __global__ void scalarAdjoint(const real *x, const real *y, const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = in[i] * firstAt(x[i], y[i]);
}

// out = f' b + f'' t a, with a = adjoint, t = tangent, b = adjointTangent or null.
extern "C" __global__ void scalarAdjointTangents(const real *x, const real *y, const real *adjoint, const real *tangent,
                                                 const real *adjointTangent, real *out, int n) {
    unsigned i = thread();
    if (i >= n) return;
    real sum = secondAt(x[i], y[i]) * tangent[i] * adjoint[i];
    if (adjointTangent) sum += firstAt(x[i], y[i]) * adjointTangent[i];
    out[i] = sum;
}

// parts[p, k, j] = sum of a f'' t_k t_j over elements of part p, which is whole tiles, for j <= k of "directions"; GROUP x GROUP threads. Blocks along x are
// pairs of groups of directions, (0, 0), (1, 0), (1, 1), (2, 0), ..., those along y are parts.
extern "C" __global__ void tangentProducts(const real *x, const real *y, const real *adjoint, const real *first, double *parts,
                                           int directions, int n, int part) {
    __shared__ real left[GROUP][TILE + 1], right[GROUP][TILE + 1];
    int row = 0, column = blockIdx.x;
    while (column > row) column -= ++row;
    int k = threadIdx.x / GROUP, j = threadIdx.x % GROUP, lane = threadIdx.x % TILE;
    int from = blockIdx.y * part;
    int to = from + part < n ? from + part : n;
    double sum = 0;
    for (int at = from; at < to; at += TILE) {
        int i = at + lane;
        bool inside = i < n;
        real weight = inside ? adjoint[i] * secondAt(x[i], y[i]) : 0;
        for (int d = threadIdx.x / TILE; d < GROUP; d += GROUP * GROUP / TILE) {
            int l = row * GROUP + d, r = column * GROUP + d;
            left[d][lane] = inside && l < directions ? weight * first[(size_t)l * n + i] : 0;
            right[d][lane] = inside && r < directions ? first[(size_t)r * n + i] : 0;
        }
        __syncthreads();
        real product = 0;
        for (int e = 0; e < TILE; e++) product += left[k][e] * right[j][e];
        sum += product;
        __syncthreads();
    }
    k += row * GROUP;
    j += column * GROUP;
    if (k < directions && j <= k) parts[((size_t)blockIdx.y * directions + k) * directions + j] = sum;
}

// firstOut = f' t and secondOut = f' c + f'' t^2 along direction blockIdx.y, and parts[k, p] = sum of a (f''' t^3 + 3 f'' t c) over part
// p, a block along x. c = second, zero if null; outputs may be the inputs; secondOut may be null. REDUCTION threads.
extern "C" __global__ void scalarTangents(const real *x, const real *y, const real *adjoint, const real *first,
                                          const real *second, real *firstOut, real *secondOut, double *parts, int n, int part) {
    size_t base = (size_t)blockIdx.y * n;
    int from = blockIdx.x * part;
    int to = from + part < n ? from + part : n;
    double sum = 0;
    for (int i = from + threadIdx.x; i < to; i += REDUCTION) {
        real t = first[base + i];
        real c = second ? second[base + i] : 0;
        real f1 = firstAt(x[i], y[i]), f2 = secondAt(x[i], y[i]), f3 = thirdAt(x[i], y[i]);
        sum += adjoint[i] * (f3 * t * t * t + 3 * f2 * t * c);
        firstOut[base + i] = f1 * t;
        if (secondOut) secondOut[base + i] = f1 * c + f2 * t * t;
    }
    sum = blockSum(sum);
    if (threadIdx.x == 0) parts[(size_t)blockIdx.y * gridDim.x + blockIdx.x] = sum;
}

// H[s_k, s_j] += products[p, k, j] for j <= k, the other triangle alike, order3[s_k] += cubes[k, p]; summed over parts p. A thread for each
// (k, j), and for each k behind them.
extern "C" __global__ void addTangentSums(const double *products, int productParts, const double *cubes, int cubeParts,
                                          const int *subsets, double *h, double *order3, int side, int directions, int n) {
    unsigned i = thread();
    if (i >= n) return;
    double sum = 0;
    int k = i / directions, j = i % directions;
    if (k == directions) {
        for (int p = 0; p < cubeParts; p++) sum += cubes[(size_t)j * cubeParts + p];
        order3[subsets[j]] += sum;
    } else if (j <= k) {
        for (int p = 0; p < productParts; p++) sum += products[((size_t)p * directions + k) * directions + j];
        h[(size_t)subsets[k] * side + subsets[j]] += sum;
        if (j < k) h[(size_t)subsets[j] * side + subsets[k]] += sum;
    }
}

// expansion[m - 1, i] = f^(m)(x_i) / m! for m = 1 .. order, at most 3.
extern "C" __global__ void scalarExpansion(const real *x, const real *y, double *expansion, int order, int n) {
    unsigned i = thread();
    if (i >= n) return;
    double at = x[i], value = y[i];
    expansion[i] = firstAt(at, value);
    if (order >= 2) expansion[n + i] = secondAt(at, value) / 2;
    if (order >= 3) expansion[2 * n + i] = thirdAt(at, value) / 6;
}

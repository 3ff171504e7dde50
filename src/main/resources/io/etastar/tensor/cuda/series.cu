// Truncated power series, in double precision.

const int MAX_ORDER = 24;

// Coefficients of order 1 to "order", [K, N, C] each; a null pointer is zero.
struct Coefficients {
    const real *in[MAX_ORDER];
    real *out[MAX_ORDER];
};

// log softmax, a block for each direction and row: with p = softmax(z_0) and z_1, ... centred by their means under p,
// e_0 = p, k e_k = sum of j z_j e_(k-j) over j = 1 .. k, S_k = sum of e_k over classes, and k S_k = sum of j L_j S_(k-j)
// is solved for L_k. z and e are scratch, [blocks, order + 1, C] each.
extern "C" __global__ void logSoftmaxSeries(const real *probabilities, Coefficients s, double *zs, double *es, int order,
                                            int rows, int classes) {
    __shared__ double sums[MAX_ORDER + 1], logs[MAX_ORDER + 1];
    size_t at = (size_t)blockIdx.x * classes;
    double *z = zs + at * (order + 1);
    double *e = es + at * (order + 1);
    const real *p = probabilities + (size_t)(blockIdx.x % rows) * classes;
    for (int c = threadIdx.x; c < classes; c += REDUCTION) e[c] = p[c];
    if (threadIdx.x == 0) sums[0] = 1;
    for (int k = 1; k <= order; k++) {
        const real *in = s.in[k - 1];
        double mean = 0;
        for (int c = threadIdx.x; in && c < classes; c += REDUCTION) mean += (double)p[c] * in[at + c];
        mean = blockSum(mean);
        double sum = 0;
        for (int c = threadIdx.x; c < classes; c += REDUCTION) {
            z[k * classes + c] = in ? in[at + c] - mean : 0;
            double value = 0;
            for (int j = 1; j <= k; j++) value += (double)j / k * z[j * classes + c] * e[(k - j) * classes + c];
            e[k * classes + c] = value;
            sum += value;
        }
        sum = blockSum(sum);
        if (threadIdx.x == 0) {
            double rest = 0;
            for (int j = 1; j < k; j++) rest += j * logs[j] * sums[k - j];
            sums[k] = sum;
            logs[k] = sum - rest / k;
        }
        __syncthreads();
        for (int c = threadIdx.x; c < classes; c += REDUCTION) {
            s.out[k - 1][at + c] = (real)(z[k * classes + c] - logs[k]);
        }
    }
}

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

// A series composed with y = f(x): out_k = sum over m = 1 .. k of c_m [t^k] (in_1 t + in_2 t^2 + ...)^m, c = expansion [order, n]. A
// thread for each element of each direction.
extern "C" __global__ void composeSeries(const double *expansion, Coefficients s, int order, int n, int total) {
    unsigned i = thread();
    if (i >= total) return;
    const double *c = expansion + i % n;
    double inner[MAX_ORDER + 1], power[MAX_ORDER + 1], result[MAX_ORDER + 1];
    for (int k = 1; k <= order; k++) {
        inner[k] = power[k] = s.in[k - 1] ? s.in[k - 1][i] : 0;
        result[k] = c[0] * inner[k];
    }
    for (int m = 2; m <= order; m++) {
        for (int k = order; k >= m; k--) {
            double sum = 0;
            for (int j = 1; j <= k - m + 1; j++) sum += inner[j] * power[k - j];
            power[k] = sum;
            result[k] += c[(size_t)(m - 1) * n] * sum;
        }
    }
    for (int k = 1; k <= order; k++) s.out[k - 1][i] = (real)result[k];
}

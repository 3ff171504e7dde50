// One output element a thread, from elements of one or two operands.

extern "C" __global__ void tanhOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = tanh(in[i]);
}

extern "C" __global__ void sigmoidOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = 1 / (1 + exp(-in[i]));
}

extern "C" __global__ void reluOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = in[i] > 0 ? in[i] : 0;
}

extern "C" __global__ void eluOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = in[i] > 0 ? in[i] : expm1(in[i]);
}

extern "C" __global__ void softplusOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = (in[i] > 0 ? in[i] : 0) + log1p(exp(-fabs(in[i])));
}

extern "C" __global__ void arctanOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = atan(in[i]);
}

extern "C" __global__ void erfOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = erf(in[i]);
}

extern "C" __global__ void expOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = exp(in[i]);
}

extern "C" __global__ void logOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = log(in[i]);
}

extern "C" __global__ void squareOf(const real *in, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = in[i] * in[i];
}

extern "C" __global__ void affine(const real *in, double scale, double shift, real *out, int n) {
    unsigned i = thread();
    if (i < n) out[i] = (real)scale * in[i] + (real)shift;
}

extern "C" __global__ void fill(real *out, double value, int n) {
    unsigned i = thread();
    if (i < n) out[i] = (real)value;
}

// Where element i of a result of these axes lies in its operands.
__device__ void locate(const Axes &axes, unsigned i, int &left, int &right) {
    left = 0;
    right = 0;
    for (int axis = axes.rank - 1; axis >= 0; axis--) {
        int at = i % axes.side[axis];
        i /= axes.side[axis];
        left += at * axes.left[axis];
        right += at * axes.right[axis];
    }
}

extern "C" __global__ void broadcast(const real *in, real *out, Axes axes, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int left, right;
    locate(axes, i, left, right);
    out[i] = in[left];
}

extern "C" __global__ void add(const real *left, const real *right, real *out, Axes axes, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int l, r;
    locate(axes, i, l, r);
    out[i] = left[l] + right[r];
}

extern "C" __global__ void subtract(const real *left, const real *right, real *out, Axes axes, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int l, r;
    locate(axes, i, l, r);
    out[i] = left[l] - right[r];
}

extern "C" __global__ void multiply(const real *left, const real *right, real *out, Axes axes, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int l, r;
    locate(axes, i, l, r);
    out[i] = left[l] * right[r];
}

// Random numbers by hashes of seed, row and element.

__device__ unsigned long long mix(unsigned long long value) {
    unsigned long long z = value + 0x9E3779B97F4A7C15ULL;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

// A mask of dropout [R, width], from a hash of seed, row and element; rows is null for one mask.
extern "C" __global__ void dropoutMask(const int *rows, real *out, unsigned long long seed, double keep, int width, int n) {
    unsigned i = thread();
    if (i >= n) return;
    unsigned long long base = mix(seed + (rows ? (long long)rows[i / width] : 0));
    unsigned long long bits = mix(base + (i % width + 1) * 0x9E3779B97F4A7C15ULL) >> 11;
    out[i] = bits * 0x1p-53 < keep ? (real)(1 / keep) : 0;
}

// Draw number "draw" of a row, in [0, 1).
__device__ double uniform(unsigned long long seed, int row, int draw) {
    const unsigned long long stream = 0x6B2D666163ULL;
    unsigned long long mixed = mix(mix(mix(seed) ^ stream) ^ (long long)row);
    return (mix(mixed ^ (long long)draw) >> 11) * 0x1p-53;
}

// The adjoint of logits for a class that is drawn from their softmax: factor (p - e_y). A thread for each row.
extern "C" __global__ void drawClasses(const real *outputs, const int *rows, const double *factors, real *adjoint,
                                       unsigned long long seed, double scale, int width, int n) {
    unsigned i = thread();
    if (i >= n) return;
    const real *z = outputs + (size_t)i * width;
    double largest = z[0];
    for (int c = 1; c < width; c++) {
        if (z[c] > largest) largest = z[c];
    }
    double total = 0;
    for (int c = 0; c < width; c++) total += exp(z[c] - largest);
    double left = uniform(seed, rows[i], 0) * total;
    int drawn = -1;
    for (int c = 0; c < width; c++) {
        double p = exp(z[c] - largest);
        left -= p;
        if (drawn < 0 && (left < 0 || c == width - 1)) drawn = c;
        adjoint[(size_t)i * width + c] = (real)(factors[i] * (p / total - (drawn == c ? 1 : 0)));
    }
}

// The adjoint of means for normal labels, by Box and Muller: factor (2 scale)^(1/2) N(0, 1).
extern "C" __global__ void drawGaussian(const real *outputs, const int *rows, const double *factors, real *adjoint,
                                        unsigned long long seed, double scale, int width, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int row = i / width, j = i % width;
    double radius = sqrt(-2 * log(1 - uniform(seed, rows[row], 2 * j)));
    double normal = radius * cos(2 * 3.14159265358979323846 * uniform(seed, rows[row], 2 * j + 1));
    adjoint[i] = (real)(factors[row] * (sqrt(2 * scale) * normal));
}

// The adjoint of logits for labels 0 or 1: factor scale^(1/2) (p - y).
extern "C" __global__ void drawBernoulli(const real *outputs, const int *rows, const double *factors, real *adjoint,
                                         unsigned long long seed, double scale, int width, int n) {
    unsigned i = thread();
    if (i >= n) return;
    int row = i / width, j = i % width;
    double p = 1 / (1 + exp(-(double)outputs[i]));
    adjoint[i] = (real)(factors[row] * (sqrt(scale) * (p - (uniform(seed, rows[row], j) < p ? 1 : 0))));
}

package io.etastar.tensor.cuda;

import io.etastar.UserError;
import io.etastar.tensor.CFunction;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Kernels through elementwise functions y = f(x): compiled from the function's statement in C, each function a module of its own. One
 * without a statement is computed by {@link HostFunctions}.
 */
final class ScalarKernels {
    private static final String FILE = "scalar";
    private static final int MAX_ORDER = 24;
    /** Highest order that derivatives in C reach. */
    private static final int STATED_ORDER = 3;

    /** As in {@code scalar.cu}. */
    private static final int GROUP = 16;

    private static final int TILE = 32;
    private static final int PART = 1024;
    private static final int MOST_PARTS = 256;

    private final CudaArena arena;

    ScalarKernels(CudaArena arena) {
        this.arena = arena;
    }

    /** The functions that {@code scalar.cu} asks for. */
    static String inC(CFunction f) {
        return function("valueAt(T x)", f.value())
                + function("firstAt(T x, T y)", f.first())
                + function("secondAt(T x, T y)", f.second())
                + function("thirdAt(T x, T y)", f.third());
    }

    private static String function(String signature, String expression) {
        return "#line 1 \"" + signature + "\"\ntemplate <class T> __device__ __forceinline__ T " + signature
                + " { return " + expression + "; }\n";
    }

    /** A kernel of {@code scalar.cu} for a function. */
    private Launch bind(CFunction f, String name, int across, int down, int threads, Tensor x, Object... arguments) {
        Modules.Function kernel = arena.queue().device().modules().function(FILE, inC(f), arena.type(), name);
        return new Launch(arena.queue(), kernel, across, down, threads, CudaArena.text(x), arguments);
    }

    private Launch bind(CFunction f, String name, int n, Tensor x, Object... arguments) {
        return bind(f, name, Launch.blocks(n), 1, Launch.THREADS, x, arguments);
    }

    private static Object addressOrNull(@Nullable Tensor tensor) {
        return tensor == null ? (Object) 0L : tensor;
    }

    Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        Optional<CFunction> c = f instanceof ScalarFunction stated ? stated.inC() : Optional.empty();
        int n = out.length();
        return c.isPresent() ? bind(c.get(), "scalarValue", n, in, in, out, n) : HostFunctions.map(f, in, out);
    }

    Kernel adjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        Optional<CFunction> c = f.inC();
        int n = out.length();
        return c.isPresent()
                ? bind(c.get(), "scalarAdjoint", n, x, x, y, in, out, n)
                : HostFunctions.adjoint(f, x, y, in, out);
    }

    Kernel adjointTangents(ScalarFunction.AdjointTangents s) {
        Optional<CFunction> c = s.f().inC();
        if (c.isEmpty()) {
            return HostFunctions.adjointTangents(s);
        }
        int n = s.x().length();
        Object b = addressOrNull(s.adjointTangent());
        return bind(c.get(), "scalarAdjointTangents", n, s.x(), s.x(), s.y(), s.adjoint(), s.first(), b, s.out(), n);
    }

    /** Products of the tangents come before the tangents are overwritten; both leave sums of parts, which are added last. */
    Kernel tangents(ScalarFunction.Tangents s) {
        Optional<CFunction> stated = s.f().inC();
        if (stated.isEmpty()) {
            return HostFunctions.tangents(s);
        }
        CFunction f = stated.get();
        Tensor x = s.x();
        int n = x.length();
        int k = s.subsets().length;
        int groups = (k + GROUP - 1) / GROUP;
        int pairs = groups * (groups + 1) / 2;
        int productPart = tiles(part(n, Math.max(1, MOST_PARTS / pairs)));
        int cubePart = part(n, MOST_PARTS);
        int productParts = parts(n, productPart);
        int cubeParts = parts(n, cubePart);
        long products = arena.scratch((long) Double.BYTES * k * ((long) productParts * k + cubeParts));
        long cubes = products + (long) Double.BYTES * k * k * productParts;
        Launch multiply = bind(
                f,
                "tangentProducts",
                pairs,
                productParts,
                GROUP * GROUP,
                x,
                x,
                s.y(),
                s.adjoint(),
                s.first(),
                products,
                k,
                n,
                productPart);
        Launch through = bind(
                f,
                "scalarTangents",
                cubeParts,
                k,
                Sums.REDUCTION,
                x,
                x,
                s.y(),
                s.adjoint(),
                s.first(),
                addressOrNull(s.second()),
                s.firstOut(),
                addressOrNull(s.secondOut()),
                cubes,
                n,
                cubePart);
        return Kernel.sequence(multiply, through, addSums(s, f, products, productParts, cubes, cubeParts));
    }

    private Launch addSums(
            ScalarFunction.Tangents s, CFunction f, long products, int productParts, long cubes, int cubeParts) {
        int k = s.subsets().length;
        CudaIndices subsets = new CudaIndices(arena, k);
        subsets.write(s.subsets());
        int all = k * k + k;
        return bind(
                f,
                "addTangentSums",
                all,
                s.x(),
                products,
                productParts,
                cubes,
                cubeParts,
                CudaIndices.address(subsets),
                CudaDoubles.address(s.h()),
                CudaDoubles.address(s.order3()),
                s.order3().length(),
                k,
                all);
    }

    /** Elements of a part where there are at most {@code most}. */
    private static int part(int n, int most) {
        return Math.max(PART, (n + most - 1) / most);
    }

    /** The next whole number of tiles. */
    private static int tiles(int part) {
        return (part + TILE - 1) / TILE * TILE;
    }

    private static int parts(int n, int part) {
        return Math.max(1, (n + part - 1) / part);
    }

    /** The function's expansion, then its composition with the argument's series. */
    Kernel series(ScalarFunction.Series s) {
        int order = s.in().length;
        int n = s.x().length();
        int total = s.out()[0].length();
        long expansion = arena.scratch((long) Double.BYTES * order * n);
        Optional<CFunction> c = s.f().inC();
        Kernel expand = c.isPresent() && order <= STATED_ORDER
                ? bind(c.get(), "scalarExpansion", n, s.x(), s.x(), s.y(), expansion, order, n)
                : HostFunctions.expansion(s, arena.queue(), expansion);
        String purpose = "a series of order " + order + " of " + CudaArena.text(s.x());
        return Kernel.sequence(
                expand,
                arena.bind(
                        "series",
                        "composeSeries",
                        total,
                        purpose,
                        expansion,
                        coefficients(s.in(), s.out()),
                        order,
                        n,
                        total));
    }

    /**
     * The struct {@code Coefficients}: addresses, 0 for one that is zero or of higher order.
     *
     * @throws UserError if there are more than the struct holds
     */
    static long[] coefficients(Tensor[] in, Tensor[] out) {
        if (in.length > MAX_ORDER) {
            throw new UserError(UserError.Subject.of("order"), in.length, "at most " + MAX_ORDER + " on a GPU");
        }
        long[] struct = new long[2 * MAX_ORDER];
        Arrays.setAll(struct, i -> address(i < MAX_ORDER ? in : out, i % MAX_ORDER));
        return struct;
    }

    private static long address(Tensor[] coefficients, int k) {
        return k >= coefficients.length || coefficients[k] == null ? 0 : CudaMemory.address(coefficients[k]);
    }
}

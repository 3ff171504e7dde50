package io.etastar.tensor.cuda;

import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.DropoutMask;
import io.etastar.tensor.Factors;
import io.etastar.tensor.Indices;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.LabelDraw;
import io.etastar.tensor.SampleSums;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Total;
import io.etastar.tensor.Window;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Kernels on an NVIDIA GPU. Running one enqueues it; what reads a tensor on the host waits. The same device gives the same
 * bits each time.
 */
public final class CudaKernels implements Kernels {
    private final DType type;
    private final CudaArena arena;
    private final Elementwise elementwise;
    private final ScalarKernels scalars;
    private final UnfoldedConvolutions convolutions;
    private final Windowed windowed;
    private final Indexed indexed;
    private final NumberChecks checks;
    private final Map<Scratch, Tensor> scratch = new EnumMap<>(Scratch.class);
    private long bytes;

    /** Kernels of one program on a device. */
    public CudaKernels(CudaDevice device, DType type) {
        this.type = type;
        arena = new CudaArena(device, type);
        try {
            elementwise = new Elementwise(arena);
            scalars = new ScalarKernels(arena);
            convolutions = new UnfoldedConvolutions(arena, type);
            windowed = new Windowed(arena);
            checks = new NumberChecks(arena);
            indexed = new Indexed(arena, checks);
        } catch (RuntimeException e) {
            throw Closing.after(e, arena::close);
        }
    }

    @Override
    public DType type() {
        return type;
    }

    @Override
    public Tensor allocate(int... shape) {
        int length = Shapes.length(shape);
        bytes += (long) Math.max(1, length) * type.bytes();
        return arena.tensor(length, shape);
    }

    @Override
    public Tensor allocateLeaf(int... shape) {
        Tensor leaf = allocate(shape);
        leaf.storage().markLeaf();
        return leaf;
    }

    @Override
    public Indices allocateIndices(int length) {
        return new CudaIndices(arena, length);
    }

    @Override
    public Indices indices(int... values) {
        Indices indices = new CudaIndices(arena, values.length);
        indices.write(values);
        return indices;
    }

    @Override
    public Doubles allocateDoubles(int length) {
        return new CudaDoubles(arena, length);
    }

    @Override
    public Total total(int length, Tensor[] parts, int[] at) {
        return new CudaTotal(arena, elementwise, arena.tensor(length, length), parts, at);
    }

    @Override
    public void synchronise() {
        arena.queue().synchronise();
        checks.verify();
    }

    @Override
    public Tensor scratch(Scratch use, int... shape) {
        int length = Shapes.length(shape);
        Tensor present = scratch.get(use);
        if (present == null || present.length() < length) {
            present = allocate(length);
            scratch.put(use, present);
        }
        return present.part(0, shape);
    }

    @Override
    public Kernel map(Unary function, Tensor in, Tensor out) {
        return elementwise.map(function, in, out);
    }

    @Override
    public Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        return scalars.map(f, in, out);
    }

    @Override
    public Kernel affine(Tensor in, double scale, double shift, Tensor out) {
        return elementwise.affine(in, scale, shift, out);
    }

    @Override
    public Kernel copy(Tensor in, Tensor out) {
        return elementwise.copy(in, out, type.bytes());
    }

    @Override
    public Kernel fill(Tensor out, double value) {
        return elementwise.fill(out, value);
    }

    @Override
    public Kernel broadcast(Tensor in, Tensor out) {
        return elementwise.broadcast(in, out);
    }

    @Override
    public Kernel binary(Binary op, Tensor left, Tensor right, Tensor out) {
        return elementwise.binary(op, left, right, out);
    }

    @Override
    public Kernel sum(Tensor in, int[] axes, Tensor out) {
        return Sums.sum(arena, in, axes, out);
    }

    @Override
    public Kernel matmul(
            Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor out, boolean accumulate) {
        int last = out.rank() - 1;
        int inner = left.size(transposeLeft ? last - 1 : last);
        int count = out.rank() == 2 ? 1 : out.size(0);
        Products.Size size = new Products.Size(out.size(last - 1), out.size(last), inner, count);
        return arena.products()
                .product(
                        size,
                        Products.Matrices.of(left, transposeLeft),
                        Products.Matrices.of(right, transposeRight),
                        Products.Matrices.of(out, false),
                        accumulate,
                        "product of " + CudaArena.text(left, right));
    }

    @Override
    public Kernel convolution(Tensor images, Tensor weight, Tensor out, Window window) {
        return convolutions.forward(images, weight, out, window);
    }

    @Override
    public Kernel convolutionImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return convolutions.imageAdjoint(adjoint, weight, out, window);
    }

    @Override
    public boolean adjointsApart(Window window, int... images) {
        return true;
    }

    @Override
    public Kernel convolutionAdjoints(
            Tensor images, Tensor weight, Tensor adjoint, Tensor imagesOut, Tensor weightOut, Window window) {
        return Kernel.sequence(
                convolutionImageAdjoint(adjoint, weight, imagesOut, window),
                convolutionWeightAdjoint(images, adjoint, weightOut, window));
    }

    @Override
    public Kernel convolutionWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return convolutions.weightAdjoint(images, adjoint, out, window);
    }

    @Override
    public Kernel depthwise(Tensor images, Tensor weight, Tensor out, Window window) {
        return windowed.depthwise(images, weight, out, window);
    }

    @Override
    public Kernel depthwiseImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return windowed.depthwiseImageAdjoint(adjoint, weight, out, window);
    }

    @Override
    public Kernel depthwiseWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return windowed.depthwiseWeightAdjoint(images, adjoint, out, window);
    }

    @Override
    public Kernel unfold(Tensor images, Window window, Factors scale, Tensor out) {
        return indexed.unfold(images, window, scale, out);
    }

    @Override
    public Kernel scaleRows(Tensor rows, Factors scale, Tensor out) {
        return indexed.scaleRows(rows, scale, out);
    }

    @Override
    public Kernel averagePool(Tensor images, Tensor out, Window window, boolean countPadding) {
        return windowed.averagePool(images, out, window, countPadding);
    }

    @Override
    public Kernel averagePoolAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window, boolean countPadding) {
        return windowed.averagePoolAdjoint(adjoint, out, window, countPadding);
    }

    @Override
    public Kernel maxPool(Tensor images, Tensor out, Indices winners, Window window) {
        return indexed.maxPool(images, out, winners, window);
    }

    @Override
    public Kernel gatherWinners(Tensor in, Indices winners, Tensor out, int stack, int parts) {
        return indexed.gather(in, winners, out, stack);
    }

    @Override
    public Kernel scatterWinners(Tensor in, Indices winners, Tensor out, int parts) {
        return indexed.scatter(in, winners, out);
    }

    @Override
    public Kernel logSoftmax(Tensor in, Tensor out) {
        return arena.bind(
                "reductions", "logSoftmax", in.size(0), 1, Sums.REDUCTION, CudaArena.text(in), in, out, in.size(1));
    }

    @Override
    public Kernel oneHot(Tensor labels, Tensor out) {
        return indexed.oneHot(labels, out);
    }

    @Override
    public Kernel pickRows(Tensor numbers, int rows, String name, Indices out) {
        return indexed.pickRows(numbers, rows, name, out);
    }

    @Override
    public Kernel dropoutMask(DropoutMask operands) {
        return RandomDraws.dropoutMask(arena, operands);
    }

    @Override
    public Kernel labelDraw(LabelDraw operands) {
        return RandomDraws.labels(arena, operands);
    }

    @Override
    public Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        return scalars.adjoint(f, x, y, in, out);
    }

    @Override
    public Kernel scalarAdjointTangents(ScalarFunction.AdjointTangents operands) {
        return scalars.adjointTangents(operands);
    }

    @Override
    public Kernel scalarTangents(ScalarFunction.Tangents operands) {
        return scalars.tangents(operands);
    }

    @Override
    public Kernel scalarSeries(ScalarFunction.Series operands) {
        return scalars.series(operands);
    }

    @Override
    public Kernel logSoftmaxSeries(LogSoftmaxSeries s) {
        int order = s.in().length;
        int classes = s.probabilities().size(1);
        int rows = s.probabilities().size(0);
        int blocks = s.out()[0].length() / classes;
        long numbers = (long) blocks * (order + 1) * classes * Double.BYTES;
        long z = arena.scratch(2 * numbers);
        return arena.bind(
                "series",
                "logSoftmaxSeries",
                blocks,
                1,
                Sums.REDUCTION,
                CudaArena.text(s.probabilities()),
                s.probabilities(),
                ScalarKernels.coefficients(s.in(), s.out()),
                z,
                z + numbers,
                order,
                rows,
                classes);
    }

    @Override
    public Kernel rowDots(double factor, Tensor left, Tensor right, Doubles sums, int... at) {
        return Sums.rowDots(arena, factor, left, right, sums, indices(at));
    }

    @Override
    public Kernel addAt(Tensor values, int[] first, int[] second, Doubles sums) {
        Kernel once = Sums.addAt(arena, values, indices(first), sums);
        return second.length == 0 ? once : Kernel.sequence(once, Sums.addAt(arena, values, indices(second), sums));
    }

    @Override
    public Kernel weightedSums(Tensor weights, Tensor stack, Doubles sums, int at) {
        return Sums.weighted(arena, weights, stack, sums, at);
    }

    @Override
    public Kernel sampleSums(SampleSums operands) {
        return Sums.samples(arena, operands);
    }

    @Override
    public Kernel onHost(int stack, Tensor in, Tensor out, HostStep step) {
        return HostFunctions.onHost(stack, in, out, step);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}

package io.etastar.tensor.loop;

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
import org.apache.commons.numbers.gamma.Erf;

/**
 * The base of backends on the CPU: kernels that are loops over {@link HostMemory}. Sub-classes add matrix products,
 * convolutions and whatever else a native library does faster.
 */
public abstract class CpuKernels implements Kernels {
    /** Whether the JVM has the module; classes that use the Vector API are only loaded if it does. */
    private static final boolean VECTOR_API =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private final DType type;
    private final Map<Scratch, Tensor> scratch = new EnumMap<>(Scratch.class);

    /** @param type precision of every tensor */
    protected CpuKernels(DType type) {
        this.type = type;
    }

    @Override
    public DType type() {
        return type;
    }

    /** Whether loops in single precision run on the Vector API, as they do on Spark's executors. */
    public final boolean vectorised() {
        return type == DType.FLOAT && VECTOR_API;
    }

    @Override
    public Tensor allocateLeaf(int... shape) {
        Tensor tensor = allocate(shape);
        tensor.storage().markLeaf();
        return tensor;
    }

    @Override
    public Indices allocateIndices(int length) {
        return new HostIndices(new int[length]);
    }

    @Override
    public Indices indices(int... values) {
        return new HostIndices(values.clone());
    }

    @Override
    public Doubles allocateDoubles(int length) {
        return new HostDoubles(length);
    }

    @Override
    public Total total(int length, Tensor[] parts, int[] at) {
        return new HostTotal(type, length, parts, at);
    }

    /** Kernels run at once. */
    @Override
    public void synchronise() {}

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

    /** log(1 + exp x) without overflow; the quotient removes the rounding of 1 + e from its logarithm. */
    protected static double softplus(double x) {
        double e = Math.exp(-Math.abs(x));
        double sum = 1 + e;
        return Math.max(x, 0) + (sum == 1 ? e : Math.log(sum) * e / (sum - 1));
    }

    @Override
    public Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        return ElementwiseLoops.map(f, in, out);
    }

    /** The exponential function, to a unit in the last place. */
    protected final Kernel exp(Tensor in, Tensor out) {
        return type == DType.FLOAT ? new FloatExpLoop(in, out) : ElementwiseLoops.map(Math::exp, in, out);
    }

    /** The error function, exact to rounding. */
    protected final Kernel erf(Tensor in, Tensor out) {
        return type == DType.FLOAT ? new FloatErfLoop(in, out) : ElementwiseLoops.map(Erf::value, in, out);
    }

    /** Whether out = left right is a stack of products that {@link #smallProducts} does faster than a native library. */
    protected final boolean hasSmallProducts(Tensor left, boolean transposeLeft, Tensor out) {
        return vectorised()
                && out.shape().length == 3
                && FloatSmallProducts.pays(out.size(1), left.size(transposeLeft ? 1 : 2), out.size(2));
    }

    /** {@link #matmul} of such stacks. */
    protected final Kernel smallProducts(
            Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor out, boolean accumulate) {
        return new FloatSmallProducts(left, transposeLeft, right, transposeRight, out, accumulate);
    }

    @Override
    public Kernel affine(Tensor in, double scale, double shift, Tensor out) {
        return type == DType.FLOAT
                ? ElementwiseLoops.floatAffine(in, (float) scale, (float) shift, out)
                : ElementwiseLoops.affine(in, scale, shift, out);
    }

    @Override
    public Kernel fill(Tensor out, double value) {
        return () -> out.fill(0, out.length(), value);
    }

    @Override
    public Kernel broadcast(Tensor in, Tensor out) {
        return BroadcastLoop.broadcast(in, out);
    }

    @Override
    public Kernel depthwise(Tensor images, Tensor weight, Tensor out, Window window) {
        return vectorised()
                ? FloatDepthwiseLoops.convolution(images, weight, out, window)
                : DepthwiseLoops.convolution(images, weight, out, window);
    }

    @Override
    public Kernel depthwiseImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return vectorised()
                ? FloatDepthwiseLoops.imageAdjoint(adjoint, weight, out, window)
                : DepthwiseLoops.imageAdjoint(adjoint, weight, out, window);
    }

    @Override
    public Kernel depthwiseWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return vectorised()
                ? FloatDepthwiseLoops.weightAdjoint(images, adjoint, out, window)
                : DepthwiseLoops.weightAdjoint(images, adjoint, out, window);
    }

    @Override
    public Kernel unfold(Tensor images, Window window, Factors scale, Tensor out) {
        return new Unfolding(images, window, scale, out);
    }

    @Override
    public Kernel scaleRows(Tensor rows, Factors scale, Tensor out) {
        return RowLoops.scaleRows(rows, scale, out);
    }

    @Override
    public Kernel maxPool(Tensor images, Tensor out, Indices winners, Window window) {
        return type == DType.FLOAT && FloatMaxPoolLoops.pairs(window)
                ? FloatMaxPoolLoops.maxPool(images, out, HostIndices.of(winners))
                : MaxPoolLoops.maxPool(images, out, HostIndices.of(winners), window);
    }

    @Override
    public Kernel gatherWinners(Tensor in, Indices winners, Tensor out, int stack, int parts) {
        return type == DType.FLOAT
                ? FloatMaxPoolLoops.gather(in, HostIndices.of(winners), out, stack, parts)
                : MaxPoolLoops.gather(in, HostIndices.of(winners), out, stack);
    }

    @Override
    public Kernel scatterWinners(Tensor in, Indices winners, Tensor out, int parts) {
        return type == DType.FLOAT
                ? FloatMaxPoolLoops.scatter(in, HostIndices.of(winners), out, parts)
                : MaxPoolLoops.scatter(in, HostIndices.of(winners), out);
    }

    @Override
    public Kernel logSoftmax(Tensor in, Tensor out) {
        return type == DType.FLOAT ? new FloatLogSoftmaxLoop(in, out) : RowLoops.logSoftmax(in, out);
    }

    @Override
    public Kernel oneHot(Tensor labels, Tensor out) {
        return RowLoops.oneHot(labels, out);
    }

    @Override
    public Kernel pickRows(Tensor numbers, int rows, String name, Indices out) {
        return RowLoops.pickRows(numbers, rows, name, HostIndices.of(out));
    }

    @Override
    public Kernel dropoutMask(DropoutMask operands) {
        return new DropoutLoop(operands);
    }

    @Override
    public Kernel labelDraw(LabelDraw operands) {
        return new LabelDrawLoop(operands);
    }

    @Override
    public Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        return type == DType.FLOAT
                ? ElementwiseLoops.floatScalarAdjoint(f, x, y, in, out)
                : ElementwiseLoops.scalarAdjoint(f, x, y, in, out);
    }

    @Override
    public Kernel scalarAdjointTangents(ScalarFunction.AdjointTangents operands) {
        return ElementwiseLoops.scalarAdjointTangents(operands);
    }

    @Override
    public Kernel scalarTangents(ScalarFunction.Tangents operands) {
        return vectorised() ? new FloatScalarTangentsLoop(operands) : new ScalarTangentsLoop(operands);
    }

    @Override
    public Kernel scalarSeries(ScalarFunction.Series operands) {
        return new ScalarSeriesLoop(operands);
    }

    @Override
    public Kernel logSoftmaxSeries(Kernels.LogSoftmaxSeries operands) {
        return new LogSoftmaxSeriesLoop(operands);
    }

    @Override
    public Kernel rowDots(double factor, Tensor left, Tensor right, Doubles sums, int... at) {
        return SumLoops.rowDots(factor, left, right, sums, at);
    }

    @Override
    public Kernel addAt(Tensor values, int[] first, int[] second, Doubles sums) {
        return SumLoops.addAt(values, first, second, sums);
    }

    @Override
    public Kernel weightedSums(Tensor weights, Tensor stack, Doubles sums, int at) {
        return SumLoops.weightedSums(weights, stack, sums, at);
    }

    @Override
    public Kernel sampleSums(SampleSums operands) {
        return SumLoops.samples(operands);
    }

    @Override
    public Kernel onHost(int stack, Tensor in, Tensor out, HostStep step) {
        return RowLoops.onHost(stack, in, out, step);
    }
}

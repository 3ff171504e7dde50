package io.etastar.tensor.loop;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

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
        return DepthwiseLoops.convolution(images, weight, out, window);
    }

    @Override
    public Kernel depthwiseImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return DepthwiseLoops.imageAdjoint(adjoint, weight, out, window);
    }

    @Override
    public Kernel depthwiseWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return DepthwiseLoops.weightAdjoint(images, adjoint, out, window);
    }

    @Override
    public Kernel unfold(Tensor images, Window window, IntToDoubleFunction scale, Tensor out) {
        return new Unfolding(images, window, scale, out);
    }

    @Override
    public Kernel scaleRows(Tensor rows, IntToDoubleFunction scale, Tensor out) {
        return RowLoops.scaleRows(rows, scale, out);
    }

    @Override
    public Kernel maxPool(Tensor images, Tensor out, int[] winners, Window window) {
        return type == DType.FLOAT && FloatMaxPoolLoops.pairs(window)
                ? FloatMaxPoolLoops.maxPool(images, out, winners)
                : MaxPoolLoops.maxPool(images, out, winners, window);
    }

    @Override
    public Kernel gatherWinners(Tensor in, int[] winners, Tensor out, int stack, int parts) {
        return type == DType.FLOAT
                ? FloatMaxPoolLoops.gather(in, winners, out, stack, parts)
                : MaxPoolLoops.gather(in, winners, out, stack);
    }

    @Override
    public Kernel scatterWinners(Tensor in, int[] winners, Tensor out, int parts) {
        return type == DType.FLOAT
                ? FloatMaxPoolLoops.scatter(in, winners, out, parts)
                : MaxPoolLoops.scatter(in, winners, out);
    }

    @Override
    public Kernel logSoftmax(Tensor in, Tensor out) {
        return RowLoops.logSoftmax(in, out);
    }

    @Override
    public Kernel oneHot(Tensor labels, Tensor out) {
        return RowLoops.oneHot(labels, out);
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
    public Kernel rowDots(double factor, Tensor left, Tensor right, double[] out) {
        return RowLoops.rowDots(factor, left, right, out);
    }
}

package io.etastar.tensor.loop;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.LogSoftmaxSeries;
import io.etastar.tensor.ScalarAdjointTangents;
import io.etastar.tensor.ScalarFunction;
import io.etastar.tensor.ScalarSeries;
import io.etastar.tensor.ScalarTangents;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/**
 * The base of backends on the CPU: kernels that are loops over {@link HostMemory}. A native library adds products,
 * convolutions and what else it does faster.
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
    public Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out) {
        return LoopKernels.map(f, in, out);
    }

    @Override
    public Kernel affine(Tensor in, double scale, double shift, Tensor out) {
        return type == DType.FLOAT
                ? FloatLoops.affine(in, (float) scale, (float) shift, out)
                : LoopKernels.affine(in, scale, shift, out);
    }

    @Override
    public Kernel fill(Tensor out, double value) {
        return () -> out.fill(0, out.length(), value);
    }

    @Override
    public Kernel broadcast(Tensor in, Tensor out) {
        return Repeats.broadcast(in, out);
    }

    @Override
    public Kernel depthwise(Tensor images, Tensor weight, Tensor out, Window window) {
        return DepthwiseKernels.convolution(images, weight, out, window);
    }

    @Override
    public Kernel depthwiseImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        return DepthwiseKernels.imageAdjoint(adjoint, weight, out, window);
    }

    @Override
    public Kernel depthwiseWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return DepthwiseKernels.weightAdjoint(images, adjoint, out, window);
    }

    @Override
    public Kernel unfold(Tensor images, Window window, IntToDoubleFunction scale, Tensor out) {
        return new Unfolding(images, window, scale, out);
    }

    @Override
    public Kernel scaleRows(Tensor rows, IntToDoubleFunction scale, Tensor out) {
        return ScaledRows.of(rows, scale, out);
    }

    @Override
    public Kernel maxPool(Tensor images, Tensor out, int[] winners, Window window) {
        return type == DType.FLOAT && FloatPool.pairs(window)
                ? FloatPool.maxPool(images, out, winners)
                : PoolKernels.maxPool(images, out, winners, window);
    }

    @Override
    public Kernel gatherWinners(Tensor in, int[] winners, Tensor out, int stack, int parts) {
        return type == DType.FLOAT
                ? FloatPool.gather(in, winners, out, stack, parts)
                : PoolKernels.gather(in, winners, out, stack);
    }

    @Override
    public Kernel scatterWinners(Tensor in, int[] winners, Tensor out, int parts) {
        return type == DType.FLOAT ? FloatPool.scatter(in, winners, out, parts) : PoolKernels.scatter(in, winners, out);
    }

    @Override
    public Kernel logSoftmax(Tensor in, Tensor out) {
        return LoopKernels.logSoftmax(in, out);
    }

    @Override
    public Kernel oneHot(Tensor labels, Tensor out) {
        return LoopKernels.oneHot(labels, out);
    }

    @Override
    public Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out) {
        return type == DType.FLOAT
                ? FloatLoops.scalarAdjoint(f, x, y, in, out)
                : LoopKernels.scalarAdjoint(f, x, y, in, out);
    }

    @Override
    public Kernel scalarAdjointTangents(ScalarAdjointTangents tangents) {
        return new ScalarAdjointTangentsLoop(tangents);
    }

    @Override
    public Kernel scalarTangents(ScalarTangents tangents) {
        return vectorised() ? new FloatTangents(tangents) : new ScalarTangentsLoop(tangents);
    }

    @Override
    public Kernel scalarSeries(ScalarSeries series) {
        return new ScalarSeriesLoop(series);
    }

    @Override
    public Kernel logSoftmaxSeries(LogSoftmaxSeries series) {
        return new LogSoftmaxSeriesLoop(series);
    }

    @Override
    public Kernel rowDots(double factor, Tensor left, Tensor right, double[] out) {
        return LoopKernels.rowDots(factor, left, right, out);
    }
}

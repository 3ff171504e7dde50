package io.etastar.tensor.nd4j;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.loop.CpuKernels;
import java.util.Locale;

/**
 * Kernels on ND4J's native ops, with the loops of {@link CpuKernels} if ND4J has no op or only a slow one.
 *
 * <p>Matrix products go through the custom op into a preallocated row-major output: about twice the rate of the methods of
 * the array class.
 */
final class Nd4jKernels extends CpuKernels {
    private final Nd4jArena arena;
    private final Nd4jConvolutions convolutions;

    /** @param type precision of every tensor */
    Nd4jKernels(DType type) {
        super(type);
        arena = new Nd4jArena(type);
        convolutions = new Nd4jConvolutions(this, arena);
    }

    @Override
    public Tensor allocate(int... shape) {
        int length = Math.max(1, Shapes.length(shape));
        Tensor tensor = arena.allocate(length, shape);
        tensor.fill(0, length, 0);
        return tensor;
    }

    @Override
    public Kernel map(Unary function, Tensor in, Tensor out) {
        return switch (function) {
            case TANH, SIGMOID -> unary(function.name(), in, out);
            case RELU -> unary("relu", in, out, 0);
            case ELU -> unary("elu", in, out, 1);
            // ND4J's overflows: it computes log(1 + exp x) as it stands.
            case SOFTPLUS -> map(CpuKernels::softplus, in, out);
            case ARCTAN -> map(Math::atan, in, out);
            case ERF -> erf(in, out);
            case EXP -> exp(in, out);
            case LOG -> map(Math::log, in, out);
            case SQUARE -> binary(Binary.MULTIPLY, in, in, out);
        };
    }

    private Kernel unary(String name, Tensor in, Tensor out, double... scalars) {
        return arena.bind(name.toLowerCase(Locale.ROOT), new Tensor[] {flat(in)}, flat(out), scalars);
    }

    @Override
    public Kernel copy(Tensor in, Tensor out) {
        return arena.bind("assign", new Tensor[] {flat(out), flat(in)}, flat(out));
    }

    private static Tensor flat(Tensor tensor) {
        return tensor.view(tensor.length());
    }

    @Override
    public Kernel binary(Binary op, Tensor left, Tensor right, Tensor out) {
        Tensor[] folded = BroadcastAxes.fold(left, right, out);
        return arena.bind(op.name().toLowerCase(Locale.ROOT), new Tensor[] {folded[0], folded[1]}, folded[2]);
    }

    @Override
    public Kernel sum(Tensor in, int[] axes, Tensor out) {
        return Reductions.sum(this, in, axes, out);
    }

    @Override
    public Kernel matmul(
            Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor out, boolean accumulate) {
        if (hasSmallProducts(left, transposeLeft, out)) {
            return smallProducts(left, transposeLeft, right, transposeRight, out, accumulate);
        }
        return arena.bind(
                "matmul",
                new Tensor[] {left, right},
                out,
                new double[] {1, accumulate ? 1 : 0},
                transposeLeft ? 1 : 0,
                transposeRight ? 1 : 0,
                0);
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
    public Kernel convolutionWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        return convolutions.weightAdjoint(images, adjoint, out, window);
    }

    @Override
    public boolean adjointsApart(Window window, int... images) {
        return Nd4jConvolutions.adjointsApart(window, images);
    }

    @Override
    public Kernel convolutionAdjoints(
            Tensor images, Tensor weight, Tensor adjoint, Tensor imagesOut, Tensor weightOut, Window window) {
        return convolutions.adjoints(images, weight, adjoint, imagesOut, weightOut, window);
    }

    @Override
    public Kernel averagePool(Tensor images, Tensor out, Window window, boolean countPadding) {
        return convolutions.averagePool(images, out, window, countPadding);
    }

    @Override
    public Kernel averagePoolAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window, boolean countPadding) {
        return convolutions.averagePoolAdjoint(images, adjoint, out, window, countPadding);
    }

    @Override
    public long bytes() {
        return arena.bytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}

package io.etastar.tensor.nd4j;

import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Shapes;
import io.etastar.tensor.Storage;
import io.etastar.tensor.Tensor;
import io.etastar.tensor.Window;
import io.etastar.tensor.convolution.Convolutions;
import io.etastar.tensor.loop.CpuKernels;
import io.etastar.tensor.loop.HostMemory;
import io.etastar.tensor.loop.LoopKernels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.special.Erf;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The backend on ND4J's native ops, with plain loops ({@link CpuKernels}) where ND4J has no op or only a slow one.
 *
 * <p>Matrix products go through the custom op into a preallocated row-major output: about twice the rate of the methods of
 * the array class.
 */
final class Nd4jKernels extends CpuKernels {
    private static final long NCHW = 0;
    private static final long OUT_IN_ROW_COLUMN = 1;
    private static final double[] NO_SCALARS = {};

    private final List<INDArray> roots = new ArrayList<>();
    private final List<BoundOp> ops = new ArrayList<>();
    private final Map<Storage, INDArray> rootOf = new IdentityHashMap<>();
    private final Map<Tensor, INDArray> arrays = new IdentityHashMap<>();
    private final Convolutions convolutions;
    private long bytes;

    /** @param type precision of every tensor */
    Nd4jKernels(DType type) {
        super(type);
        Nd4jThreads.limitOnce();
        convolutions = new Convolutions(this);
    }

    @Override
    public Tensor allocate(int... shape) {
        int length = Math.max(1, Shapes.length(shape));
        INDArray root = Nd4j.createUninitializedDetached(
                type() == DType.FLOAT ? DataType.FLOAT : DataType.DOUBLE, 'c', new long[] {length});
        roots.add(root);
        bytes += (long) length * type().bytes();
        Storage storage = storage(root.data());
        rootOf.put(storage, root);
        Tensor tensor = new Tensor(storage, 0, shape);
        tensor.fill(0, length, 0);
        return tensor;
    }

    @Override
    public Tensor allocateLeaf(int... shape) {
        Tensor tensor = allocate(shape);
        tensor.storage().markLeaf();
        return tensor;
    }

    private HostMemory storage(DataBuffer buffer) {
        ByteBuffer bytesOf = buffer.pointer().asByteBuffer();
        return HostMemory.of(type(), bytesOf == null ? buffer.asNio() : bytesOf);
    }

    /** The ND4J array of a view; made once, at compile time. */
    private INDArray array(Tensor tensor) {
        return arrays.computeIfAbsent(tensor, this::view);
    }

    private INDArray view(Tensor tensor) {
        long[] sides = Shapes.toLong(tensor.shape());
        DataBuffer data = rootOf.get(tensor.storage()).data();
        return Nd4j.create(data, sides, Nd4j.getStrides(sides, 'c'), tensor.offset(), 'c');
    }

    private INDArray[] arrays(Tensor... tensors) {
        INDArray[] views = new INDArray[tensors.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = array(tensors[i]);
        }
        return views;
    }

    private Kernel bind(String name, Tensor[] inputs, Tensor out, long... integers) {
        return bind(name, inputs, out, NO_SCALARS, integers);
    }

    private Kernel bind(String name, Tensor[] inputs, Tensor out, double[] scalars, long... integers) {
        return bind(new BoundOp(name, arrays(inputs), arrays(out), scalars, integers));
    }

    private Kernel bind(BoundOp op) {
        ops.add(op);
        return op;
    }

    private static Tensor[] of(Tensor... tensors) {
        return tensors;
    }

    @Override
    public Kernel map(Unary function, Tensor in, Tensor out) {
        return switch (function) {
            case TANH, SIGMOID -> unary(function.name(), in, out);
            case RELU -> unary("relu", in, out, 0);
            case ELU -> unary("elu", in, out, 1);
            // ND4J's overflows: log(1 + exp x) as it stands.
            case SOFTPLUS -> map(LoopKernels::softplus, in, out);
            case ARCTAN -> map(Math::atan, in, out);
            case ERF -> map(Erf::erf, in, out);
            case EXP -> map(Math::exp, in, out);
            case LOG -> map(Math::log, in, out);
            case SQUARE -> binary(Binary.MULTIPLY, in, in, out);
        };
    }

    private Kernel unary(String name, Tensor in, Tensor out, double... scalars) {
        return bind(name.toLowerCase(Locale.ROOT), of(flat(in)), flat(out), scalars);
    }

    @Override
    public Kernel copy(Tensor in, Tensor out) {
        return bind("assign", of(flat(out), flat(in)), flat(out));
    }

    @Override
    public Kernel binary(Binary op, Tensor left, Tensor right, Tensor out) {
        String name = switch (op) {
            case ADD -> "add";
            case SUBTRACT -> "subtract";
            case MULTIPLY -> "multiply";
        };
        Tensor[] folded = Broadcasting.fold(left, right, out);
        return bind(name, of(folded[0], folded[1]), folded[2]);
    }

    @Override
    public Kernel sum(Tensor in, int[] axes, Tensor out) {
        return Reductions.sum(this, in, axes, out);
    }

    @Override
    public Kernel matmul(
            Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor out, boolean accumulate) {
        return bind(
                "matmul",
                of(left, right),
                out,
                new double[] {1, accumulate ? 1 : 0},
                transposeLeft ? 1 : 0,
                transposeRight ? 1 : 0,
                0);
    }

    @Override
    public Kernel convolution(Tensor images, Tensor weight, Tensor out, Window window) {
        Kernel own = convolutions.forward(images, weight, out, window);
        if (own != null) {
            return own;
        }
        if (window.dilated()) {
            Tensor spread = allocate(SpreadWeight.shape(weight, window));
            Kernel convolve = convolution(images, spread, out, window.spread());
            return Kernel.sequence(SpreadWeight.spread(weight, spread, window), convolve);
        }
        return bind("conv2d", of(images, weight), out, arguments(window));
    }

    @Override
    public Kernel convolutionImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window) {
        Kernel own = convolutions.imageAdjoint(adjoint, weight, out, window);
        if (own != null) {
            return own;
        }
        if (window.dilated()) {
            Tensor spread = allocate(SpreadWeight.shape(weight, window));
            Kernel project = convolutionImageAdjoint(adjoint, spread, out, window.spread());
            return Kernel.sequence(SpreadWeight.spread(weight, spread, window), project);
        }
        if (window.transposes(out.size(2), out.size(3))) {
            // A transposed convolution gives the image adjoint alone: conv2d_bp would make the weight's too.
            return bind("deconv2d", of(adjoint, weight), out, arguments(window));
        }
        Tensor unusedWeight = allocate(weight.shape());
        return convolutionAdjoints(allocate(out.shape()), weight, adjoint, out, unusedWeight, window);
    }

    @Override
    public Kernel convolutionWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window) {
        Kernel own = convolutions.weightAdjoint(images, adjoint, out, window);
        if (own != null) {
            return own;
        }
        if (window.dilated()) {
            Tensor spread = allocate(SpreadWeight.shape(out, window));
            Kernel project = convolutionWeightAdjoint(images, adjoint, spread, window.spread());
            return Kernel.sequence(project, SpreadWeight.gather(spread, out, window));
        }
        if (window.unit() && window.transposes(images.size(2), images.size(3))) {
            return swappedConvolution(images, adjoint, out, window);
        }
        Tensor unusedImages = allocate(images.shape());
        return convolutionAdjoints(images, allocate(out.shape()), adjoint, unusedImages, out, window);
    }

    @Override
    public boolean adjointsApart(Window window, int... images) {
        return window.dilated() || window.unit() && window.transposes(images[2], images[3]);
    }

    @Override
    public Kernel convolutionAdjoints(
            Tensor images, Tensor weight, Tensor adjoint, Tensor imagesOut, Tensor weightOut, Window window) {
        return bind(new BoundOp(
                "conv2d_bp",
                arrays(images, weight, adjoint),
                arrays(imagesOut, weightOut),
                new double[] {},
                arguments(window)));
    }

    /**
     * The weight adjoint as a convolution with batch and channels swapped: images [C, N, H, W] with the adjoint
     * [M, N, oH, oW] as its kernel. Four times faster than conv2d_bp, which also makes the image adjoint.
     */
    private Kernel swappedConvolution(Tensor images, Tensor adjoint, Tensor out, Window window) {
        Tensor swappedImages = allocate(swapped(images));
        Tensor swappedAdjoint = allocate(swapped(adjoint));
        Tensor swappedOut = allocate(swapped(out));
        int[] kernel = {adjoint.size(2), adjoint.size(3)};
        Window wide = new Window(kernel, new int[] {1, 1}, window.padding(), new int[] {1, 1}, false);
        Kernel before = swapAxes(images, swappedImages);
        Kernel beside = swapAxes(adjoint, swappedAdjoint);
        Kernel convolve = convolution(swappedImages, swappedAdjoint, swappedOut, wide);
        Kernel after = swapAxes(swappedOut, out);
        return Kernel.sequence(before, beside, convolve, after);
    }

    private static int[] swapped(Tensor tensor) {
        return new int[] {tensor.size(1), tensor.size(0), tensor.size(2), tensor.size(3)};
    }

    private Kernel swapAxes(Tensor in, Tensor out) {
        INDArray order = Nd4j.createFromArray(1L, 0L, 2L, 3L);
        roots.add(order);
        return bind(new BoundOp(
                "permute",
                new INDArray[] {array(in), order},
                new INDArray[] {array(out)},
                new double[] {},
                new long[] {}));
    }

    @Override
    public Kernel averagePool(Tensor images, Tensor out, Window window, boolean countPadding) {
        return bind("avgpool2d", of(images), out, poolArguments(window, countPadding));
    }

    @Override
    public Kernel averagePoolAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window, boolean countPadding) {
        return bind("avgpool2d_bp", of(images, adjoint), out, poolArguments(window, countPadding));
    }

    private static Tensor flat(Tensor tensor) {
        return tensor.view(tensor.length());
    }

    private static long[] arguments(Window w) {
        return new long[] {
            w.kernel()[0],
            w.kernel()[1],
            w.stride()[0],
            w.stride()[1],
            w.padding()[0],
            w.padding()[1],
            w.dilation()[0],
            w.dilation()[1],
            w.same() ? 1 : 0,
            NCHW,
            OUT_IN_ROW_COLUMN
        };
    }

    private static long[] poolArguments(Window w, boolean countPadding) {
        if (w.dilated()) {
            throw new IllegalArgumentException("average pooling has no dilation");
        }
        long[] arguments = Arrays.copyOf(arguments(w), 11);
        arguments[9] = countPadding ? 1 : 0;
        arguments[10] = NCHW;
        return arguments;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        ops.forEach(BoundOp::close);
        ops.clear();
        arrays.clear();
        rootOf.clear();
        roots.forEach(INDArray::close);
        roots.clear();
    }
}

package io.etastar.tensor;

import java.util.function.DoubleUnaryOperator;

/**
 * A factory of tensors and of bound operations on them: all that the engine asks of a backend.
 *
 * <p>Everything is allocated and bound when a method here is called; {@link Kernel#run()} allocates nothing. Outputs are
 * overwritten unless a method says that they are added to, and must not overlap inputs unless it says that they may. One
 * instance serves one program and one thread at a time.
 *
 * <p>A backend may put kernels off: they run in the order in which they were asked to, and what is written to a tensor from
 * outside comes in that order. Only after {@link #synchronise} can results be read. Arrays of {@code int} given to a method must
 * not change.
 */
public interface Kernels extends AutoCloseable {
    /** Unary functions that every backend has. */
    enum Unary {
        TANH,
        SIGMOID,
        RELU,
        ELU,
        SOFTPLUS,
        ARCTAN,
        ERF,
        EXP,
        LOG,
        SQUARE
    }

    /** Binary operations with broadcasting. */
    enum Binary {
        ADD,
        SUBTRACT,
        MULTIPLY
    }

    /** Precision of every tensor made here. */
    DType type();

    /** A zero tensor. */
    Tensor allocate(int... shape);

    /**
     * A zero tensor that changes only through {@link Tensor#write(RawArray, int, int, int)}, never through a kernel: values
     * that kernels derive from it are kept until the next write.
     */
    Tensor allocateLeaf(int... shape);

    /** Indices that kernels write, or the program while it runs; zero at first. */
    Indices allocateIndices(int length);

    /** Indices that never change. */
    Indices indices(int... values);

    /** Zeros in double precision, whatever {@link #type} is. */
    Doubles allocateDoubles(int length);

    /**
     * The sum over micro-batches of what tensors hold, as one array in the precision of {@link #type}.
     *
     * @param length of the array
     * @param parts tensors that are added, each in one stretch of the array
     * @param at where the stretches begin
     */
    Total total(int length, Tensor[] parts, int[] at);

    /**
     * Waits until all kernels that were asked to have run.
     *
     * @throws IllegalArgumentException if one of them met a number in the data that is no index, unless its run has thrown that
     */
    void synchronise();

    /** Uses of {@link #scratch}. */
    enum Scratch {
        PRODUCT,
        PROJECTED,
        PART,
        SLOPE,
        TILES_READ,
        TILES_WRITTEN,
        TILES_WEIGHT
    }

    /**
     * A tensor of undefined content that shares its memory with all others of the same use: its content must be read before
     * another tensor of that use is written.
     */
    Tensor scratch(Scratch use, int... shape);

    /** out = f(in), elementwise; out may be in. */
    Kernel map(Unary function, Tensor in, Tensor out);

    /** out = f(in), elementwise, for a function given in Java; out may be in. */
    Kernel map(DoubleUnaryOperator f, Tensor in, Tensor out);

    /** out = scale * in + shift, elementwise; out may be in. */
    Kernel affine(Tensor in, double scale, double shift, Tensor out);

    /** out = in, same length. */
    Kernel copy(Tensor in, Tensor out);

    /** out = value everywhere. */
    Kernel fill(Tensor out, double value);

    /** out = in, repeated along the axes in which in has length 1 and out has more; both have the same rank. */
    Kernel broadcast(Tensor in, Tensor out);

    /** out = left op right with axes aligned at the end; out may be an operand of the same shape. */
    Kernel binary(Binary op, Tensor left, Tensor right, Tensor out);

    /** out = sum of in over {@code axes}; out holds the remaining axes in order. */
    Kernel sum(Tensor in, int[] axes, Tensor out);

    /**
     * out = A B, or out += A B, with A = left or its transpose, B likewise; all matrices, or all stacks of as many matrices
     * along a first axis, multiplied one by one.
     *
     * @param accumulate whether to add to {@code out}
     */
    Kernel matmul(
            Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor out, boolean accumulate);

    /** out = images [N, C, H, W] * weight [M, C, kH, kW] (cross-correlation), [N, M, oH, oW]. */
    Kernel convolution(Tensor images, Tensor weight, Tensor out, Window window);

    /** out = adjoint of the convolution with respect to the images, from adjoint [N, M, oH, oW]. */
    Kernel convolutionImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window);

    /**
     * Whether one adjoint of a convolution over images of this shape is less work than both.
     *
     * @param images [N, C, H, W]
     */
    boolean adjointsApart(Window window, int... images);

    /**
     * Both adjoints of a convolution in one kernel.
     *
     * @param imagesOut adjoint of the images; overwritten
     * @param weightOut adjoint of the weight; overwritten
     */
    Kernel convolutionAdjoints(
            Tensor images, Tensor weight, Tensor adjoint, Tensor imagesOut, Tensor weightOut, Window window);

    /** out = adjoint of the convolution with respect to the weight, from adjoint [N, M, oH, oW]. */
    Kernel convolutionWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window);

    /**
     * out = every channel of images [N, C, H, W] convolved with its own M kernels, weight [kH, kW, C, M]; channel c M + m of out
     * [N, C M, oH, oW].
     */
    Kernel depthwise(Tensor images, Tensor weight, Tensor out, Window window);

    /** out = adjoint of {@link #depthwise} with respect to the images. */
    Kernel depthwiseImageAdjoint(Tensor adjoint, Tensor weight, Tensor out, Window window);

    /** out = adjoint of {@link #depthwise} with respect to the weight. */
    Kernel depthwiseWeightAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window);

    /**
     * out = the numbers under each window, times a factor of each image: entry (c kH + y) kW + x, n oH oW + position is what
     * element (y, x) of the window at that position meets in channel c of image n. Padding is 0.
     *
     * @param images [N, C, H, W]
     * @param scale factors of the images; an image with factor 0 is not read
     * @param out [C kH kW, N oH oW], or one row more that becomes the factors
     */
    Kernel unfold(Tensor images, Window window, Factors scale, Tensor out);

    /**
     * out = rows [N, width], each times a factor.
     *
     * @param scale factors of the rows; a row with factor 0 is not read
     * @param out [N, width], or one column more that becomes the factors
     */
    Kernel scaleRows(Tensor rows, Factors scale, Tensor out);

    /**
     * out = mean over each window, which must be dense.
     *
     * @param countPadding whether zeros of the padding count in the mean's divisor
     */
    Kernel averagePool(Tensor images, Tensor out, Window window, boolean countPadding);

    /** out = adjoint of {@link #averagePool} from adjoint [N, C, oH, oW]; images give only the shape. */
    Kernel averagePoolAdjoint(Tensor images, Tensor adjoint, Tensor out, Window window, boolean countPadding);

    /**
     * out = largest element of each window; winners = its index in all images, the first of equal ones. Each window must
     * overlap the image.
     *
     * @param winners one for each element of out; overwritten
     */
    Kernel maxPool(Tensor images, Tensor out, Indices winners, Window window);

    /**
     * out[k, i] = in[k, winners[i]] for K stacked batches of images: the winners' own values.
     *
     * @param stack number of stacked batches that share the winners
     * @param parts equal parts of a batch that winners stay in, such as its images; 1 if they may lie anywhere
     */
    Kernel gatherWinners(Tensor in, Indices winners, Tensor out, int stack, int parts);

    /** out = 0, then out[winners[i]] += in[i]: the adjoint of {@link #gatherWinners} for one batch. */
    Kernel scatterWinners(Tensor in, Indices winners, Tensor out, int parts);

    /** out = log softmax of each row of in, [rows, classes]. */
    Kernel logSoftmax(Tensor in, Tensor out);

    /**
     * out = 1 at the label's column of each row, else 0; labels [rows], out [rows, classes]. Running it or {@link #synchronise}
     * throws {@link OutOfRange#label} if a label is not a column.
     */
    Kernel oneHot(Tensor labels, Tensor out);

    /**
     * Which elements of a table [rows, width] lie in rows that numbers pick: out[i width + j] = numbers[i] width + j. Running it or
     * {@link #synchronise} throws {@link OutOfRange#row} if a number is no row.
     *
     * @param rows of the table
     * @param name of the variable, for the message
     * @param out one for each element picked; overwritten
     */
    Kernel pickRows(Tensor numbers, int rows, String name, Indices out);

    /** A mask of dropout; see {@link DropoutMask}. */
    Kernel dropoutMask(DropoutMask operands);

    /** The adjoint of outputs for labels that are drawn from them; see {@link LabelDraw}. */
    Kernel labelDraw(LabelDraw operands);

    /** out = in f'(x) elementwise: the adjoint of y = f(x); out may be in. */
    Kernel scalarAdjoint(ScalarFunction f, Tensor x, Tensor y, Tensor in, Tensor out);

    /** The tangent of an adjoint through y = f(x) along one direction; see {@link ScalarFunction.AdjointTangents}. */
    Kernel scalarAdjointTangents(ScalarFunction.AdjointTangents operands);

    /** The chain rule through y = f(x) along K stacked directions; see {@link ScalarFunction.Tangents}. */
    Kernel scalarTangents(ScalarFunction.Tangents operands);

    /** A truncated power series through y = f(x) along K stacked directions; see {@link ScalarFunction.Series}. */
    Kernel scalarSeries(ScalarFunction.Series operands);

    /**
     * Operands of a truncated power series through log softmax of rows of C logits, along K stacked directions: out =
     * z - logsumexp(z), coefficient by coefficient.
     *
     * @param probabilities softmax of the logits' values [N, C]
     * @param in coefficients z_1 .. z_d of the logits, [K, N, C] each; null is zero
     * @param out coefficients of the result, [K, N, C] each; overwritten
     */
    record LogSoftmaxSeries(Tensor probabilities, Tensor[] in, Tensor[] out) {}

    /** A truncated power series through log softmax along K stacked directions; see {@link LogSoftmaxSeries}. */
    Kernel logSoftmaxSeries(LogSoftmaxSeries operands);

    /**
     * sums[at[k]] += factor sum_i left[k, i] right[k, i] for K stacked rows, in double precision.
     *
     * @param right K rows, or one row used for all
     * @param at K different elements of {@code sums}
     */
    Kernel rowDots(double factor, Tensor left, Tensor right, Doubles sums, int... at);

    /**
     * sums[first[i]] += values[i] for each element of values, then sums[second[i]] += values[i].
     *
     * @param first different elements of {@code sums}
     * @param second different elements, or an empty array
     */
    Kernel addAt(Tensor values, int[] first, int[] second, Doubles sums);

    /**
     * sums[at + k] += weights[i] stack[k, i] for i = 0, 1, ..., in this order; rows of weight 0 are not read.
     *
     * @param weights [N]
     * @param stack [K, N]
     */
    Kernel weightedSums(Tensor weights, Tensor stack, Doubles sums, int at);

    /** Adds a micro-batch's weights, losses and hits to sums; see {@link SampleSums}. */
    Kernel sampleSums(SampleSums operands);

    /** One step of {@link #onHost}. */
    @FunctionalInterface
    interface HostStep {
        /** Reads {@code in} and overwrites {@code out}, which holds zeros. */
        void run(double[] in, double[] out);
    }

    /**
     * out[k] = step of in[k], for a stack of inputs: Java code that someone else brought. A backend whose memory is not the
     * host's fetches the input and brings the output back.
     */
    Kernel onHost(int stack, Tensor in, Tensor out, HostStep step);

    /** Bytes of native memory allocated here. */
    long bytes();

    /** Frees every tensor made here. */
    @Override
    void close();
}

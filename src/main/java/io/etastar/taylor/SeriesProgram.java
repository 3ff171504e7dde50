package io.etastar.taylor;

import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.SymmetricIndices;
import io.etastar.quantity.TaylorTerms;
import io.etastar.taylor.graph.Accumulator;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Node;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.taylor.graph.SeriesEmitter;
import io.etastar.tensor.Backend;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Doubles;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A model compiled for derivatives of any order d: truncated power series pushed forward along K stacked directions at once.
 * One thread at a time.
 *
 * <p>With x_0 its value, every node carries the Taylor coefficients x_1 .. x_d of t -> x(theta + t v) for each direction v.
 * There is no reverse sweep. The tensor of order d comes from C(S + d - 1, d) directions (see {@link Interpolation}), in
 * chunks of K over the same rows. Parts u_s are scaled by powers of two to norms near 1 on the way, so that neither single
 * precision nor the interpolation suffers from parts of very different lengths; results are those of the u given.
 *
 * <p>All results are sums over the rows asked for, each times its weight; any number of rows works. Micro-batches and dropout are
 * those of {@link Program#summary}.
 */
public final class SeriesProgram implements PointProgram {
    private final SeriesSize size;
    private final int order;
    private final SymmetricIndices indices;
    private final Interpolation interpolation;
    private final Kernels kernels;
    private final ForwardPass pass;
    private final DirectionStacks directions;
    private final List<Kernel> series;
    /** Sums of the loss's coefficients 1 .. d behind the first K, for each direction. */
    private final Doubles totals;
    /** What the last run found: sums of the loss's coefficients 0 .. d, for each of the K directions. */
    private final double[][] sums;

    private SeriesProgram(Model model, Kernels kernels, Partition partition, int order, SeriesSize size) {
        this.kernels = kernels;
        this.order = order;
        this.size = size;
        indices = partition == null ? null : new SymmetricIndices(partition.size(), order);
        interpolation = partition == null ? null : new Interpolation(indices);
        sums = new double[order + 1][size.directions()];
        ProgramGraph graph = Program.graph(model, size.batch(), null);
        Emitter emitter = graph.emitter(kernels, new Accumulator(kernels, 0));
        pass = new ForwardPass(graph, emitter);
        directions = new DirectionStacks(model.layout(), partition, pass.parameters, emitter, size.directions(), order);
        SeriesEmitter seriesEmitter = new SeriesEmitter(emitter, size.directions(), order);
        graph.ops().stream()
                .filter(op -> op.output().active)
                .forEach(op -> op.rule().series(op, seriesEmitter));
        totals = kernels.allocateDoubles((order + 1) * size.directions());
        addCoefficients(graph.node(model.loss()), emitter);
        series = emitter.take();
    }

    /** Emits what adds the loss's coefficients, each row's times its weight. */
    private void addCoefficients(Node loss, Emitter emitter) {
        Tensor weights = emitter.buffers().adjoint(loss);
        Tensor[] coefficients = emitter.buffers().series(loss);
        for (int k = 1; k <= order; k++) {
            if (coefficients[k - 1] != null) {
                emitter.emit(kernels.weightedSums(weights, coefficients[k - 1], totals, k * size.directions()));
            }
        }
    }

    /**
     * Compiles {@code model}.
     *
     * @param type precision of all arithmetic but the sums
     * @param microBatch rows processed at once; 0 picks a number
     * @param partition subsets of the tensor, or null for a program of Taylor terms alone
     * @param order d, at least 1
     * @return a program that the caller closes
     * @throws UserError if an op has no series to that order, the tensor would have more entries than
     *     {@link SymmetricIndices#MOST}, or the graph is at fault
     */
    public static SeriesProgram compile(Model model, DType type, int microBatch, Partition partition, int order) {
        int count = partition == null ? 1 : new SymmetricIndices(partition.size(), order).count();
        SeriesSize size = SeriesSize.of(model, type, microBatch, count, order);
        Kernels kernels = Backend.installed().kernels(type);
        try {
            return new SeriesProgram(model, kernels, partition, order, size);
        } catch (RuntimeException e) {
            throw Closing.after(e, kernels::close);
        }
    }

    /**
     * A size of micro-batch that suits caches and memory and splits {@code rows} evenly. Of no effect on results but for
     * rounding. A model that mixes rows is not split, as in {@link Program#automaticBatch}.
     *
     * @param rows most rows of one call
     */
    public static int automaticBatch(Model model, DType type, int order, int rows) {
        return SeriesSize.batch(model, type, order, rows);
    }

    /** Bytes of native memory held. */
    public long bytes() {
        return kernels.bytes();
    }

    /**
     * Copies theta [P], flat in layout order, in; zero before the first call.
     *
     * @throws IllegalArgumentException here and below if the length is not P
     */
    @Override
    public void setParameters(RawArray theta) {
        pass.setParameters(theta);
    }

    /** Copies the direction u [P] in; zero before the first call. */
    @Override
    public void setDirection(RawArray direction) {
        pass.requireLength(direction);
        directions.set(direction);
    }

    /** Switches dropout on, with the masks that {@link Program#setSeed} draws. */
    @Override
    public void setSeed(long seed) {
        pass.samples.dropout().seed(seed);
    }

    /** Makes dropout the identity again. */
    @Override
    public void clearSeed() {
        pass.samples.dropout().unseed();
    }

    /** f^(k)(0), k = 0 .. d, of f(t) = L(theta + t u), summed over {@code rows}. */
    public TaylorTerms terms(Shard shard, int[] rows) {
        double scale = directions.scale();
        double[] factors = new double[directions.parts()];
        for (int k = 0; k < size.directions(); k++) {
            Arrays.fill(factors, k == 0 ? scale : 0);
            directions.write(k, factors);
        }
        double samples = run(shard, rows);
        double[] derivatives = new double[order + 1];
        double factor = 1;
        for (int k = 0; k <= order; k++) {
            derivatives[k] = factor * sums[k][0];
            factor *= (k + 1) / scale;
        }
        return new TaylorTerms(samples, derivatives);
    }

    /**
     * All derivatives of order d in the subsets' rates, summed over {@code rows}.
     *
     * @throws IllegalStateException if the program was compiled without a partition
     */
    public DerivativeTensor derivatives(Shard shard, int[] rows) {
        if (indices == null) {
            throw new IllegalStateException("the program was compiled without a partition");
        }
        double[] coefficients = new double[indices.count()];
        double samples = 0;
        int[] index = indices.first();
        for (int from = 0; from < coefficients.length; from += size.directions()) {
            int count = Math.min(size.directions(), coefficients.length - from);
            for (int k = 0; k < size.directions(); k++) {
                directions.write(k, k < count ? factors(index) : new double[directions.parts()]);
                indices.next(index);
            }
            samples = run(shard, rows);
            System.arraycopy(sums[order], 0, coefficients, from, count);
        }
        double[] entries = interpolation.entries(coefficients);
        Arrays.fill(index, 0);
        for (int i = 0; i < entries.length; i++) {
            for (int s : index) {
                entries[i] /= directions.scale(s);
            }
            indices.next(index);
        }
        return new DerivativeTensor(samples, sums[0][0], indices, entries);
    }

    /** Each scaled part as often as {@code index} names it. */
    private double[] factors(int... index) {
        double[] factors = new double[directions.parts()];
        for (int s : index) {
            factors[s] += directions.scale(s);
        }
        return factors;
    }

    /** Fills {@link #sums} along the directions last written; returns the sum of the rows' weights. */
    private double run(Shard shard, int[] rows) {
        totals.clear();
        pass.begin();
        for (int from = 0; from < rows.length; from += size.batch()) {
            pass.run(shard, rows, from, true);
            series.forEach(Kernel::run);
            pass.addLosses();
        }
        LossSum sum = pass.end();
        double[] found = totals.toDoubles();
        for (int k = 1; k <= order; k++) {
            System.arraycopy(found, k * size.directions(), sums[k], 0, size.directions());
        }
        Arrays.fill(sums[0], 0);
        sums[0][0] = sum.loss();
        return sum.samples();
    }

    /** Frees the native buffers. */
    @Override
    public void close() {
        kernels.close();
    }
}

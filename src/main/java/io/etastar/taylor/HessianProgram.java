package io.etastar.taylor;

import io.etastar.UserError;
import io.etastar.data.Shard;
import io.etastar.graph.Model;
import io.etastar.partition.Partition;
import io.etastar.partition.Partitions;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.LossSum;
import io.etastar.taylor.graph.Accumulator;
import io.etastar.taylor.graph.Emitter;
import io.etastar.taylor.graph.Op;
import io.etastar.taylor.graph.ProgramGraph;
import io.etastar.tensor.Backend;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.Kernel;
import io.etastar.tensor.Kernels;
import io.etastar.tensor.RawArray;
import io.etastar.tensor.Total;
import java.util.ArrayList;
import java.util.List;

/**
 * A model compiled for exact products of its full Hessian [P, P] with vectors: a forward and a reverse sweep as for a
 * gradient, and the tangents of both along the vector. One thread at a time; two to three gradients' time.
 *
 * <p>Micro-batches, rows' weights and dropout are those of {@link Program#gradient}.
 */
public final class HessianProgram implements PointProgram {
    private final Kernels kernels;
    private final int batch;
    private final ForwardPass pass;
    private final List<Kernel> run;
    private final Total product;

    private HessianProgram(Model model, Kernels kernels, int batch) {
        this.kernels = kernels;
        this.batch = batch;
        ProgramGraph graph = Program.graph(model, batch, all(model));
        Emitter emitter = graph.emitter(kernels, new Accumulator(kernels, 0));
        pass = new ForwardPass(graph, emitter);
        List<Op> active = graph.ops().stream().filter(op -> op.output().active).toList();
        for (int i = active.size() - 1; i >= 0; i--) {
            active.get(i).rule().reverse(active.get(i), emitter);
        }
        run = new ArrayList<>(emitter.withoutParameters());
        emitter.take();
        firstTangents(active, emitter);
        emitter.buffers().beginSecondSweep();
        for (int i = active.size() - 1; i >= 0; i--) {
            active.get(i).rule().adjointTangents(active.get(i), emitter);
        }
        run.addAll(emitter.take());
        product = pass.adjoints();
    }

    /** One direction for all parameters. */
    private static Partition all(Model model) {
        return Partitions.parse("trivial", model.layout());
    }

    /** Emits first tangents only for outputs that a nonlinear op reads; a summary reads second tangents there. */
    private static void firstTangents(List<Op> active, Emitter emitter) {
        List<Op> needed =
                active.stream().filter(op -> emitter.needsSecond(op.output())).toList();
        emitter.useFirstTangentsAlone(true);
        emitter.keepTangents();
        needed.forEach(op -> op.rule().firstTangents(op, emitter));
    }

    /**
     * Compiles {@code model}.
     *
     * @param type precision of all arithmetic
     * @param microBatch rows processed at once; 0 picks one from the working set
     * @param rows most rows of one call, for {@code microBatch} 0
     * @return a program that the caller closes
     * @throws UserError if an op has no rule, shapes do not fit, or the graph lacks a variable that the model names
     */
    public static HessianProgram compile(Model model, DType type, int microBatch, int rows) {
        int batch = microBatch > 0 ? microBatch : Program.automaticBatch(model, type, all(model), rows);
        Kernels kernels = Backend.installed().kernels(type);
        try {
            return new HessianProgram(model, kernels, Program.isScalarLoss(model) ? 1 : batch);
        } catch (RuntimeException e) {
            throw Closing.after(e, kernels::close);
        }
    }

    /** Bytes of native memory held. */
    public long bytes() {
        return kernels.bytes();
    }

    /**
     * Copies theta [P], flat in layout order, in; zero before the first call.
     *
     * @throws IllegalArgumentException if the length is not P
     */
    @Override
    public void setParameters(RawArray theta) {
        pass.setParameters(theta);
    }

    /**
     * Copies the vector v [P] in; zero before the first call.
     *
     * @throws IllegalArgumentException if the length is not P
     */
    @Override
    public void setDirection(RawArray direction) {
        pass.setDirection(direction);
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

    /**
     * Loss and H v [P] summed over {@code rows}, each times its weight, at the parameters and vector last set; a new array in
     * the program's precision.
     *
     * @throws IllegalArgumentException if rows have another length than the model reads, or a class index is out of
     *     range
     */
    public HessianVectorSum hessianVector(Shard shard, int[] rows) {
        product.clear();
        pass.begin();
        for (int from = 0; from < rows.length; from += batch) {
            pass.run(shard, rows, from, true);
            run.forEach(Kernel::run);
            product.add();
            pass.addLosses();
        }
        LossSum sum = pass.end();
        return new HessianVectorSum(sum, product.take());
    }

    /** Frees the native buffers. */
    @Override
    public void close() {
        kernels.close();
    }
}
